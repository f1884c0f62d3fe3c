"""Losses of a discriminator of positive, negative and generated samples (Rumi-GAN, NeurIPS 2020).

The generator learns the positives' distribution and avoids the negatives. Positive and negative samples have a weight
in the discriminator's loss. The weight of generated samples is 1, except in the Wasserstein loss.
"""

from collections.abc import Callable
from typing import NamedTuple

import tensorflow as tf


class ThreeWayLoss(NamedTuple):
    """The terms of the discriminator's and the generator's losses, element by element and without weights.

    Attributes:
      positive: Discriminator's outputs for positive samples -> terms of its loss, of the same shape.
      negative: The same for negative samples.
      fake: The same for generated samples.
      target: Discriminator's outputs for generated samples -> terms of the generator's loss.
      fake_weights: (positive weight, negative weight) -> the two parts of the weight of `fake` and `target`, one for
        the positives and one for the negatives.
    """

    positive: Callable[[tf.Tensor], tf.Tensor]
    negative: Callable[[tf.Tensor], tf.Tensor]
    fake: Callable[[tf.Tensor], tf.Tensor]
    target: Callable[[tf.Tensor], tf.Tensor]
    fake_weights: Callable[[float, float], tuple[float, float]] = lambda positive_weight, negative_weight: (0.5, 0.5)

    def discriminator(self, positive, negative, fake, *, positive_weight, negative_weight):
        """The discriminator's loss, a scalar.

        Without one kind of real samples the result is a part of the loss. The part without negatives and the part
        without positives add up to the loss with both. So alternating updates play the same game.

        Args:
          positive: Outputs for positive samples, of any shape. None omits their term and their part of the generated
            samples' weight.
          negative: The same for negative samples.
          fake: Outputs for generated samples.
          positive_weight: alpha+ or beta+.
          negative_weight: alpha- or beta-.
        """
        real = ((positive_weight, self.positive, positive), (negative_weight, self.negative, negative))
        fake_weight, loss = 0.0, 0.0
        parts = zip(real, self.fake_weights(positive_weight, negative_weight), strict=True)
        for (weight, term, outputs), part_of_fakes in parts:
            if outputs is not None:
                loss += weight * tf.reduce_mean(term(outputs))
                fake_weight += part_of_fakes
        return loss + fake_weight * tf.reduce_mean(self.fake(fake))

    def generator(self, fake, *, positive_weight, negative_weight):
        """The generator's loss, a scalar.

        The paper's loss has terms of the real samples, too. They do not depend on the generator and would cost two more
        passes through the discriminator, so they are omitted.

        Args:
          fake: Outputs for generated samples, of any shape.
          positive_weight: alpha+ or beta+.
          negative_weight: alpha- or beta-.
        """
        return sum(self.fake_weights(positive_weight, negative_weight)) * tf.reduce_mean(self.target(fake))


def least_squares(*, positive_label, negative_label, fake_label, generator_label):
    """Rumi-LSGAN (Eq. 3 and 4): squared distances from the labels b+, b-, a and, for the generator, c.

    Args:
      positive_label: b+, the discriminator's target of positive samples.
      negative_label: b-, its target of negative samples.
      fake_label: a, its target of generated samples.
      generator_label: c, the generator's target of its samples.
    """
    labels = (positive_label, negative_label, fake_label, generator_label)
    return ThreeWayLoss(*(_distance_from(label) for label in labels))


def variational(divergence):
    """The rule of Rumi-SGAN for any f-divergence: negative samples count as generated ones.

    The discriminator minimises -alpha+ E_{p+}[g(v)] + E_{pg}[f*(g(v))] + alpha- E_{p-}[f*(g(v))] over its logit v. The
    generator minimises the non-saturating -E_{pg}[g(v)]. The divergence `gan` gives Rumi-SGAN (Eq. 1).

    Args:
      divergence: A `Divergence`.
    """
    return ThreeWayLoss(
        positive=lambda logits: -divergence.activation(logits),
        negative=divergence.conjugate,
        fake=divergence.conjugate,
        target=lambda logits: -divergence.activation(logits),
    )


def _distance_from(label):
    return lambda outputs: tf.square(outputs - label)


wasserstein = ThreeWayLoss(
    positive=tf.negative,
    negative=tf.identity,
    fake=tf.identity,
    target=tf.negative,
    fake_weights=lambda positive_weight, negative_weight: (positive_weight, -negative_weight),
)
"""Rumi-WGAN: -alpha+ (E_{p+} D - E_{pg} D) + alpha- (E_{p-} D - E_{pg} D), and its negative for the generator.

It needs a gradient penalty and alpha+ > alpha-. At the solution the generator's distribution is
(alpha+ p+ - alpha- p-) / (alpha+ - alpha-), where that is not negative.
"""
