"""What a trained PGMGAN offers: partitions by a partitioner, and rejection of samples outside of their own."""

import numpy as np
import tensorflow as tf

from tfgan2.layers.spectral import converge
from tfgan2.methods.base.partitioned_game import PartitionedGame
from tfgan2.methods.base.prepared import Grouping
from tfgan2.methods.pgmgan.rejection import redraw, which_are_inside

_ROUND = 1 << 32  # added to the seed of the latents, below 2^31, in each further round


class RejectingGame(PartitionedGame):
    """A game with partitions by a partitioner, or fixed ones. `PGMGAN` trains it.

    Args:
      networks: Role -> network: "generator", "discriminator" and, unless partitions are fixed, "partitioner".
      fixed_partitions: Source of each sample's partition: "random" or "labels"; None for a partitioner.
      rejection_rounds: Largest number of draws of a sample; see `redraw`.
      **common: Arguments of `PartitionedGame`.
    """

    def __init__(self, networks, *, fixed_partitions, rejection_rounds, **common):
        super().__init__(networks, **common)
        if "partitioner" in networks:
            self.check_outputs("partitioner")
        self.fixed_partitions = fixed_partitions
        self.rejection_rounds = rejection_rounds
        self.array_keys = ("labels",) if fixed_partitions else ()
        self.batch_keys = ("real", *self.array_keys)
        specs = tf.TensorSpec([None, self.latent_dim], tf.float32), tf.TensorSpec([None], tf.int32)
        # Traced once for all numbers of samples.
        self._inside = tf.function(self.inside, input_signature=specs, autograph=False)

    # What comes before training.

    def check_samples(self, samples):
        if self.fixed_partitions != "labels":
            super().check_samples(samples)

    def learn_from(self, game, samples):
        """Takes over the partitioner of the last stage, and the share of the data in each partition."""
        if self.fixed_partitions is None:
            converge(game.partitioner)  # bounds the norms of the weights after the last update
            numbers = samples.mapped(game.partition)
            self.partitioner.set_weights(game.partitioner.get_weights())
        else:
            numbers = self.arrays_of(samples)["labels"]
        self.share_out(numbers)
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
    def choices_are_classes(self):
        return self.fixed_partitions == "labels"

    @property
    def rejects(self):
        return "partitioner" in self.networks and self.rejection_rounds > 1

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
        if "partitioner" not in self.networks:
            return super().score(samples)
        logits = self.discriminator(samples, training=False)
        return tf.gather(logits, self.partition(samples), axis=1, batch_dims=1)[:, None]
