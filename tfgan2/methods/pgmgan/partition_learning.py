"""Learning to cut the data space into parts: from neighbours, or from labels that a clustering gave (PGMGAN)."""

import functools
from typing import Literal

import tensorflow as tf

from tfgan2.checks import check_at_least, check_choices, check_range
from tfgan2.layers.views import NOISE, Augmentations, check_augmentations, view
from tfgan2.losses.classification import class_loss
from tfgan2.losses.partition import neighbor_loss
from tfgan2.methods.base.game import Game


class PartitionGame(Game):
    """A partitioner S = softmax(f), which says of each sample how probably it belongs to each of k parts.

    Args:
      partitioner: samples -> logits f [n, k].
      seed: of the random numbers drawn in training.
    """

    roles = ("partitioner",)
    averaged_roles = ("partitioner",)

    def __init__(self, partitioner, *, seed):
        super().__init__({"partitioner": partitioner}, seed=seed)

    @property
    def players(self):
        return {"partitioner": ["partitioner"]}

    def partition(self, samples):
        """The part of each sample, int32 [n], in inference mode; of equal logits the first."""
        return tf.argmax(self.partitioner(samples, training=False), axis=1, output_type=tf.int32)


class NeighborPartitioner(PartitionGame):
    """A partitioner of a graph of neighbours: they share a part, and all parts are used (PGMGAN, CVPR 2021, Eq. 5).

    A batch holds samples and one neighbour of each, for instance among the nearest by the embeddings of `SimCLR`. The
    paper publishes no weights. SCAN, on which it builds, has no entropy term and the balance weight 5. Its
    augmentations are a flip, a crop that does not resize, RandAugment and cutout, for the last three of which SimCLR's
    crop stands in here. It keeps the weights of the lowest validation loss; here the last ones are kept, as nothing is
    set apart.

    Args:
      partitioner: samples -> logits [n, k].
      entropy_weight: weight alpha of the entropy of each sample's probabilities, which is drawn to 0; at least 0.
      balance_weight: weight beta of the entropy of their mean, which is drawn to log k; at least 0.
      augmentations: of images, each with random numbers of its own: crop, flip, color and grey. Points have none.
      smallest_crop: smallest area of a crop, a share of the image's, in [0, 1].
      image_range: of the images, "symmetric" for [-1, 1] or "unit" for [0, 1].
      seed: of the random numbers drawn in training.
    """

    batch_keys = ("real", "neighbors")
    coupled_players = ("partitioner",)

    def __init__(
        self,
        partitioner,
        *,
        entropy_weight: float = 0.1,
        balance_weight: float = 5.0,
        augmentations: Augmentations = ("crop", "flip"),
        smallest_crop: float = 0.2,
        image_range: Literal["symmetric", "unit"] = "symmetric",
        seed: int = 0,
    ):
        super().__init__(partitioner, seed=seed)
        check_at_least(0.0, entropy_weight=entropy_weight, balance_weight=balance_weight)
        check_choices(NeighborPartitioner.__init__, image_range=image_range)
        shape = partitioner.input_shape[1:]
        augmentations = tuple(augmentations) if len(shape) == 3 else ()
        check_augmentations(augmentations, shape)
        check_range(0.0, 1.0, smallest_crop=smallest_crop)
        options = {"smallest_crop": smallest_crop, "output_range": image_range}
        self.view = functools.partial(view, augmentations=augmentations, **options)
        self.entropy_weight = entropy_weight
        self.balance_weight = balance_weight

    def train_step(self, batch):
        samples = batch["real"], batch["neighbors"]
        noises = [self.random(name, [samples[0].shape[0], NOISE], "unit") for name in ("real_view", "neighbor_view")]
        return self.minimize("partitioner", self.partition_loss, *samples, *noises)

    def partition_loss(self, real, neighbors, real_noise, neighbor_noise):
        """Eq. 5, negated; samples and neighbours pass through the partitioner as one batch."""
        samples = tf.concat([self.view(real, real_noise), self.view(neighbors, neighbor_noise)], axis=0)
        logits = tf.cast(self.partitioner(samples, training=True), tf.float32)
        anchor_logits, neighbor_logits = tf.split(logits, 2)
        weights = {"entropy_weight": self.entropy_weight, "balance_weight": self.balance_weight}
        loss, terms = neighbor_loss(anchor_logits, neighbor_logits, mean=self.global_mean, **weights)
        parts = tf.one_hot(tf.argmax(anchor_logits, axis=1), anchor_logits.shape[1])
        return loss, terms | {"largest_part": tf.reduce_max(self.global_mean(parts))}


class LabelPartitioner(PartitionGame):
    """A partitioner that learns given parts, such as those of k-means, by cross-entropy, as PGMGAN's code on points.

    Args:
      partitioner: samples -> logits [n, k].
      seed: of the random numbers drawn in training.
    """

    batch_keys = ("real", "labels")

    def __init__(self, partitioner, *, seed: int = 0):
        super().__init__(partitioner, seed=seed)

    def train_step(self, batch):
        return self.minimize("partitioner", self.label_loss, batch["real"], batch["labels"])

    def label_loss(self, real, labels):
        """The cross-entropy of the labels, and the share of samples that lie in their part."""
        logits = tf.cast(self.partitioner(real, training=True), tf.float32)
        found = tf.argmax(logits, axis=1, output_type=tf.int32) == labels
        return class_loss(logits, labels), {"accuracy": tf.reduce_mean(tf.cast(found, tf.float32))}
