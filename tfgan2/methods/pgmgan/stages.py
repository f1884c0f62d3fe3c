"""The stages that come before a method's own training, each a game by itself with flags of its own."""

from collections.abc import Callable
from typing import NamedTuple

from tfgan2.methods.base.game import Game
from tfgan2.methods.pgmgan.partition_learning import LabelPartitioner, NeighborPartitioner
from tfgan2.methods.pgmgan.preparation import clusters, nothing, pairs
from tfgan2.methods.pgmgan.simclr import SimCLR


class Stage(NamedTuple):
    """What a stage is, with the published values of what it takes.

    Attributes:
      method: the game.
      network: method of a backbone family that makes its one network.
      prepare: finds what it has to know of the samples first; a function of `tfgan2.methods.pgmgan.preparation`.
      train_steps: how long it takes.
      batch_size: samples of a batch.
      optimizer: arguments of `make_optimizer` that differ from its defaults.
    """

    method: type[Game]
    network: str
    prepare: Callable
    train_steps: int
    batch_size: int
    optimizer: dict


STAGES = {
    # The recipes are those of SCAN, on whose code PGMGAN builds: about 500 and 50 epochs of CIFAR-10's 50,000 images.
    "pretext": Stage(
        SimCLR,
        "embedder",
        nothing,
        train_steps=50_000,
        batch_size=512,
        optimizer={
            "name": "sgd",
            "learning_rate": 0.4,
            "momentum": 0.9,
            "weight_decay": 1e-4,
            "schedule": "cosine",
            "schedule_end": 1e-3,
        },
    ),
    "partitioner": Stage(
        NeighborPartitioner,
        "partitioner",
        pairs,
        train_steps=20_000,
        batch_size=128,
        optimizer={"learning_rate": 1e-4, "beta_1": 0.9, "weight_decay": 1e-4},
    ),
    # PGMGAN's code, for points, has Adagrad with a rate of .07 and batches of 5,000.
    "kmeans": Stage(
        LabelPartitioner,
        "partitioner",
        clusters,
        train_steps=4_000,
        batch_size=5_000,
        optimizer={"name": "adagrad", "learning_rate": 0.07},
    ),
}
"""By name, which is also the prefix of their flags."""

LEFT_OUT = ("seed", "image_range")
"""Arguments of methods and of preparations that the run as a whole settles, so that they are no flags."""
