"""Draws LOGAN's toy runs over what their discriminators say, as Figures 3 and 4 of its paper.

    .venv/bin/python tools/toy_pictures.py logan_ring16

Reads the runs of seed 0 that tools/reproduce.py left in runs/. A GAN's discriminator is drawn on the plane, as is that
of a BiGAN of 2-D latents, with the encoder's latents. That of a BiGAN of 1-D latents, which is on space, is drawn on
planes of latents, -0.8, 0 and 0.8, with the pairs (x, E(x)) and (G(z), z) as points. Writes
results/logan_ring16_planes.png and results/logan_ring16_pairs.png, a panel for each run but those that diverged.
"""

import argparse
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf
from comparisons import COMPARISONS
from matplotlib.figure import Figure
from toys import modes_and_errors
from trained import ROOT, runs_of

from tfgan2.evaluation.figures import png
from tfgan2.system.files import write_whole

SHOWN = 2000  # points of each kind
HALF = 2.6  # planes are drawn within [-HALF, HALF]
FARTHEST = 100  # coordinate of a sample of runs that have not diverged
CELLS = 101  # of a plane, a side
LATENTS = (-0.8, 0.0, 0.8)
LEVELS = np.linspace(0, 1, 11)
COLUMNS = 4
_DATA, _MADE = "#0072b2", "#d55e00"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "experiment", choices=[name for name, of in COMPARISONS.items() if of.measure is modes_and_errors]
    )
    name = parser.parse_args().experiment
    runs = runs_of(name)
    for kind, draw, options, dimensions in (("planes", plane, {}, 2), ("pairs", pairs, {"projection": "3d"}, 1)):
        chosen = {title: run for title, run in runs.items() if run.model.latent_dim == dimensions and stayed(run)}
        if chosen:
            rows = -(-len(chosen) // COLUMNS)
            figure = Figure(figsize=(4.6 * COLUMNS, 4.8 * rows), dpi=90, layout="constrained", facecolor="white")
            for number, (title, run) in enumerate(chosen.items(), 1):
                axes = figure.add_subplot(rows, COLUMNS, number, **options)
                draw(axes, run)
                axes.set_title(title, y=0.97 if dimensions == 1 else None)
            write_whole(ROOT / "results" / f"{name}_{kind}.png", png(figure))


def stayed(run):
    """Whether a run has not diverged."""
    return np.abs(run.sample(SHOWN, averaged=False)).max() < FARTHEST


def plane(axes, run):
    """Data and samples over the probability of being real."""
    mesh = _mesh()
    logits = run.model.score(run.scaling.to_network(_points(mesh)))
    axes.contourf(*mesh, _probability(logits), LEVELS, cmap="PuOr", alpha=0.5)
    axes.scatter(*run.data.samples[_some(run)].T, s=2, color=_DATA)
    axes.scatter(*run.sample(SHOWN, averaged=False).T, s=2, color=_MADE)
    axes.set(xlim=(-HALF, HALF), ylim=(-HALF, HALF), aspect="equal")


def pairs(axes, run):
    """The pairs of both kinds in space, latents upwards, and the probability that a pair has a real sample."""
    mesh = _mesh()
    for latent in LATENTS:
        points = run.scaling.to_network(_points(mesh))
        latents = np.full([len(points), 1], latent, np.float32)
        logits = run.model.discriminator([points, latents], training=False)
        axes.contourf(*mesh, _probability(logits), LEVELS, zdir="z", offset=latent, cmap="PuOr", alpha=0.25)
    real = run.data.samples[_some(run)]
    latents = np.random.default_rng(0).uniform(-1, 1, [SHOWN, 1]).astype(np.float32)
    axes.scatter(*real.T, run.encode(real, averaged=False)[:, 0], s=2, color=_DATA, depthshade=False)
    axes.scatter(*run.decode(latents, averaged=False).T, latents[:, 0], s=2, color=_MADE, depthshade=False)
    axes.set_zlim(-1.2, 1.2)


def _mesh():
    return np.meshgrid(*[np.linspace(-HALF, HALF, CELLS)] * 2)


def _points(mesh):
    return np.stack(mesh, axis=-1).reshape(-1, 2).astype(np.float32)


def _probability(logits):
    return tf.sigmoid(logits).numpy().reshape(CELLS, CELLS)


def _some(run):
    return np.random.default_rng(0).choice(run.data.size, SHOWN, replace=False)


if __name__ == "__main__":
    main()
