"""The map between data units and the output range of a network."""

import math
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from tfgan2.errors import InputError

_COLOURS, _OPACITY = np.float32([1, 1, 1, 0]), np.float32([0, 0, 0, 1])
_INVISIBLE = 0.5 / 255  # An opacity below rounds to 0.


class Scaling(NamedTuple):
    """The map between data units and the output range of a network, for NumPy arrays and tensors.

    The map is affine. Only the colours of images with opacity are first laid over a background. In data units and files
    such colours are arbitrary where nothing shows, and coarse where little shows. A network would see and learn them.

    Attributes:
      offset: The value in data units that maps to 0.
      scale: Number of data units per unit of the network.
      background: For images [..., 4] with opacity, a colour in data units, [3]. None for all other samples.
    """

    offset: float
    scale: float
    background: tuple[float, ...] | None = None

    def to_network(self, values):
        """Maps values of any shape from data units to the range of the network."""
        if self.background is not None:
            opacity = values[..., 3:]
            values = values * (opacity * _COLOURS + _OPACITY) + (1.0 - opacity) * self._behind
        return (values - self.offset) / self.scale

    def to_data(self, values):
        """Maps values of any shape from the range of the network to data units."""
        values = values * self.scale + self.offset
        return values if self.background is None else self._lifted(values)

    @property
    def _behind(self):
        return np.float32([*self.background, 0.0])

    def _lifted(self, values):
        """The images that look like `values` over the background, in [0, 1]."""
        clip, where = (np.clip, np.where) if isinstance(values, np.ndarray) else (tf.clip_by_value, tf.where)
        opacity = clip(values[..., 3:], 0.0, 1.0)
        shows = opacity > _INVISIBLE
        colours = self._behind + (values - self._behind) / where(shows, opacity, np.float32(1.0))
        return clip(where(shows, colours, self._behind), 0.0, 1.0) * _COLOURS + opacity * _OPACITY


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
