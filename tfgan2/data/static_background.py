"""Drawn frames of a fixed camera with a constant background. Some frames show an object."""

import functools
import math
from pathlib import Path
from typing import Annotated

import numpy as np
from PIL import Image, ImageDraw

from tfgan2.data.cache import prepared
from tfgan2.data.images import ImageSet
from tfgan2.data.reading import Contents, Item, Source
from tfgan2.data.resizing import ImageSize, Preparation
from tfgan2.errors import ArgumentError
from tfgan2.ranges import In, Samples, Seed, UnitInterval, check, checked

OBJECTS = ("car", "bus", "van", "cyclist")
"""Objects. The label of an object is its index plus 1."""

_FINER = 4  # Frames are drawn larger by this factor and then averaged.
_LIGHT = 0.06  # Largest relative change of the brightness of a frame.
_NOISE = 2.0  # Standard deviation of the noise of a pixel, in grey levels.

# Colour, half length and half width, axis of the road, and position across the road, all as fractions of the image.
_DRAWN = {
    "car": ((200, 40, 40), (0.18, 0.08), "x", 0.44),
    "bus": ((235, 190, 40), (0.28, 0.1), "y", 0.53),
    "van": ((60, 100, 210), (0.21, 0.08), "x", 0.56),
    "cyclist": ((245, 245, 245), (0.07, 0.04), "y", 0.24),
}


@checked
def load_static_background(
    *,
    count: Samples = 20_000,
    rare_shares: tuple[UnitInterval, ...] = (0.1, 0.05, 0.03, 0.02),
    image_size: ImageSize | None = None,
    dequantize: bool = False,
    seed: Seed = 0,
    cache_dir: Path | None = None,
) -> ImageSet:
    """A drawn street. By default one frame in five has a car, a bus, a van or a cyclist, and the others are empty.

    LOGAN (AAAI 2018) trains on frames of a junction, which cannot be had; these are ours. The light of a frame varies
    by 6 %, pixels have noise of 2 grey levels, and an object is anywhere along its road. The label is 0 without an
    object, else that of the object: 1 car, 2 bus, 3 van, 4 cyclist.

    Args:
      count: Number of images.
      rare_shares: Shares of the images with a car, a bus, a van and a cyclist. An object without a share is in none.
      image_size: Height and width of an image, in pixels. None is 32.
      dequantize: Add uniform noise of one grey level to each value. This undoes the rounding.
      seed: Seed of the draw.
      cache_dir: Keep drawn images in this folder. None is $TFGAN2_CACHE or ~/.cache/tfgan2.

    Raises:
      ArgumentError: A value is out of range.
      StorageError: The cache cannot be written.
    """
    image_size = 32 if image_size is None else image_size
    check("image_size", Annotated[int, In("[8, 256]")], image_size)
    if len(rare_shares) > len(OBJECTS) or math.fsum(rare_shares) > 1:
        accepted = f"a list of at most {len(OBJECTS)} shares, together at most 1, of {', '.join(OBJECTS)}"
        raise ArgumentError("rare_shares", tuple(rare_shares), accepted)
    recipe = {"count": count, "rare_shares": tuple(rare_shares), "image_size": image_size, "seed": seed}
    fingerprint = ("static_background, version 2", *map(str, recipe.values()))
    source = Source(fingerprint, functools.partial(_frames, **recipe))
    entry = prepared("static_background", source, Preparation(), cache_dir=cache_dir)
    return ImageSet("static_background", entry.images, entry.labels, entry.class_names, dequantize=dequantize)


def _frames(*, count, rare_shares, image_size, seed):
    counts = [round(count * share) for share in rare_shares]
    labels = np.repeat(np.arange(len(counts) + 1), [count - sum(counts), *counts])
    labels = np.random.default_rng(seed).permutation(labels)
    background = _background(image_size * _FINER)
    items = (
        Item(f"frame {index}", functools.partial(_frame, background, image_size, label, (seed, index)), label)
        for index, label in enumerate(labels.tolist())
    )
    return Contents(count, 3, ("background", *OBJECTS), items)


def _frame(background, image_size, label, seed):
    random = np.random.default_rng(seed)
    image = background.copy()
    if label:
        _draw_object(image, OBJECTS[label - 1], random.uniform(0.1, 0.9))
    levels = np.asarray(image.resize((image_size, image_size), Image.Resampling.BOX), np.float64)
    levels = levels * random.uniform(1 - _LIGHT, 1 + _LIGHT) + random.normal(scale=_NOISE, size=levels.shape)
    return Image.fromarray(np.clip(np.rint(levels), 0, 255).astype(np.uint8))


def _background(size):
    """A crossing of two roads with markings, a house and a tree."""
    image = Image.new("RGB", (size, size), (96, 120, 84))
    draw = ImageDraw.Draw(image)

    def box(left, top, right, bottom, colour, shape="rectangle"):
        left, top = size * left, size * top
        # In a small image a marking may be narrower than a pixel.
        right, bottom = max(left, size * right - 1), max(top, size * bottom - 1)
        getattr(draw, shape)([left, top, right, bottom], fill=colour)

    for left, top, right, bottom in ((0.2, 0, 0.28, 1), (0, 0.36, 1, 0.64), (0.42, 0, 0.72, 1)):
        box(left, top, right, bottom, (92, 92, 96))
    for place in np.arange(0.02, 1, 0.12):
        if not 0.36 < place < 0.72:
            box(place, 0.495, place + 0.06, 0.51, (190, 190, 185))
            box(0.565, place, 0.58, place + 0.06, (190, 190, 185))
    box(0.78, 0.06, 0.98, 0.3, (150, 110, 90))
    box(0.84, 0.16, 0.9, 0.3, (70, 60, 60))
    box(0.78, 0.72, 0.96, 0.92, (50, 90, 50), "ellipse")
    return image


def _draw_object(image, name, along):
    colour, (half_length, half_width), axis, across = _DRAWN[name]
    size = image.width
    centre, half = ((along, across), (half_length, half_width))
    if axis == "y":
        centre, half = centre[::-1], half[::-1]

    def corners(share):
        return [size * (at + sign * part * share) for sign in (-1, 1) for at, part in zip(centre, half, strict=True)]

    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle(corners(1), radius=size * 0.02, fill=colour)
    # A darker rectangle is the roof of the vehicle.
    draw.rectangle(corners(1 / 2), fill=tuple(level * 3 // 5 for level in colour))
