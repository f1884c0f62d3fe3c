"""The base class of methods with a generator and a discriminator for each part of the data."""

import numpy as np
import tensorflow as tf

from tfgan2.errors import ArgumentError
from tfgan2.losses.adversarial import ADVERSARIAL_LOSSES
from tfgan2.losses.verdicts import verdicts
from tfgan2.methods.base.generative_game import GenerativeGame
from tfgan2.methods.base.latents import draw_weighted_choices


class PartitionedGame(GenerativeGame):
    """A generator and a discriminator that are conditioned on the partition of a sample.

    Generated samples are requested in the partitions of the real ones. Users request a sample by its partition, or draw
    the partition in proportion to its share of the data.

    Args:
      networks: Role -> network: "generator", which maps (latents [n, latent_dim], partitions int32 [n]) to samples,
        "discriminator", which maps samples to logits [n, k], one for each partition, and others.
      partitions: Number of partitions k.
      loss: Name in `ADVERSARIAL_LOSSES`.
      discriminator_steps: Updates of the discriminator in one step. Each one has samples of its own.
      prior: Distribution of the latents: "normal" N(0, I) or "uniform" U[-1, 1]^d.
      seed: Seed of the random numbers that training draws, in [0, 2^31).

    Raises:
      ArgumentError: a value is out of range, or the discriminator has another number of logits.
    """

    choice = "partition"

    def __init__(self, networks, *, partitions, loss, discriminator_steps, prior, seed):
        super().__init__(networks, prior=prior, seed=seed)
        self.partitions = partitions
        self.check_outputs("discriminator")
        self.adversarial_loss = ADVERSARIAL_LOSSES[loss]
        self.discriminator_steps = discriminator_steps
        even = tf.fill([partitions], 1.0 / partitions)
        aggregation = tf.VariableAggregation.ONLY_FIRST_REPLICA
        self.shares = tf.Variable(even, trainable=False, name="shares", aggregation=aggregation)

    def check_outputs(self, role):
        """Raises ArgumentError if a network has another number of outputs than there are partitions."""
        width = self.networks[role].output_shape[-1]
        if width != self.partitions:
            raise ArgumentError("partitions", self.partitions, f"{width}, the number of outputs of the {role}")

    @property
    def players(self):
        return {"discriminator": ["discriminator"], "generator": ["generator"]}

    def check_samples(self, samples):
        if self.partitions > samples.size:
            raise ArgumentError("partitions", self.partitions, f"at most {samples.size}, the samples of {samples.name}")

    def share_out(self, numbers):
        """Sets `shares` to the share of the data in each partition, from the partition of each sample, integers."""
        counts = np.bincount(numbers, minlength=self.partitions)
        self.shares.assign((counts / counts.sum()).astype(np.float32))

    # The step.

    def partitioned_draws(self, real, partitions):
        """(real samples, their partitions, latents) for each update of the discriminator in one step."""
        return [
            (samples, own, self.random_latents(f"latents_{index}", samples.shape[0]))
            for index, (samples, own) in enumerate(self.discriminator_batches(real, partitions))
        ]

    def discriminator_loss(self, real, partitions, latents):
        """The adversarial loss of each sample's logit for its own partition."""
        fake = self.generator((latents, partitions), training=True)
        real_logits = self.judge(real, partitions)
        fake_logits = self.judge(fake, partitions)
        loss = self.adversarial_loss.discriminator(real_logits, fake_logits)
        terms = verdicts(real_logits, fake_logits, self.adversarial_loss.boundary)
        own_logits = lambda samples: self.judge(samples, partitions)  # noqa: E731
        return self.regularized(loss, terms, (own_logits, real), (own_logits, fake))

    def judge(self, samples, partitions):
        """The discriminator's logits [n] of samples in partitions [n], in training mode."""
        return tf.gather(self.discriminator(samples, training=True), partitions, axis=1, batch_dims=1)

    # What users call.

    @property
    def offered_choices(self):
        """The partitions that have data."""
        return tuple(tf.where(self.shares.value() > 0.0)[:, 0].numpy().tolist())

    def choices(self, seed, count, choice=-1):
        """As in the base class, but a partition is drawn in proportion to its share of the data."""
        choice = tf.cast(choice, tf.int32)
        return tf.where(choice < 0, draw_weighted_choices(seed, count, self.shares), choice)

    def score(self, samples):
        """The mean of the logits [n, 1] of samples for all partitions, weighted by `shares`."""
        return tf.linalg.matvec(self.discriminator(samples, training=False), self.shares)[:, None]

    def state(self):
        return super().state() | {"shares": self.shares}
