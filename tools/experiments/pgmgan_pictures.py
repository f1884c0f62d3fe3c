"""Draws the parts of PGMGAN's data: a row of images of each part, and a row of samples that were made for it."""

import numpy as np
import tensorflow as tf

from experiments.definition import RESULTS
from experiments.parts import parts_of_data
from experiments.small_png import write_png
from experiments.trained import runs_of
from tfgan2.data.kinds import IMAGES
from tfgan2.evaluation.image_grids import encoded, grid, panels
from tfgan2.methods.base.latents import draw

_SHOWN = 5
_DRAWN = 200  # samples of each part, to see how many lie in it at once


def draw_parts(name, experiment):
    """Writes NAME_parts.png, the largest part first, with samples after rejection, of the raw weights of seed 0.

    Prints in how many parts samples lie as they are first drawn.
    """
    run = next(iter(runs_of(name, experiment).values()))
    images, parts = run.data.samples, parts_of_data(run)
    sizes = np.bincount(parts, minlength=run.model.partitions)
    numbers = np.argsort(-sizes, kind="stable")[: np.count_nonzero(sizes)]
    blank = np.full((_SHOWN, *images.shape[1:]), 255, np.uint8)
    real = [np.concatenate([images[parts == number][:_SHOWN], blank])[:_SHOWN] for number in numbers]
    drawn = (run.sample(_SHOWN, seed=0, averaged=False, choice=(number,)) for number in numbers.tolist())
    made = [IMAGES.as_stored(samples) for samples in drawn]
    halves = [slice(0, -(-len(numbers) // 2)), slice(-(-len(numbers) // 2), None)]
    picture = panels(
        [
            (title, grid(np.concatenate(rows[half]), _SHOWN))
            for half in halves
            for title, rows in (("data, a part in each row", real), ("generated in it", made))
        ],
        title=f"{run.data.name}: {len(numbers)} parts that were learnt without labels, largest first",
    )
    path = RESULTS / f"{name}_parts.png"
    write_png(path, encoded(picture))
    print(path)
    shares = np.array([_share_inside(run.model, number) for number in numbers.tolist()])
    print(f"at once in their own part: over half in {(shares > 0.5).sum()} parts, under 5 % in {(shares < 0.05).sum()}")


def _share_inside(model, number):
    """The share of a part's samples that lie in it, without rejection."""
    latents = draw(model.prior, 0, _DRAWN, model.latent_dim)
    return model.inside(latents, tf.fill([_DRAWN], number)).numpy().mean()
