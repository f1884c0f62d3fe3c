"""Draws what LOGAN's encoders keep: reconstructions of the same images by each loss, and the way between two images.

    .venv/bin/python tools/encoder_pictures.py logan_digits

Reads the runs of seed 0 that tools/reproduce.py left in runs/. Writes results/logan_digits_reconstructions.png, images
of the data in the first row and what each run makes of them below, and results/logan_digits_interpolations.png, rows of
each run on straight lines between the latents of two images of different classes. Raw weights.
"""

import argparse
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from trained import ROOT, runs_of

from tfgan2.data.kinds import IMAGES
from tfgan2.evaluation.image_grids import encoded, film
from tfgan2.system.files import write_whole

SHOWN = 20
STEPS = 12  # of an interpolation
ROWS = 8  # of interpolations, of all runs together


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    choices = ("logan_digits", "logan_fashion_mnist", "logan_static_background")
    parser.add_argument("experiment", choices=choices)
    name = parser.parse_args().experiment
    runs = runs_of(name)
    originals, each = of_each_class(next(iter(runs.values())).data)
    rows = [(title, IMAGES.as_stored(run.reconstruct(originals, averaged=False))) for title, run in runs.items()]
    _write(f"{name}_reconstructions", [("images", originals), *rows])
    count = ROWS // len(runs)
    ways = [
        (title, IMAGES.as_stored(images))
        for title, run in runs.items()
        for images in run.interpolate(each[:count], each[::-1][:count], STEPS, averaged=False)
    ]
    _write(f"{name}_interpolations", ways)


def of_each_class(data):
    """The first images of each class side by side, uint8 [SHOWN, ...], and the very first of each [classes, ...]."""
    rows = [np.flatnonzero(data.labels == label) for label in np.unique(data.labels)]
    firsts = [of_class[: SHOWN // len(rows)] for of_class in rows]
    return data.samples[np.concatenate(firsts)], data.samples[[of_class[0] for of_class in rows]]


def _write(name, rows):
    write_whole(ROOT / "results" / f"{name}.png", encoded(film(rows)))


if __name__ == "__main__":
    main()
