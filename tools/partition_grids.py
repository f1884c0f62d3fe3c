"""Draws what is in each part of the data, and what PGMGAN makes in it: a row of images of both for each part.

    .venv/bin/python tools/partition_grids.py

Reads the run of seed 0 that tools/reproduce.py pgmgan_fashion_mnist left in runs/. Writes
results/pgmgan_fashion_mnist_parts.png, the largest part first, with samples after rejection, and prints in how many
parts samples lie as they are first drawn. Raw weights.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf
from partitions import parts_of_data
from trained import ROOT, runs_of

from tfgan2.data.kinds import IMAGES
from tfgan2.evaluation.image_grids import encoded, grid, panels
from tfgan2.methods.base.latents import draw
from tfgan2.system.files import write_whole

SHOWN = 10
DRAWN = 200  # samples of each part, to see how many lie in it at once
EXPERIMENT = "pgmgan_fashion_mnist"


def main():
    run = next(iter(runs_of(EXPERIMENT).values()))
    images, parts = run.data.samples, parts_of_data(run)
    sizes = np.bincount(parts, minlength=run.model.partitions)
    numbers = np.argsort(-sizes, kind="stable")[: np.count_nonzero(sizes)]
    blank = np.full((SHOWN, *images.shape[1:]), 255, np.uint8)
    real = [np.concatenate([images[parts == number][:SHOWN], blank])[:SHOWN] for number in numbers]
    made = [IMAGES.as_stored(run.sample(SHOWN, seed=0, choice=(number,))) for number in numbers.tolist()]
    halves = [slice(0, -(-len(numbers) // 2)), slice(-(-len(numbers) // 2), None)]
    picture = panels(
        [
            (title, grid(np.concatenate(rows[half]), SHOWN))
            for half in halves
            for title, rows in (("data, a part in each row", real), ("generated in it", made))
        ],
        title=f"{run.data.name}: {len(numbers)} parts that were learnt without labels, largest first",
    )
    path = ROOT / "results" / f"{EXPERIMENT}_parts.png"
    write_whole(path, encoded(picture))
    print(path)
    shares = np.array([share_inside(run.model, number) for number in numbers.tolist()])
    print(f"at once in their own part: over half in {(shares > 0.5).sum()} parts, under 5 % in {(shares < 0.05).sum()}")


def share_inside(model, number):
    """What share of a part's samples lie in it, without rejection."""
    latents = draw(model.prior, 0, DRAWN, model.latent_dim)
    return model.inside(latents, tf.fill([DRAWN], number)).numpy().mean()


if __name__ == "__main__":
    main()
