"""PGMGAN's stages: a pretext that embeds images, then a partitioner that learns neighbours or clusters."""

from typing import Annotated

from tfgan2.data.neighbors import nearest_neighbors, pseudo_labels
from tfgan2.errors import ArgumentError
from tfgan2.methods.base.families import network_of
from tfgan2.methods.base.stage import Stage
from tfgan2.methods.pgmgan.partition_learning import LabelPartitioner, NeighborPartitioner
from tfgan2.methods.pgmgan.simclr import SimCLR
from tfgan2.ranges import Count, In


def _image_range(scaling):
    return "symmetric" if scaling.offset else "unit"


class PretextStage(Stage):
    """SimCLR. The recipe is SCAN's, the base of PGMGAN's code: about 500 epochs of CIFAR-10's 50,000 images."""

    name = "pretext"
    game = SimCLR
    train_steps = 50_000
    batch_size = 512
    share = 0.2
    optimizer = {  # noqa: RUF012
        "name": "sgd",
        "learning_rate": 0.4,
        "momentum": 0.9,
        "weight_decay": 1e-4,
        "schedule": "cosine",
        "schedule_end": 1e-3,
    }
    optional = True
    settled = {"image_range": _image_range}  # noqa: RUF012

    def check(self, samples, values, replicas):
        super().check(samples, values, replicas)
        if values["augmentations"] and len(samples.shape) == 1:
            accepted = f"empty, as {samples.name} has points"
            advice = f"Or set --{self.name}.train_steps=0 to leave this stage out."
            raise ArgumentError("augmentations", values["augmentations"], accepted, advice)
        batch = values["batch_size"]
        if batch < 2 * replicas:
            accepted = f"at least {2 * replicas}, as each image is contrasted with the others on its device"
            raise ArgumentError("batch_size", batch, accepted)


class PartitionStage(Stage):
    """A partitioner that starts from the pretext's backbone."""

    uses = ("partitions",)

    def make_networks(self, family, shape, arguments):
        return [network_of(family, "partitioner", shape, arguments["partitions"])]

    def start_from(self, game, before):
        if before is not None:
            weights = before.embedder.get_layer("backbone").get_weights()
            game.partitioner.get_layer("backbone").set_weights(weights)

    @staticmethod
    def embeddings(samples, before):
        """The embeddings of the pretext, [n, d], or the flattened samples without a pretext."""
        return samples.flat() if before is None else samples.mapped(before.embed)


class NeighborStage(PartitionStage):
    """A partitioner that learns from neighbours by the embeddings. SCAN takes about 50 epochs of CIFAR-10."""

    name = "partitioner"
    game = NeighborPartitioner
    train_steps = 20_000
    batch_size = 128
    share = 0.05
    optimizer = {"learning_rate": 1e-4, "beta_1": 0.9, "weight_decay": 1e-4}  # noqa: RUF012
    array_keys = ("neighbors",)
    settled = {"image_range": _image_range}  # noqa: RUF012

    def check(self, samples, values, replicas):
        super().check(samples, values, replicas)
        if values["neighbors"] >= samples.size:
            accepted = f"at most {samples.size - 1}, as {samples.name} has {samples.size} samples"
            raise ArgumentError("neighbors", values["neighbors"], accepted)

    def prepare(self, samples, before, seed, arguments, *, neighbors: Annotated[int, In("[1, 4096]")] = 20):
        """Finds the nearest neighbours of each sample. A batch holds one of them, drawn anew each time.

        Args:
          neighbors: Draw the neighbour of a sample from this many nearest ones.
        """
        return {"neighbors": nearest_neighbors(self.embeddings(samples, before), neighbors)}


class ClusterStage(PartitionStage):
    """A partitioner that learns clusters of k-means. PGMGAN's code, for points, has Adagrad and batches of 5,000."""

    name = "kmeans"
    game = LabelPartitioner
    train_steps = 4_000
    batch_size = 5_000
    share = 0.05
    optimizer = {"name": "adagrad", "learning_rate": 0.07}  # noqa: RUF012
    array_keys = ("labels",)

    def prepare(self, samples, before, seed, arguments, *, n_init: Count = 100, max_iter: Count = 3000):
        """Clusters the embeddings by k-means.

        Args:
          n_init: Start k-means this many times and take the best result.
          max_iter: Stop each start of k-means after this many rounds.
        """
        embeddings = self.embeddings(samples, before)
        return {"labels": pseudo_labels(embeddings, arguments["partitions"], seed, n_init=n_init, max_iter=max_iter)}


PRETEXT, NEIGHBORS, CLUSTERS = PretextStage(), NeighborStage(), ClusterStage()
