"""Features of samples, and their extractors."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

_BLOCK = 500  # Images at a time.


class Features(NamedTuple):
    """Features of n samples, by a network or the values of the samples themselves.

    Attributes:
      features: float32 [n, d].
      probabilities: float32 [n, K], class probabilities, or None.
    """

    features: np.ndarray
    probabilities: np.ndarray | None

    def rows(self, chosen):
        """The features of some rows."""
        return Features(self.features[chosen], None if self.probabilities is None else self.probabilities[chosen])


class Extractor(NamedTuple):
    """A function that computes features.

    Attributes:
      title: Part of the names of scores, such as classifier-digits.
      record: Everything that determines the features, such as the hash of the weights and the resizing, for JSON.
      extract: Function from images uint8 [n, height, width, channels], or points [n, d], to `Features`.
      slow: Whether features of real images should be cached, because the function is slow.
    """

    title: str
    record: dict
    extract: Callable[[np.ndarray], Features]
    slow: bool = False


def in_blocks(function, images, *, block=_BLOCK):
    """Computes `Features` of images in blocks.

    Args:
      function: Function from uint8 [m, height, width, channels] to (features [m, d], probabilities [m, K] or None).
      images: [n, height, width, channels], n at least 1.
      block: Images in a block.
    """
    blocks = [function(images[first : first + block]) for first in range(0, len(images), block)]
    features, probabilities = zip(*blocks, strict=True)
    known = probabilities[0] is not None
    return Features(np.concatenate(features), np.concatenate(probabilities) if known else None)


def rgb(images):
    """Converts images [n, height, width, 1 or 3] to three channels. Grey channels are repeated."""
    return np.repeat(images, 3, axis=-1) if images.shape[-1] == 1 else images
