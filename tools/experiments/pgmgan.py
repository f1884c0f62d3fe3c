"""PGMGAN's experiments: points with sweeps, stacked digits, and the parts of Fashion-MNIST against its labels."""

import numpy as np

from experiments.definition import Experiment, Row, of_images
from experiments.parts import parts_of_data
from experiments.pgmgan_descent import draw_descent
from experiments.pgmgan_pictures import draw_parts
from tfgan2.metrics.partitions import normalized_mutual_information, purity

_GUIDE_WEIGHTS = ("6", "150")
_PARTITIONS = {"grid25": (10, 50), "ring8": (4, 16)}
_SLOWER = ("--network.magnification=10", "--optimizer.learning_rate=0.0005", "--optimizer.beta_1=0.8")
"""Settings with which the discriminator alone does not bring every generator to a mode."""

_PAPER_SIZE = ("--network.hidden_units=400", "--network.maxout_units=200", "--train_steps=100000")
"""The size and length of the authors' code."""

_GRID_OF_THE_CODE = "--flagfile=configs/common/as_pgmgan_code.cfg", "--pgmgan.guide_weight=6"
"""The settings of the authors' code for the grid, with the guide weight that they publish for images.

They are not the authors' settings for the ring: there the code has no magnification. Its script runs both sets with 50
clusters, without a guide and without an invertible network.
"""

_SHARED = ("--stages_dir=runs/stages",)
"""Runs of a seed that differ in the mixture alone share one pretext and one partitioner."""


def _rows_of_points(name):
    """The rows on a set of points."""
    config = f"pgmgan_{name}"
    unconstrained = ("--backbone=unconstrained_mlp",)
    without = ("--pgmgan.guide_weight=0",)
    yield Row("PGMGAN", config, (), "pgmgan")
    yield Row("Partition GAN, no guide", config, without, "no_guide")
    yield Row("unconstrained partitioner", config, unconstrained, "unconstrained")
    yield Row("random partitions", config, (*without, "--pgmgan.partitioner=random"), "random")
    if name == "grid25":
        yield Row("PGMGAN, slower", config, _SLOWER, "slower")
        yield Row("Partition GAN, no guide, slower", config, (*_SLOWER, *without), "slower_no_guide")
        for weight in _GUIDE_WEIGHTS:
            flags = (*_SLOWER, f"--pgmgan.guide_weight={weight}")
            yield Row(f"guide {weight}, slower", config, flags, f"slower_guide_{weight}")
        yield Row("unconstrained partitioner, slower", config, (*_SLOWER, *unconstrained), "slower_unconstrained")
    yield Row("PGMGAN, the paper's size", config, _PAPER_SIZE, "paper_size")
    yield Row("PGMGAN, the code's settings of the grid", config, _GRID_OF_THE_CODE, "published")
    for weight in _GUIDE_WEIGHTS:
        yield Row(f"guide {weight}", config, (f"--pgmgan.guide_weight={weight}",), f"guide_{weight}")
    for count in _PARTITIONS[name]:
        yield Row(f"{count} partitions", config, (f"--pgmgan.partitions={count}",), f"parts_{count}")


def _rows_of_stacks():
    """The four methods of the paper's Table 1 on stacked digits."""
    config, without = "pgmgan_stacked_digits", ("--pgmgan.guide_weight=0",)
    yield Row("GAN", "gan_stacked_digits", (), "gan")
    yield Row("random partitions", config, (*without, "--pgmgan.partitioner=random"), "random")
    yield Row("Partition GAN, no guide", config, (*_SHARED, *without), "no_guide")
    yield Row("PGMGAN", config, _SHARED, "pgmgan")


def _rows_of_garments():
    """All three stages at a width and length for a CPU."""
    size = (
        *("--network.width_multiplier=0.125", "--backbone.width_multiplier=0.25", "--backbone.blocks=2"),
        *("--pretext.train_steps=2000", "--partitioner.train_steps=2000", "--train_steps=4000", "--batch_size=50"),
        *("--pgmgan.guide_steps=2000", "--partitioner.optimizer.learning_rate=0.001"),
        *("--optimizer.learning_rate=0.0005", "--checkpoint_every=500"),
    )
    yield Row("PGMGAN", "pgmgan_fashion_mnist", size, "pgmgan")


def _agreement_with_labels(run, record, *, seed, averaged):
    """Normalized mutual information and purity of the parts of a run's data, and the number of empty parts."""
    parts = parts_of_data(run)
    found = {"nmi": normalized_mutual_information(parts, run.data.labels), "purity": purity(parts, run.data.labels)}
    return found | {"empty_parts": run.model.partitions - len(np.unique(parts))}


def _points(about, name, std, figures=None):
    return Experiment(
        about=about,
        rows=tuple(_rows_of_points(name)),
        protocol=f"{name}-2k",
        measures={
            "registered_modes": "modes",
            "good_modes": "with a good sample",
            "good_fraction": "good samples",
            "acceptance_rate": "in their own part",
            "specialization": "specialization",
        },
        title="2,000 generated points over the data, raw weights, seed 0",
        decimals=3,
        data={"std": std},
        figures=figures,
    )


def _tuned(about, name, std):
    """PGMGAN with plain networks, and without its guide."""
    config = f"pgmgan_{name}_tuned"
    return Experiment(
        about=about,
        rows=(
            Row("PGMGAN", config, (), "pgmgan"),
            Row("Partition GAN, no guide", config, ("--pgmgan.guide_weight=0",), "no_guide"),
        ),
        protocol=f"{name}-2k",
        measures={"registered_modes": "modes", "acceptance_rate": "in their own part"},
        title="2,000 points over the data, seed 0",
        decimals=3,
        data={"std": std},
    )


EXPERIMENTS = {
    "pgmgan_grid25": _points("PGMGAN on a grid of 25 Gaussians", "grid25", 0.05, draw_descent),
    "pgmgan_ring8": _points("PGMGAN on a ring of eight Gaussians", "ring8", 0.01),
    "pgmgan_grid25_tuned": _tuned("PGMGAN on 25 Gaussians, with settings that fill each mode", "grid25", 0.05),
    "pgmgan_ring8_tuned": _tuned("PGMGAN on eight Gaussians, with settings that fill each mode", "ring8", 0.01),
    "pgmgan_stacked_digits": of_images(
        "PGMGAN on stacked digits, a thousand modes",
        _rows_of_stacks(),
        "stacked-mnist-26k",
        {"modes_hit": "modes", "reverse_kl_nats": "reverse KL, nats"},
        noun="stacks",
    ),
    "pgmgan_fashion_mnist": of_images(
        "PGMGAN on Fashion-MNIST without labels",
        _rows_of_garments(),
        "classifier-10k",
        {
            "nmi": "NMI",
            "purity": "purity",
            "acceptance_rate": "in their own part",
            "modes_covered": "classes",
            "fd-classifier-fashion-mnist": "Fréchet distance",
            "precision": "precision",
            "recall": "recall",
        },
        measure=_agreement_with_labels,
        figures=draw_parts,
    ),
}
