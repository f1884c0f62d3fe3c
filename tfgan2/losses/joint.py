"""Losses of pairs (x, E(x)), called real, and pairs (G(z), z), called fake (LOGAN, AAAI 2018).

Every function takes the discriminator's logits l, of any shape, and returns a scalar mean. Without an encoder the
logits are those of x and G(z) alone.
"""

from collections.abc import Callable
from typing import NamedTuple

import tensorflow as tf

from tfgan2.losses import adversarial


class JointLoss(NamedTuple):
    """The losses that the three players minimise.

    Attributes:
      discriminator: (real_logits, fake_logits) -> scalar.
      generator: (fake_logits) -> scalar. The generator moves the pairs (G(z), z) only.
      encoder: (real_logits) -> scalar. The encoder moves the pairs (x, E(x)) only.
      boundary: See `AdversarialLoss`.
    """

    discriminator: Callable[[tf.Tensor, tf.Tensor], tf.Tensor]
    generator: Callable[[tf.Tensor], tf.Tensor]
    encoder: Callable[[tf.Tensor], tf.Tensor]
    boundary: float | None = 0.0


def _lol2_discriminator(real_logits, fake_logits):
    return tf.reduce_mean(tf.square(tf.sigmoid(-real_logits))) + tf.reduce_mean(tf.square(tf.sigmoid(fake_logits)))


def _least_squares_encoder(real_logits):
    return tf.reduce_mean(tf.square(real_logits))


lol1 = JointLoss(adversarial.logistic.discriminator, adversarial.wasserstein.generator, tf.reduce_mean)
"""Cross-entropy for the discriminator. The others minimise the logit loss E[l(x, E(x))] - E[l(G(z), z)].

The logit loss does not saturate. At the discriminator's optimum l = log p_E - log p_G, and the loss is the Jeffreys
divergence of the pairs.
"""

lol2 = JointLoss(_lol2_discriminator, lol1.generator, lol1.encoder)
"""Least squares on probabilities, E[(1 - sigmoid(l_real))^2] + E[sigmoid(l_fake)^2], and the logit loss.

It has the optimum of `lol1`. Its derivative by a logit is at most 8/27, at a probability of 2/3 for the wrong answer.
"""

vanilla = JointLoss(
    adversarial.logistic.discriminator,
    adversarial.logistic.generator,
    lambda real_logits: adversarial.logistic.generator(-real_logits),
)
"""Cross-entropy for all players, non-saturating (BiGAN; Donahue et al., 2017)."""

wasserstein = JointLoss(adversarial.wasserstein.discriminator, lol1.generator, lol1.encoder, boundary=None)
"""Differences of means. It needs a gradient penalty and several discriminator updates."""

least_squares = JointLoss(
    adversarial.least_squares.discriminator,
    adversarial.least_squares.generator,
    _least_squares_encoder,
    adversarial.least_squares.boundary,
)
"""Least squares on the logits: the encoder's target of real pairs is 0, the generator's target of fake pairs is 1."""

JOINT_LOSSES = {
    "lol1": lol1,
    "lol2": lol2,
    "vanilla": vanilla,
    "wasserstein": wasserstein,
    "least_squares": least_squares,
}
