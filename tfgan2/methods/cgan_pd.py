"""The conditional GAN with a projection discriminator (Miyato and Koyama, 2018)."""

from typing import Literal

import tensorflow as tf

from tfgan2.checks import check_choices
from tfgan2.losses.adversarial import logistic
from tfgan2.losses.classification import projected
from tfgan2.methods.base.conditional_game import ConditionalGame


class CGANPD(ConditionalGame):
    """A discriminator that judges samples together with their labels, by projection: a baseline of Rumi-GAN.

    Its logit is that of the sample plus the inner product of the sample's features with an embedding of the label.

    Args:
      generator: latents with one-hot labels [n, latent_dim + K] -> samples.
      discriminator: samples -> [logits [n, 1], projections on every label [n, K]].
      classes: labels of the data; empty is all.
      target_classes: classes that are sampled where none is asked for; empty is all.
      discriminator_steps: discriminator updates in each step, each on samples of its own.
      prior: distribution of the latents, "normal" or "uniform" U[-1, 1]^d.
      seed: of the random numbers drawn in training.
    """

    label_heads = ("projection",)

    def __init__(
        self,
        generator,
        discriminator,
        classes=(),
        target_classes=(),
        *,
        discriminator_steps: int = 1,
        prior: Literal["normal", "uniform"] = "normal",
        seed: int = 0,
    ):
        common = {"discriminator_steps": discriminator_steps, "prior": prior, "seed": seed}
        super().__init__(generator, discriminator, classes, target_classes, **common)
        check_choices(CGANPD.__init__, prior=prior)

    def discriminator_loss(self, real, labels, latents, fake_labels):
        real_logits = projected(*self.judge(real), labels)
        fake_logits = projected(*self.judge(self.generator(latents, training=True)), fake_labels)
        return self.adversarial_terms(real_logits, fake_logits)

    def generator_loss(self, latents, fake_labels):
        return logistic.generator(projected(*self.judge(self.generator(latents, training=True)), fake_labels)), {}

    def score(self, samples):
        """The mean logit [n, 1] of samples with each of the target classes, in inference mode."""
        logits, projections = self.discriminator(samples, training=False)
        return logits + tf.reduce_mean(tf.gather(projections, self.sampled_choices, axis=1), axis=1, keepdims=True)
