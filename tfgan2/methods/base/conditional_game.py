"""The base class of methods that learn from labelled samples and generate a requested class."""

import abc

import keras

from tfgan2.errors import ArgumentError
from tfgan2.losses.adversarial import logistic
from tfgan2.losses.verdicts import verdicts
from tfgan2.methods.base.families import network_of
from tfgan2.methods.base.generative_game import GenerativeGame


class ConditionalGame(GenerativeGame):
    """A class-conditional generator, and a discriminator with more outputs than its logit.

    The generator's input is a latent vector followed by a one-hot label. In training the labels of generated samples
    are uniform over the classes of the data.

    Args:
      generator: Network: [n, latent_dim + K], latents and one-hot labels -> samples.
      discriminator: Network: samples -> [logits [n, 1], one output [n, K] for each of `label_heads`].
      classes: Labels of the data. An empty tuple is all K.
      target_classes: Labels to draw where a user requests none. An empty tuple is all `classes`.
      discriminator_steps: Updates of the discriminator in one step. Each one has samples of its own.
      prior: Distribution of the latents: "normal" N(0, I) or "uniform" U[-1, 1]^d.
      seed: Seed of the random numbers that training draws.

    Raises:
      ArgumentError: a value is out of range, or the discriminator has no such class.
    """

    batch_keys = ("real", "labels")
    learns_every_class = True
    choice = "label"

    label_heads = ()
    """Outputs of the discriminator beside its logit."""

    def __init__(self, generator, discriminator, classes, target_classes, *, discriminator_steps, prior, seed):
        super().__init__({"generator": generator, "discriminator": discriminator}, prior=prior, seed=seed)
        self.discriminator_steps = discriminator_steps
        self.class_count = discriminator.output_shape[1][-1]
        self.offered_choices = self._checked("classes", classes) or tuple(range(self.class_count))
        self.target_classes = self._checked("target_classes", target_classes)

    @classmethod
    def make_networks(cls, family, shape, *, classes, arguments):
        return [
            network_of(family, "conditional_generator", shape, classes, output_shape=shape),
            network_of(family, "conditional_discriminator", shape, classes, cls.label_heads),
        ]

    @property
    def players(self):
        return {"discriminator": ["discriminator"], "generator": ["generator"]}

    @property
    def latent_dim(self):
        return super().latent_dim - self.class_count

    def train_step(self, batch):
        batches = self.discriminator_batches(batch["real"], batch["labels"])
        rows = batches[0][0].shape[0]
        report = self.update_discriminator(
            (*each, *self._labelled_latents(f"_{index}", rows)) for index, each in enumerate(batches)
        )
        return report | self.minimize("generator", self.generator_loss, *self._labelled_latents("", rows))

    @property
    def sampled_choices(self):
        return self.target_classes or self.offered_choices

    def generate(self, latents):
        return self.generator(self.with_labels(*latents), training=False)

    def with_labels(self, latents, labels):
        """The generator's input: latents [n, latent_dim], then the one-hot rows of labels, integers [n]."""
        return keras.ops.concatenate([latents, keras.ops.one_hot(labels, self.class_count)], axis=1)

    def score(self, samples):
        return self.discriminator(samples, training=False)[0]

    @abc.abstractmethod
    def discriminator_loss(self, real, labels, latents, fake_labels):
        """The discriminator's loss on real samples with labels and generated samples with labels."""

    @abc.abstractmethod
    def generator_loss(self, latents, fake_labels):
        """The generator's loss, given latents with one-hot labels and the labels, int32 [n]."""

    def judge(self, samples):
        """The discriminator's outputs in training mode."""
        return self.discriminator(samples, training=True)

    def logits(self, samples):
        """The discriminator's logits [n, 1], in training mode."""
        return self.judge(samples)[0]

    @staticmethod
    def adversarial_terms(real_logits, fake_logits):
        """The logistic loss and the terms to report with it."""
        return logistic.discriminator(real_logits, fake_logits), verdicts(real_logits, fake_logits)

    def _labelled_latents(self, suffix, count):
        """Random latents with one-hot labels [count, latent_dim + K], and the labels, int32 [count]."""
        labels = self.random_choices(f"labels{suffix}", count)
        return self.with_labels(self.random_latents(f"latents{suffix}", count), labels), labels

    def _checked(self, name, classes):
        for label in classes:
            if not 0 <= label < self.class_count:
                labels = f"made of the discriminator's classes, 0 to {self.class_count - 1}"
                raise ArgumentError(name, classes, labels)
        return tuple(map(int, classes))
