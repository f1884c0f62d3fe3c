"""Makes results/front.png, the picture of README.md, from pictures and a key of results/.

    .venv/bin/python tools/front_picture.py

It shows the end of the demonstration, the ring of Rumi-GAN, and the first generated emoji of a sheet, in its order.
"""

import json
from pathlib import Path

import naming_sheet
import numpy as np
from experiments.small_png import write_first_that_fits
from PIL import Image

from tfgan2.evaluation.figures import new_figure, pixels

RESULTS = Path(__file__).resolve().parent.parent / "results"
_GRID = (947, 362, 1238, 654)  # left, top, right, bottom of the last step
_RING = (935, 541, 1275, 891)  # of Rumi-LSGAN, where a fifth of the wanted points is unwanted
_TITLES = (
    "Cover every mode",
    "Avoid what is marked as unwanted",
    "Generate your own pictures",
)
_CAPTIONS = (
    "GN-GAN (orange) on 25 Gaussians (grey)",
    "Rumi-GAN: five of the ten groups are unwanted",
    "1,110 emoji, an hour on two cores",
)
_SHEET = "pictures_emoji_sheet"
_SIDE, _COUNT = 6, 36  # images in a row, and in all


def main():
    figure = new_figure(11, 4.2)
    panels = (cut("demo", _GRID), cut("rumi_ring", _RING), emoji())
    for axes, title, caption, panel in zip(figure.subplots(1, 3), _TITLES, _CAPTIONS, panels, strict=True):
        axes.imshow(panel, interpolation="lanczos", aspect="auto")
        axes.set_title(title, fontsize=13, fontweight="bold")
        axes.set_xlabel(caption, fontsize=11)
        axes.set(xticks=[], yticks=[], box_aspect=1)
        axes.spines[:].set_color("#c8ccd0")
    write_first_that_fits(RESULTS / "front.png", [pixels(figure)])
    print(RESULTS / "front.png")


def cut(name, box):
    """A part of a picture, an RGB image."""
    with Image.open(RESULTS / f"{name}.png") as opened:
        return opened.convert("RGB").crop(box)


def emoji():
    """The first generated images of the sheet, side by side, an RGB image."""
    with Image.open(RESULTS / f"{_SHEET}.png") as opened:
        sheet = opened.convert("RGB")
    key = json.loads((RESULTS / f"{_SHEET}.json").read_text(encoding="utf-8"))
    numbers = [int(number) for number, kind in key.items() if kind == "generated"][:_COUNT]
    tiles = [sheet.crop(naming_sheet.box_of(number, 96)) for number in numbers]
    rows = [np.concatenate(tiles[start : start + _SIDE], axis=1) for start in range(0, _COUNT, _SIDE)]
    return Image.fromarray(np.concatenate(rows))


if __name__ == "__main__":
    main()
