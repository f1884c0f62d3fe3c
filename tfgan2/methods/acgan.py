"""Auxiliary classifiers: ACGAN (Odena, Olah and Shlens, 2017) and TAC-GAN (Gong et al., 2019)."""

from typing import Literal

from tfgan2.losses.adversarial import logistic
from tfgan2.losses.classification import class_loss
from tfgan2.methods.base.conditional_game import ConditionalGame
from tfgan2.ranges import NonNegative, Repeats, Seed


class ACGAN(ConditionalGame):
    """A class-conditional generator, and a discriminator that also classifies: a baseline of Rumi-GAN.

    Both players minimise the cross-entropy of the classes, the discriminator on real and on generated samples.

    Args:
      generator: Network: latents with one-hot labels [n, latent_dim + K] -> samples.
      discriminator: Network: samples -> [logits [n, 1], logits of classes [n, K]].
      classes: Labels of the data. An empty tuple is all K.
      target_classes: Labels to draw where a user requests none. An empty tuple is all `classes`.
      class_weight: Weight of the cross-entropies.
      discriminator_steps: Updates of the discriminator in one step. Each one has samples of its own.
      prior: Distribution of the latents: "normal" N(0, I) or "uniform" U[-1, 1]^d.
      seed: Seed of the random numbers that training draws.
    """

    label_heads = ("classes",)

    def __init__(
        self,
        generator,
        discriminator,
        classes=(),
        target_classes=(),
        *,
        class_weight: NonNegative = 1.0,
        discriminator_steps: Repeats = 1,
        prior: Literal["normal", "uniform"] = "normal",
        seed: Seed = 0,
    ):
        common = {"discriminator_steps": discriminator_steps, "prior": prior, "seed": seed}
        super().__init__(generator, discriminator, classes, target_classes, **common)
        self.class_weight = class_weight

    def discriminator_loss(self, real, labels, latents, fake_labels):
        fake = self.generator(latents, training=True)
        real_logits, real_classes = self.judge(real)
        fake_logits, fake_classes = self.judge(fake)
        loss, terms = self.adversarial_terms(real_logits, fake_logits)
        terms["real_class_loss"] = class_loss(real_classes, labels)
        terms["fake_class_loss"] = class_loss(fake_classes, fake_labels)
        loss += self.class_weight * (terms["real_class_loss"] + terms["fake_class_loss"])
        return self.regularized(loss, terms, (self.logits, real), (self.logits, fake))

    def generator_loss(self, latents, fake_labels):
        logits, classes = self.judge(self.generator(latents, training=True))
        named = class_loss(classes, fake_labels)
        return logistic.generator(logits) + self.class_weight * named, {"class_loss": named}


class TACGAN(ConditionalGame):
    """ACGAN with a twin classifier of generated samples, an adversary of the generator: a baseline of Rumi-GAN.

    The classifier learns from real samples alone, the twin from generated samples alone. The generator lowers the
    cross-entropy of the classifier and raises that of the twin. So it matches the class distributions of the data, and
    does not shrink them to the samples that the classifier is sure of. Rumi-GAN's code trains the classifier on
    generated samples, too. Then both classifiers agree, the generator's two terms cancel, and the generator ignores the
    labels.

    Args:
      generator: Network: latents with one-hot labels [n, latent_dim + K] -> samples.
      discriminator: Network: samples -> [logits [n, 1], logits of classes [n, K], logits of the twin [n, K]].
      classes: Labels of the data. An empty tuple is all K.
      target_classes: Labels to draw where a user requests none. An empty tuple is all `classes`.
      class_weight: Weight of the cross-entropies.
      discriminator_steps: Updates of the discriminator in one step. Each one has samples of its own.
      prior: Distribution of the latents: "normal" N(0, I) or "uniform" U[-1, 1]^d.
      seed: Seed of the random numbers that training draws.
    """

    label_heads = ("classes", "twin_classes")

    def __init__(
        self,
        generator,
        discriminator,
        classes=(),
        target_classes=(),
        *,
        class_weight: NonNegative = 2.0,
        discriminator_steps: Repeats = 1,
        prior: Literal["normal", "uniform"] = "normal",
        seed: Seed = 0,
    ):
        common = {"discriminator_steps": discriminator_steps, "prior": prior, "seed": seed}
        super().__init__(generator, discriminator, classes, target_classes, **common)
        self.class_weight = class_weight

    def discriminator_loss(self, real, labels, latents, fake_labels):
        fake = self.generator(latents, training=True)
        real_logits, real_classes, _ = self.judge(real)
        fake_logits, _, fake_twin = self.judge(fake)
        loss, terms = self.adversarial_terms(real_logits, fake_logits)
        terms["real_class_loss"] = class_loss(real_classes, labels)
        terms["twin_class_loss"] = class_loss(fake_twin, fake_labels)
        loss += self.class_weight * (terms["real_class_loss"] + terms["twin_class_loss"])
        return self.regularized(loss, terms, (self.logits, real), (self.logits, fake))

    def generator_loss(self, latents, fake_labels):
        logits, classes, twin = self.judge(self.generator(latents, training=True))
        terms = {"class_loss": class_loss(classes, fake_labels), "twin_class_loss": class_loss(twin, fake_labels)}
        named = terms["class_loss"] - terms["twin_class_loss"]
        return logistic.generator(logits) + self.class_weight * named, terms
