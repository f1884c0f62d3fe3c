"""What a network sees in images, and the networks that are asked."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

_BLOCK = 500  # images at once


class Features(NamedTuple):
    """What a network makes of n images.

    Attributes:
      features: float32 [n, d].
      probabilities: float32 [n, K] of the classes, or None if the network knows none.
    """

    features: np.ndarray
    probabilities: np.ndarray | None

    def rows(self, chosen):
        """Those of some of the images."""
        return Features(self.features[chosen], None if self.probabilities is None else self.probabilities[chosen])


class Extractor(NamedTuple):
    """A network that images are measured by.

    Attributes:
      title: in the names of values, such as classifier-digits.
      record: JSON-ready; all that a number depends on, such as the hash of the weights and how images are resized.
      extract: maps uint8 [n, height, width, channels] to `Features`.
    """

    title: str
    record: dict
    extract: Callable[[np.ndarray], Features]


def in_blocks(function, images):
    """`Features` of images, some hundreds at once.

    Args:
      function: maps uint8 [m, height, width, channels] to (features [m, d], probabilities [m, K] or None).
      images: [n, height, width, channels], n at least 1.
    """
    blocks = [function(images[first : first + _BLOCK]) for first in range(0, len(images), _BLOCK)]
    features, probabilities = zip(*blocks, strict=True)
    known = probabilities[0] is not None
    return Features(np.concatenate(features), np.concatenate(probabilities) if known else None)
