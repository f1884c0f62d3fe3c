"""PGMGAN's comparisons: on points, with two sweeps, and on stacked digits, with and without guide and partitioner.

And on Fashion-MNIST, where its parts are held against the labels, which it does not see.
"""

import numpy as np

from tfgan2.metrics.partitions import normalized_mutual_information, purity

_GUIDE_WEIGHTS = ("6", "150")
_PARTITIONS = {"grid25": (10, 50), "ring8": (4, 16)}
_SLOWER = ("--network.magnification=10", "--optimizer.learning_rate=0.0005", "--optimizer.beta_1=0.8")
"""Settings by which the discriminator alone does not bring every generator to a mode."""

_PAPER_SIZE = ("--network.hidden_units=400", "--network.maxout_units=200", "--train_steps=100000")
"""The size and length of the authors' code."""

_GRID_OF_THE_CODE = (
    *_PAPER_SIZE,
    *("--network.magnification=50", "--backbone.blocks=0"),
    *("--pgmgan.discriminator_steps=1", "--pgmgan.guide_weight=6"),
    *("--optimizer.learning_rate=0.0001", "--optimizer.beta_1=0.8", "--optimizer.schedule=constant"),
    "--ema_decay=0",
)
"""What the authors' code has for the grid besides, with the weight of the guide that they publish for images.

On the ring these are no settings of theirs: there the code has no magnification, and its script runs both sets with 50
clusters, no guide and no invertible network.
"""

_BLOCK = 500  # samples whose parts are found at once

_SHARED = ("--stages_dir=runs/stages",)
"""One pretext and one partitioner of a seed for all runs that differ in the mixture alone."""


def rows_of_points(name):
    """(name, configuration, flags, folder) of the runs on a set of points."""
    config = f"pgmgan_{name}"
    unconstrained = ("--backbone=unconstrained_mlp",)
    without = ("--pgmgan.guide_weight=0",)
    yield "PGMGAN", config, (), "pgmgan"
    yield "Partition GAN, no guide", config, without, "no_guide"
    yield "unconstrained partitioner", config, unconstrained, "unconstrained"
    yield "random partitions", config, (*without, "--pgmgan.partitioner=random"), "random"
    if name == "grid25":
        yield "PGMGAN, slower", config, _SLOWER, "slower"
        yield "Partition GAN, no guide, slower", config, (*_SLOWER, *without), "slower_no_guide"
        for weight in _GUIDE_WEIGHTS:
            flags = (*_SLOWER, f"--pgmgan.guide_weight={weight}")
            yield f"guide {weight}, slower", config, flags, f"slower_guide_{weight}"
        yield "unconstrained partitioner, slower", config, (*_SLOWER, *unconstrained), "slower_unconstrained"
    yield "PGMGAN, the paper's size", config, _PAPER_SIZE, "paper_size"
    yield "PGMGAN, the code's settings of the grid", config, _GRID_OF_THE_CODE, "published"
    for weight in _GUIDE_WEIGHTS:
        yield f"guide {weight}", config, (f"--pgmgan.guide_weight={weight}",), f"guide_{weight}"
    for count in _PARTITIONS[name]:
        yield f"{count} partitions", config, (f"--pgmgan.partitions={count}",), f"parts_{count}"


def rows_of_stacks():
    """(name, configuration, flags, folder) of the four methods on stacked digits, after the paper's Table 1."""
    config, without = "pgmgan_stacked_digits", ("--pgmgan.guide_weight=0",)
    yield "GAN", "gan_stacked_digits", (), "gan"
    yield "random partitions", config, (*without, "--pgmgan.partitioner=random"), "random"
    yield "Partition GAN, no guide", config, (*_SHARED, *without), "no_guide"
    yield "PGMGAN", config, _SHARED, "pgmgan"


def rows_of_garments():
    """(name, configuration, flags, folder) of all three stages at a width and length for a CPU."""
    size = (
        *("--network.width_multiplier=0.125", "--backbone.width_multiplier=0.25", "--backbone.blocks=2"),
        *("--pretext.train_steps=2000", "--partitioner.train_steps=2000", "--train_steps=4000", "--batch_size=50"),
        *("--pgmgan.guide_steps=2000", "--partitioner.optimizer.learning_rate=0.001"),
        *("--optimizer.learning_rate=0.0005", "--checkpoint_every=500"),
    )
    yield "PGMGAN", "pgmgan_fashion_mnist", size, "pgmgan"


def agreement_with_labels(run, record, *, seed, averaged):
    """Normalized mutual information and purity of the parts of a run's data, and how many of them are empty."""
    parts = parts_of_data(run)
    found = {"nmi": normalized_mutual_information(parts, run.data.labels), "purity": purity(parts, run.data.labels)}
    return found | {"empty_parts": run.model.partitions - len(np.unique(parts))}


def parts_of_data(run):
    """The part, int [n], of each sample of a run's data."""
    rows = np.arange(len(run.data.labels))
    blocks = (run.data.as_float(rows[at : at + _BLOCK]) for at in range(0, len(rows), _BLOCK))
    return np.concatenate([run.model.partition(run.scaling.to_network(block)).numpy() for block in blocks])
