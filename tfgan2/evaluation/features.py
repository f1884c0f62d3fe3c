"""What a network sees in images, or features of any samples, and what makes them."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

_BLOCK = 500  # images at once


class Features(NamedTuple):
    """What a network makes of n images, or the numbers themselves of n samples.

    Attributes:
      features: float32 [n, d].
      probabilities: float32 [n, K] of the classes, or None if none are known.
    """

    features: np.ndarray
    probabilities: np.ndarray | None

    def rows(self, chosen):
        """Those of some of the images."""
        return Features(self.features[chosen], None if self.probabilities is None else self.probabilities[chosen])


class Extractor(NamedTuple):
    """What samples are measured by.

    Attributes:
      title: in the names of values, such as classifier-digits.
      record: JSON-ready; all that a number depends on, such as the hash of the weights and how images are resized.
      extract: maps images uint8 [n, height, width, channels], or points [n, d], to `Features`.
      slow: whether it takes long, so that features of real images are worth their place in the cache.
    """

    title: str
    record: dict
    extract: Callable[[np.ndarray], Features]
    slow: bool = False


def in_blocks(function, images, *, block=_BLOCK):
    """`Features` of images, some at once.

    Args:
      function: maps uint8 [m, height, width, channels] to (features [m, d], probabilities [m, K] or None).
      images: [n, height, width, channels], n at least 1.
      block: how many at once.
    """
    blocks = [function(images[first : first + block]) for first in range(0, len(images), block)]
    features, probabilities = zip(*blocks, strict=True)
    known = probabilities[0] is not None
    return Features(np.concatenate(features), np.concatenate(probabilities) if known else None)


def rgb(images):
    """Images [n, height, width, 1 or 3] with three channels, grey ones repeated."""
    return np.repeat(images, 3, axis=-1) if images.shape[-1] == 1 else images
