"""The conditional GAN with a projection discriminator (Miyato and Koyama, 2018)."""

from typing import Literal

import tensorflow as tf

from tfgan2.losses.adversarial import logistic
from tfgan2.losses.classification import projected
from tfgan2.methods.base.conditional_game import ConditionalGame
from tfgan2.ranges import Repeats, Seed


class CGANPD(ConditionalGame):
    """A discriminator of samples with their labels, by projection: a baseline of Rumi-GAN.

    Its logit is that of the sample plus the inner product of the sample's features with an embedding of the label.

    Args:
      generator: Network: latents with one-hot labels [n, latent_dim + K] -> samples.
      discriminator: Network: samples -> [logits [n, 1], projections on every label [n, K]].
      classes: Labels of the data. An empty tuple is all K.
      target_classes: Labels to draw where a user requests none. An empty tuple is all `classes`.
      discriminator_steps: Updates of the discriminator in one step. Each one has samples of its own.
      prior: Distribution of the latents: "normal" N(0, I) or "uniform" U[-1, 1]^d.
      seed: Seed of the random numbers that training draws.
    """

    label_heads = ("projection",)

    def __init__(
        self,
        generator,
        discriminator,
        classes=(),
        target_classes=(),
        *,
        discriminator_steps: Repeats = 1,
        prior: Literal["normal", "uniform"] = "normal",
        seed: Seed = 0,
    ):
        common = {"discriminator_steps": discriminator_steps, "prior": prior, "seed": seed}
        super().__init__(generator, discriminator, classes, target_classes, **common)

    def discriminator_loss(self, real, labels, latents, fake_labels):
        fake = self.generator(latents, training=True)
        loss, terms = self.adversarial_terms(self.label_logits(real, labels), self.label_logits(fake, fake_labels))
        return self.regularized(
            loss,
            terms,
            (lambda samples: self.label_logits(samples, labels), real),
            (lambda samples: self.label_logits(samples, fake_labels), fake),
        )

    def generator_loss(self, latents, fake_labels):
        return logistic.generator(self.label_logits(self.generator(latents, training=True), fake_labels)), {}

    def label_logits(self, samples, labels):
        """The logits [n, 1] of samples with labels, int32 [n], in training mode."""
        return projected(*self.judge(samples), labels)

    def score(self, samples):
        """The mean over the target classes of the logits [n, 1], in inference mode."""
        logits, projections = self.discriminator(samples, training=False)
        return logits + tf.reduce_mean(tf.gather(projections, self.sampled_choices, axis=1), axis=1, keepdims=True)
