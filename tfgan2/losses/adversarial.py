"""Adversarial losses of the discriminator's and of the generator's logits.

Every loss takes logits of any shape and returns a scalar mean.
"""

from collections.abc import Callable
from typing import NamedTuple

import tensorflow as tf


class AdversarialLoss(NamedTuple):
    """The losses that the two players minimise.

    Attributes:
      discriminator: (real_logits, fake_logits) -> scalar.
      generator: (fake_logits) -> scalar.
      boundary: The logit above which the discriminator calls a sample real; None if only differences of logits count.
        Reports and adaptive augmentation take the side of a logit from it.
    """

    discriminator: Callable[[tf.Tensor, tf.Tensor], tf.Tensor]
    generator: Callable[[tf.Tensor], tf.Tensor]
    boundary: float | None = 0.0


def _logistic_discriminator(real_logits, fake_logits):
    return tf.reduce_mean(tf.nn.softplus(-real_logits)) + tf.reduce_mean(tf.nn.softplus(fake_logits))


def _logistic_generator(fake_logits):
    return tf.reduce_mean(tf.nn.softplus(-fake_logits))


def _saturating_generator(fake_logits):
    return -tf.reduce_mean(tf.nn.softplus(fake_logits))


def _hinge_discriminator(real_logits, fake_logits):
    return tf.reduce_mean(tf.nn.relu(1.0 - real_logits)) + tf.reduce_mean(tf.nn.relu(1.0 + fake_logits))


def _negative_mean(fake_logits):
    return -tf.reduce_mean(fake_logits)


def _least_squares_discriminator(real_logits, fake_logits):
    return tf.reduce_mean(tf.square(real_logits - 1.0)) + tf.reduce_mean(tf.square(fake_logits))


def _least_squares_generator(fake_logits):
    return tf.reduce_mean(tf.square(fake_logits - 1.0))


def _wasserstein_discriminator(real_logits, fake_logits):
    return tf.reduce_mean(fake_logits) - tf.reduce_mean(real_logits)


logistic = AdversarialLoss(_logistic_discriminator, _logistic_generator)
"""Cross-entropy with the non-saturating generator (Goodfellow et al., 2014)."""

saturating = AdversarialLoss(_logistic_discriminator, _saturating_generator)
"""Cross-entropy with the generator's minimax loss log(1 - D). Its gradient vanishes where D is near 0."""

hinge = AdversarialLoss(_hinge_discriminator, _negative_mean)
"""Hinge loss (Lim and Ye, 2017; used by SN-GAN)."""

least_squares = AdversarialLoss(_least_squares_discriminator, _least_squares_generator, boundary=0.5)
"""LSGAN with the targets 0 for fake, 1 for real, and 1 for the generator (Mao et al., 2017, without the factor 1/2)."""

wasserstein = AdversarialLoss(_wasserstein_discriminator, _negative_mean, boundary=None)
"""Difference of means (Arjovsky et al., 2017). It needs a gradient penalty or a spectral norm."""

ADVERSARIAL_LOSSES = {
    "logistic": logistic,
    "saturating": saturating,
    "hinge": hinge,
    "least_squares": least_squares,
    "wasserstein": wasserstein,
}
"""Losses of single logits. Each method offers some of them by its argument `loss`; `relativistic.py` compares pairs."""
