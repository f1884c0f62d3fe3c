"""A survey of a set of images: sizes, colours, and faults that a user may not know of. Decoding gathers it."""

import hashlib
from typing import NamedTuple

import numpy as np

_QUANTILES = (0.0, 0.1, 0.5, 0.9, 1.0)
_BLANK = 3.0  # Grey levels. An image is nearly blank if no channel has a larger standard deviation.
_LONG = 1.1  # An image is cut if its longer side is more than this factor times the shorter one.


class Survey(NamedTuple):
    """What is known about a set of images.

    Attributes:
      count: Number of images that can be used.
      left_out: Number of files that cannot be used.
      sides: The shorter side of the images before their preparation, in pixels: the smallest, the quantiles 0.1, 0.5
        and 0.9, and the largest.
      oblong: Number of images with sides that differ by more than 10 %.
      grey: Number of images without colour.
      transparent: Number of images with transparent pixels.
      blank: Number of images that are nearly of one colour.
      duplicates: Number of images that equal an earlier one after their preparation.
    """

    count: int
    left_out: int
    sides: tuple[int, ...]
    oblong: int
    grey: int
    transparent: int
    blank: int
    duplicates: int


class Surveyor:
    """Gathers the `Survey` of images one by one. It keeps 16 bytes of each."""

    def __init__(self):
        self._sides, self._seen = [], set()
        self._oblong = self._grey = self._transparent = self._blank = self._duplicates = 0

    def add(self, pixels, *, size, transparent=False):
        """Adds an image.

        Args:
          pixels: The prepared image, uint8 [height, width, channels].
          size: Width and height before the preparation, in pixels.
          transparent: Whether it has transparent pixels.
        """
        self._sides.append(min(size))
        self._oblong += max(size) > _LONG * min(size)
        self._grey += bool((pixels[..., :3] == pixels[..., :1]).all())
        self._transparent += transparent
        self._blank += bool(pixels.std((0, 1)).max() < _BLANK)
        key = hashlib.blake2b(pixels.tobytes(), digest_size=16).digest()
        self._duplicates += key in self._seen
        self._seen.add(key)

    def survey(self, left_out=0):
        """Returns the `Survey` of all images that were added.

        Args:
          left_out: Number of files that cannot be used.
        """
        sides = np.quantile(self._sides or [0], _QUANTILES, method="nearest")
        return Survey(
            count=len(self._sides),
            left_out=left_out,
            sides=tuple(map(int, sides)),
            oblong=self._oblong,
            grey=self._grey,
            transparent=self._transparent,
            blank=self._blank,
            duplicates=self._duplicates,
        )


def survey_of(images):
    """Returns the `Survey` of images in memory, uint8 [n, height, width, channels]."""
    surveyor = Surveyor()
    for pixels in images:
        surveyor.add(pixels, size=pixels.shape[1::-1])
    return surveyor.survey()
