"""The map between data units and the output range of a network."""

import math
from typing import NamedTuple

import numpy as np

from tfgan2.errors import InputError


class Scaling(NamedTuple):
    """The affine map between data units and the output range of a network, for NumPy arrays and tensors.

    Attributes:
      offset: The value in data units that maps to 0.
      scale: Number of data units per unit of the network.
    """

    offset: float
    scale: float

    def to_network(self, values):
        """Maps values of any shape from data units to the range of the network."""
        return (values - self.offset) / self.scale

    def to_data(self, values):
        """Maps values of any shape from the range of the network to data units."""
        return values * self.scale + self.offset


def scaling_for(points: np.ndarray, output_range: str) -> Scaling:
    """Returns the scaling of points to the output range of a network. M is the largest absolute coordinate.

    Args:
      points: Real numbers of any shape, in data units.
      output_range: "unit" for [0, 1] with x -> (x / M + 1) / 2 (GN-GAN, AAAI 2019), "symmetric" for [-1, 1] with
        x -> x / M, or "raw" for data units.

    Raises:
      InputError: The range is unknown, there are no points, or the points are not finite or all zero.
    """
    largest = float(np.max(np.abs(points), initial=0.0))
    ranges = {"unit": Scaling(-largest, 2 * largest), "symmetric": Scaling(0.0, largest), "raw": Scaling(0.0, 1.0)}
    if output_range not in ranges:
        raise InputError(f"unknown output range {output_range!r}; choose one of {', '.join(ranges)}")
    if not (math.isfinite(largest) and largest > 0):
        raise InputError(f"the largest |coordinate| of the points is {largest}; scaling needs a finite, positive one")
    return ranges[output_range]
