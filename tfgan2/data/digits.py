"""Handwritten digits of scikit-learn, and stacks of three digits with a thousand modes."""

import functools
import importlib.metadata

import numpy as np
from PIL import Image

from tfgan2.data.reading import Contents, Item, Source
from tfgan2.errors import InputError


def read_digits(name, place):
    """Returns a `Source` of scikit-learn's 1,797 digits of 8 x 8 pixels. Values from 0 to 16 are scaled to 0 to 255."""
    if place:
        raise InputError(f"{name!r} names no images; the digits are called digits")
    version = importlib.metadata.version("scikit-learn")
    return Source(("load_digits", version), _digits)


def _digits():
    from sklearn.datasets import load_digits

    digits = load_digits()
    images = np.round(digits.images * 255 / 16).astype(np.uint8)
    items = (
        Item(f"digit {row}", functools.partial(Image.fromarray, pixels), label)
        for row, (pixels, label) in enumerate(zip(images, digits.target.tolist(), strict=True))
    )
    return Contents(len(images), 1, (), items)


def read_stacked(name, digits, *, count, seed):
    """Returns a `Source` of images with three digits, one per colour channel, drawn independently.

    The label of digits a, b, c is 100 a + 10 b + c.

    Args:
      name: Name for messages.
      digits: The `Entry` or `ImageSet` of the single digits, grey, with labels 0 to 9.
      count: Number of images.
      seed: Seed of the draw.

    Raises:
      InputError: The digits have no labels, or a label is above 9.
    """
    if digits.labels is None or digits.labels.max() > 9:
        found = "no labels" if digits.labels is None else f"labels up to {digits.labels.max()}"
        raise InputError(f"{name}: the stacked images have {found}; name images with the labels 0 to 9, such as mnist")
    # The path of the prepared digits has a hash of everything that determines them.
    fingerprint = (str(digits.samples.filename), str(count), str(seed))
    return Source(fingerprint, functools.partial(_stacked, digits, count, seed))


def _stacked(digits, count, seed):
    rows = np.random.default_rng(seed).integers(len(digits.samples), size=(count, 3))
    labels = digits.labels[rows] @ [100, 10, 1]
    items = (
        Item(f"stack {index}", functools.partial(_stack, digits.samples, triple), label)
        for index, (triple, label) in enumerate(zip(rows, labels.tolist(), strict=True))
    )
    return Contents(count, 3, tuple(f"{label:03d}" for label in range(1000)), items)


def _stack(images, rows):
    return Image.fromarray(np.concatenate([images[row] for row in rows], axis=-1))
