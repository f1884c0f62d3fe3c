"""Draws what LOGAN's encoders keep: reconstructions of the same images by each loss, and the way between two images."""

import numpy as np

from experiments.definition import RESULTS
from experiments.small_png import write_png
from experiments.trained import runs_of
from tfgan2.data.kinds import IMAGES
from tfgan2.evaluation.image_grids import encoded, film

_SHOWN = 20
_STEPS = 12  # of an interpolation
_ROWS = 8  # of interpolations, of all runs together


def draw_reconstructions(name, experiment):
    """Writes NAME_reconstructions.png and NAME_interpolations.png, of the raw weights of seed 0.

    The first has images of the data in the first row, and each run's reconstructions below. The second has rows on
    straight lines between the latents of two images of different classes.
    """
    runs = runs_of(name, experiment)
    originals, each = _of_each_class(next(iter(runs.values())).data)
    rows = [(title, IMAGES.as_stored(run.reconstruct(originals, averaged=False))) for title, run in runs.items()]
    _write(f"{name}_reconstructions", [("images", originals), *rows])
    count = _ROWS // len(runs)
    ways = [
        (title, IMAGES.as_stored(images))
        for title, run in runs.items()
        for images in run.interpolate(each[:count], each[::-1][:count], _STEPS, averaged=False)
    ]
    _write(f"{name}_interpolations", ways)


def _of_each_class(data):
    """The first images of each class side by side, uint8 [_SHOWN, ...], and the very first of each [classes, ...]."""
    rows = [np.flatnonzero(data.labels == label) for label in np.unique(data.labels)]
    firsts = [of_class[: _SHOWN // len(rows)] for of_class in rows]
    return data.samples[np.concatenate(firsts)], data.samples[[of_class[0] for of_class in rows]]


def _write(name, rows):
    write_png(RESULTS / f"{name}.png", encoded(film(rows)))
