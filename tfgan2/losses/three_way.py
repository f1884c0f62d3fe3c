"""Losses of a discriminator that sees positive, negative and generated samples (Rumi-GAN, NeurIPS 2020).

The generator shall make what is like the positives and leave out what is like the negatives. Both kinds of real samples
have a weight in the discriminator's loss; that of the generated ones is 1, but for the Wasserstein loss.
"""

from collections.abc import Callable
from typing import NamedTuple

import tensorflow as tf


class ThreeWayLoss(NamedTuple):
    """The terms of what discriminator and generator minimise, element by element and without weights.

    Attributes:
      positive: the discriminator's outputs for positive samples -> terms of its loss, of the same shape.
      negative: the same of negative samples.
      fake: the same of generated samples.
      target: outputs for generated samples -> terms of the generator's loss.
      fake_weights: (weight of positives, weight of negatives) -> the parts of the weight of `fake` and `target` that go
        with the positives and with the negatives.
    """

    positive: Callable[[tf.Tensor], tf.Tensor]
    negative: Callable[[tf.Tensor], tf.Tensor]
    fake: Callable[[tf.Tensor], tf.Tensor]
    target: Callable[[tf.Tensor], tf.Tensor]
    fake_weights: Callable[[float, float], tuple[float, float]] = lambda positive_weight, negative_weight: (0.5, 0.5)

    def discriminator(self, positive, negative, fake, *, positive_weight, negative_weight):
        """The discriminator's loss, a scalar.

        Without one kind of real samples it is a part of the loss. The part without negatives and the part without
        positives add up to the loss of both, so that updates by the parts in turn play the same game.

        Args:
          positive: outputs for positive samples, of any shape; None leaves out their term and the part of the generated
            samples' weight that goes with it.
          negative: the same for negative samples.
          fake: outputs for generated samples.
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

        The paper's has terms of the real samples, too, which do not depend on the generator. They would cost two more
        passes through the discriminator, so they are left out.

        Args:
          fake: outputs for generated samples, of any shape.
          positive_weight: as for the discriminator.
          negative_weight: as for the discriminator.
        """
        return sum(self.fake_weights(positive_weight, negative_weight)) * tf.reduce_mean(self.target(fake))


def least_squares(*, positive_label, negative_label, fake_label, generator_label):
    """Rumi-LSGAN, Eq. 3 and 4: squared distances from the labels b+, b-, a and, for the generator, c.

    Args:
      positive_label: b+, what the discriminator shall say of positive samples.
      negative_label: b-, what it shall say of negative ones.
      fake_label: a, what it shall say of generated ones.
      generator_label: c, what the generator wants it to say.
    """
    labels = (positive_label, negative_label, fake_label, generator_label)
    return ThreeWayLoss(*(_distance_from(label) for label in labels))


def variational(divergence):
    """The rule of Rumi-SGAN for any f-divergence: negative samples join the generated ones.

    The discriminator minimises -alpha+ E_{p+}[g(v)] + E_{pg}[f*(g(v))] + alpha- E_{p-}[f*(g(v))] over its logit v, the
    generator -E_{pg}[g(v)], which does not saturate. With the divergence `gan` this is Rumi-SGAN, Eq. 1.

    Args:
      divergence: a `Divergence`.
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

It needs a gradient penalty and positives that weigh more than negatives. Generated samples that match are distributed
as (alpha+ p+ - alpha- p-) / (alpha+ - alpha-), where that is not negative.
"""
