"""Draws LOGAN's toy runs over their discriminators' probabilities, as Figures 3 and 4 of its paper."""

import numpy as np
import tensorflow as tf
from matplotlib.figure import Figure

from experiments.definition import RESULTS
from experiments.small_png import write_figure
from experiments.trained import runs_of

_SHOWN = 2000  # points of each kind
_HALF = 2.6  # planes are drawn within [-_HALF, _HALF]
_FARTHEST = 100  # coordinate of a sample of runs that have not diverged
_CELLS = 101  # of a plane, a side
_LATENTS = (-0.8, 0.0, 0.8)
_LEVELS = np.linspace(0, 1, 11)
_COLUMNS = 4
_DATA, _MADE = "#0072b2", "#d55e00"


def draw_discriminators(name, experiment):
    """Writes NAME_planes.png and NAME_pairs.png, a panel for each run of seed 0 that has not diverged.

    The discriminator of a GAN, and of a BiGAN of 2-D latents with the encoder's latents, is drawn on the plane. The
    discriminator of a BiGAN of 1-D latents, which is on space, is drawn on the planes of the latents -0.8, 0 and 0.8,
    with the pairs (x, E(x)) and (G(z), z) as points.
    """
    runs = runs_of(name, experiment)
    for kind, draw, options, dimensions in (("planes", _plane, {}, 2), ("pairs", _pairs, {"projection": "3d"}, 1)):
        chosen = {title: run for title, run in runs.items() if run.model.latent_dim == dimensions and _stayed(run)}
        if chosen:
            rows = -(-len(chosen) // _COLUMNS)
            figure = Figure(figsize=(4.6 * _COLUMNS, 4.8 * rows), dpi=90, layout="constrained", facecolor="white")
            for number, (title, run) in enumerate(chosen.items(), 1):
                axes = figure.add_subplot(rows, _COLUMNS, number, **options)
                draw(axes, run)
                axes.set_title(title, y=0.97 if dimensions == 1 else None)
            write_figure(RESULTS / f"{name}_{kind}.png", figure)


def _stayed(run):
    """Whether a run has not diverged."""
    return np.abs(run.sample(_SHOWN, averaged=False)).max() < _FARTHEST


def _plane(axes, run):
    """Data and samples over the probability of being real."""
    mesh = _mesh()
    logits = run.model.score(run.scaling.to_network(_points(mesh)))
    axes.contourf(*mesh, _probability(logits), _LEVELS, cmap="PuOr", alpha=0.5)
    axes.scatter(*run.data.samples[_some(run)].T, s=2, color=_DATA)
    axes.scatter(*run.sample(_SHOWN, averaged=False).T, s=2, color=_MADE)
    axes.set(xlim=(-_HALF, _HALF), ylim=(-_HALF, _HALF), aspect="equal")


def _pairs(axes, run):
    """The pairs of both kinds in space, latents upwards, and the probability that a pair has a real sample."""
    mesh = _mesh()
    for latent in _LATENTS:
        points = run.scaling.to_network(_points(mesh))
        latents = np.full([len(points), 1], latent, np.float32)
        logits = run.model.discriminator([points, latents], training=False)
        axes.contourf(*mesh, _probability(logits), _LEVELS, zdir="z", offset=latent, cmap="PuOr", alpha=0.25)
    real = run.data.samples[_some(run)]
    latents = np.random.default_rng(0).uniform(-1, 1, [_SHOWN, 1]).astype(np.float32)
    axes.scatter(*real.T, run.encode(real, averaged=False)[:, 0], s=2, color=_DATA, depthshade=False)
    axes.scatter(*run.decode(latents, averaged=False).T, latents[:, 0], s=2, color=_MADE, depthshade=False)
    axes.set_zlim(-1.2, 1.2)


def _mesh():
    return np.meshgrid(*[np.linspace(-_HALF, _HALF, _CELLS)] * 2)


def _points(mesh):
    return np.stack(mesh, axis=-1).reshape(-1, 2).astype(np.float32)


def _probability(logits):
    return tf.sigmoid(logits).numpy().reshape(_CELLS, _CELLS)


def _some(run):
    return np.random.default_rng(0).choice(run.data.size, _SHOWN, replace=False)
