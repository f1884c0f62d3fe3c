"""The map between data units and the output range of a network."""

import math
from typing import NamedTuple

import numpy as np

from tfgan2.errors import InputError


class Scaling(NamedTuple):
    """The affine map between data units and the output range of a network, for NumPy arrays and tensors alike.

    Attributes:
      offset: The data value that a network sees as 0.
      scale: How many data units one unit of the network is.
    """

    offset: float
    scale: float

    def to_network(self, values):
        """Maps values of any shape in data units to the network's range."""
        return (values - self.offset) / self.scale

    def to_data(self, values):
        """Maps values of any shape in the network's range to data units."""
        return values * self.scale + self.offset


def scaling_for(points: np.ndarray, output_range: str) -> Scaling:
    """The scaling that brings points into a network's output range, with M the largest |coordinate| among them.

    Args:
      points: Real numbers of any shape, in data units.
      output_range: "unit" for [0, 1], x -> (x / M + 1) / 2 (GN-GAN, AAAI 2019); "symmetric" for [-1, 1], x -> x / M;
        "raw" for data units.

    Raises:
      InputError: an unknown range, no points, or points that are not finite or all zero.
    """
    largest = float(np.max(np.abs(points), initial=0.0))
    ranges = {"unit": Scaling(-largest, 2 * largest), "symmetric": Scaling(0.0, largest), "raw": Scaling(0.0, 1.0)}
    if output_range not in ranges:
        raise InputError(f"unknown output range {output_range!r}; choose one of {', '.join(ranges)}")
    if not (math.isfinite(largest) and largest > 0):
        raise InputError(f"the largest |coordinate| of the points is {largest}; scaling needs a finite, positive one")
    return ranges[output_range]
