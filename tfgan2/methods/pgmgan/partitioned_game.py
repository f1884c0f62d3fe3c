"""What a trained mixture of one generator per partition offers: samples by partition, rejection, scores."""

import numpy as np
import tensorflow as tf

from tfgan2.errors import ArgumentError
from tfgan2.layers.spectral import converge
from tfgan2.methods.base.generative_game import GenerativeGame
from tfgan2.methods.base.latents import draw_weighted_choices
from tfgan2.methods.base.prepared import Grouping
from tfgan2.methods.pgmgan.rejection import redraw, which_are_inside

_ROUND = 1 << 32  # added to the seed of the latents, below 2^31, in each further round


class PartitionedGame(GenerativeGame):
    """A game with samples that users request by partition. `PGMGAN` trains it.

    Args:
      networks: Role -> network: "generator", "discriminator" and, unless partitions are fixed, "partitioner".
      partitions: Number of partitions k.
      fixed_partitions: Source of each sample's partition: "random" or "labels"; None for a partitioner.
      rejection_rounds: Largest number of draws of a sample; see `redraw`.
      prior: Distribution of the latents: "normal" N(0, I) or "uniform" U[-1, 1]^d.
      seed: Seed of the random numbers that training draws, in [0, 2^31).
    """

    choice = "partition"

    def __init__(self, networks, *, partitions, fixed_partitions, rejection_rounds, prior, seed):
        super().__init__(networks, prior=prior, seed=seed)
        self.partitions = partitions
        self.fixed_partitions = fixed_partitions
        self.rejection_rounds = rejection_rounds
        self.array_keys = ("labels",) if fixed_partitions else ()
        self.batch_keys = ("real", *self.array_keys)
        even = tf.fill([partitions], 1.0 / partitions)
        aggregation = tf.VariableAggregation.ONLY_FIRST_REPLICA
        self.shares = tf.Variable(even, trainable=False, name="shares", aggregation=aggregation)
        specs = tf.TensorSpec([None, self.latent_dim], tf.float32), tf.TensorSpec([None], tf.int32)
        # Traced once for all numbers of samples.
        self._inside = tf.function(self.inside, input_signature=specs, autograph=False)

    # What comes before training.

    def check_samples(self, samples):
        if self.partitions > samples.size and self.fixed_partitions != "labels":
            raise ArgumentError("partitions", self.partitions, f"at most {samples.size}, the samples of {samples.name}")

    def learn_from(self, game, samples):
        """Takes over the partitioner of the last stage, and the share of the data in each partition."""
        if self.fixed_partitions is None:
            converge(game.partitioner)  # bounds the norms of the weights after the last update
            numbers = samples.mapped(game.partition)
            self.partitioner.set_weights(game.partitioner.get_weights())
        else:
            numbers = self.arrays_of(samples)["labels"]
        counts = np.bincount(numbers, minlength=self.partitions)
        self.shares.assign((counts / counts.sum()).astype(np.float32))
        return Grouping(numbers, self.partitions)

    def arrays_of(self, samples):
        """The fixed partition of each sample."""
        if self.fixed_partitions == "labels":
            return {"labels": samples.labels}
        numbers = np.random.default_rng(self.seed).integers(self.partitions, size=samples.size)
        return {"labels": numbers.astype(np.int32)}

    def partition(self, samples):
        """The partition of each sample, int32 [n], by the partitioner."""
        return tf.argmax(self.partitioner(samples, training=False), axis=1, output_type=tf.int32)

    # What users call.

    @property
    def offered_choices(self):
        """The partitions that have data."""
        return tuple(tf.where(self.shares.value() > 0.0)[:, 0].numpy().tolist())

    @property
    def choices_are_classes(self):
        return self.fixed_partitions == "labels"

    def choices(self, seed, count, choice=-1):
        """As in the base class, but a partition is drawn in proportion to its share of the data."""
        choice = tf.cast(choice, tf.int32)
        return tf.where(choice < 0, draw_weighted_choices(seed, count, self.shares), choice)

    def drawn(self, seed, count, choice=-1):
        """As in the base class. Latents are redrawn until their samples lie in their partition; see `redraw`."""
        latents, partitions = super().drawn(seed, count, choice)
        if "partitioner" not in self.networks:
            return latents, partitions
        seed = tf.cast(seed, tf.int64)

        def draw_round(round_):
            return self.truncated_latents(seed + round_ * _ROUND, count)

        options = {"draw": draw_round, "inside": self._inside, "rounds": self.rejection_rounds}
        return redraw(latents, partitions, **options), partitions

    def inside(self, latents, partitions):
        """Whether each sample lies in its own partition, booleans [n]."""
        return which_are_inside(self, latents, partitions)

    def acceptance_rate(self, seed, count):
        """Share of samples that lie in their own partition at the first draw."""
        return float(tf.reduce_mean(tf.cast(self._inside(*super().drawn(seed, count)), tf.float32)))

    def score(self, samples):
        """The logit [n, 1] of samples for their own partition; without a partitioner the mean weighted by `shares`."""
        logits = self.discriminator(samples, training=False)
        if "partitioner" not in self.networks:
            return tf.linalg.matvec(logits, self.shares)[:, None]
        return tf.gather(logits, self.partition(samples), axis=1, batch_dims=1)[:, None]

    def state(self):
        return super().state() | {"shares": self.shares}
