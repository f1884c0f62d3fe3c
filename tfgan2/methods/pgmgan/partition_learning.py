"""Partitioners: learn a partition of the data space from neighbours or from the labels of a clustering (PGMGAN)."""

import functools
from typing import Literal

import tensorflow as tf

from tfgan2.layers.views import NOISE, Augmentations, check_augmentations, view
from tfgan2.losses.classification import class_loss
from tfgan2.losses.partition import neighbor_loss
from tfgan2.methods.base.game import Game
from tfgan2.ranges import NonNegative, Seed, UnitInterval


class PartitionGame(Game):
    """A partitioner S = softmax(f): the probabilities of a sample to belong to each of k partitions.

    Args:
      partitioner: Network: samples -> logits f [n, k].
      seed: Seed of the random numbers that training draws.
    """

    roles = ("partitioner",)
    averaged_roles = ("partitioner",)

    def __init__(self, partitioner, *, seed):
        super().__init__({"partitioner": partitioner}, seed=seed)

    @property
    def players(self):
        return {"partitioner": ["partitioner"]}

    def partition(self, samples):
        """The partition of each sample, int32 [n], in inference mode: the first largest logit."""
        return tf.argmax(self.partitioner(samples, training=False), axis=1, output_type=tf.int32)


class NeighborPartitioner(PartitionGame):
    """Learns partitions such that neighbours share one and all are used (PGMGAN, CVPR 2021, Eq. 5).

    A batch has samples and one neighbour of each, for example one of the nearest by the embeddings of `SimCLR`. The
    paper publishes no weights. SCAN, its base, has no entropy term and the balance weight 5. SCAN augments by a flip, a
    crop without resizing, RandAugment and cutout; SimCLR's crop replaces the last three here. SCAN keeps the weights of
    the lowest validation loss. Here the last weights are kept, as no data are held out.

    Args:
      partitioner: Network: samples -> logits [n, k].
      entropy_weight: Weight alpha of the mean entropy of a sample's probabilities, which is minimised.
      balance_weight: Weight beta of the entropy of the mean probabilities, which is maximised.
      augmentations: Random augmentations of images: crop, flip, color and grey. Points have none.
      smallest_crop: Smallest area of a crop as a share of the image's area, in [0, 1].
      image_range: Range of the images: "symmetric" [-1, 1] or "unit" [0, 1].
      seed: Seed of the random numbers that training draws.
    """

    batch_keys = ("real", "neighbors")
    coupled_players = ("partitioner",)

    def __init__(
        self,
        partitioner,
        *,
        entropy_weight: NonNegative = 0.1,
        balance_weight: NonNegative = 5.0,
        augmentations: Augmentations = ("crop", "flip"),
        smallest_crop: UnitInterval = 0.2,
        image_range: Literal["symmetric", "unit"] = "symmetric",
        seed: Seed = 0,
    ):
        super().__init__(partitioner, seed=seed)
        shape = partitioner.input_shape[1:]
        augmentations = tuple(augmentations) if len(shape) == 3 else ()
        check_augmentations(augmentations, shape)
        options = {"smallest_crop": smallest_crop, "output_range": image_range}
        self.view = functools.partial(view, augmentations=augmentations, **options)
        self.entropy_weight = entropy_weight
        self.balance_weight = balance_weight

    def train_step(self, batch):
        samples = batch["real"], batch["neighbors"]
        noises = [self.random(name, [samples[0].shape[0], NOISE], "unit") for name in ("real_view", "neighbor_view")]
        return self.minimize("partitioner", self.partition_loss, *samples, *noises)

    def partition_loss(self, real, neighbors, real_noise, neighbor_noise):
        """The negative of Eq. 5. Samples and neighbours pass through the partitioner as one batch."""
        samples = tf.concat([self.view(real, real_noise), self.view(neighbors, neighbor_noise)], axis=0)
        logits = tf.cast(self.partitioner(samples, training=True), tf.float32)
        anchor_logits, neighbor_logits = tf.split(logits, 2)
        weights = {"entropy_weight": self.entropy_weight, "balance_weight": self.balance_weight}
        loss, terms = neighbor_loss(anchor_logits, neighbor_logits, mean=self.global_mean, **weights)
        parts = tf.one_hot(tf.argmax(anchor_logits, axis=1), anchor_logits.shape[1])
        return loss, terms | {"largest_part": tf.reduce_max(self.global_mean(parts))}


class LabelPartitioner(PartitionGame):
    """Learns given partitions by cross-entropy, for example those of k-means, as PGMGAN's code does for points.

    Args:
      partitioner: Network: samples -> logits [n, k].
      seed: Seed of the random numbers that training draws.
    """

    batch_keys = ("real", "labels")

    def __init__(self, partitioner, *, seed: Seed = 0):
        super().__init__(partitioner, seed=seed)

    def train_step(self, batch):
        return self.minimize("partitioner", self.label_loss, batch["real"], batch["labels"])

    def label_loss(self, real, labels):
        """The cross-entropy of the labels, and the share of samples that get their label."""
        logits = tf.cast(self.partitioner(real, training=True), tf.float32)
        found = tf.argmax(logits, axis=1, output_type=tf.int32) == labels
        return class_loss(logits, labels), {"accuracy": tf.reduce_mean(tf.cast(found, tf.float32))}
