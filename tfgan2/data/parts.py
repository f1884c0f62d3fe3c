"""Parts of a data set, of points or images, for training, pictures and measures."""

from typing import NamedTuple

import numpy as np

from tfgan2.data.images import ImageSet
from tfgan2.data.points import PointSet
from tfgan2.data.scaling import Scaling, scaling_for
from tfgan2.errors import InputError

_IMAGE_SCALINGS = {"unit": Scaling(0.0, 1.0), "symmetric": Scaling(0.5, 0.5), "raw": Scaling(0.0, 1.0)}


class Part(NamedTuple):
    """Some samples of a data set.

    Attributes:
      data: the data set.
      rows: int64 [m], which of its samples; None is all.
      neighbors: int32 [n, K], neighbours of each sample of the whole data set, as `nearest_neighbors` finds them, for
        batches of pairs; None is no pairs.
    """

    data: PointSet | ImageSet
    rows: np.ndarray | None = None
    neighbors: np.ndarray | None = None

    @property
    def size(self):
        """Number of its samples."""
        return len(samples_of(self.data)) if self.rows is None else len(self.rows)

    @property
    def all_rows(self):
        """Its samples' numbers in the data set, integers [m], also where it is all of it."""
        return np.arange(self.size) if self.rows is None else self.rows

    def taken(self, at_most=None):
        """The data set of these samples alone, with all its class names; of points also their modes alone.

        Args:
          at_most: where samples have to be copied, about this many are enough, spread over all; None takes all.
        """
        if self.rows is None:
            return self.data
        rows = self.rows[:: 1 if at_most is None else max(1, self.size // at_most)]
        labels = None if self.data.labels is None else self.data.labels[rows]
        if isinstance(self.data, ImageSet):
            return self.data._replace(images=self.data.images[rows], labels=labels)
        data = self.data._replace(points=self.data.points[rows], labels=labels)
        # A mixture numbers its modes by its labels.
        has_modes = data.centers is not None and len(data.centers) == len(data.class_names)
        modes = np.unique(self.data.labels[self.rows]) if has_modes else None
        return data._replace(centers=data.centers[modes]) if has_modes else data


def samples_of(data):
    """All samples of a `PointSet` or `ImageSet` as they are stored: float32 [n, d], or uint8 [n, height, width, c]."""
    return data.images if isinstance(data, ImageSet) else data.points


def scaling_of(data, output_range):
    """The `Scaling` from data units, which for images are [0, 1], to a network's output range.

    Args:
      data: a `PointSet` or `ImageSet`.
      output_range: "unit" for [0, 1], "symmetric" for [-1, 1] or "raw" for data units.

    Raises:
      InputError: the range is unknown, or points cannot be scaled.
    """
    if not isinstance(data, ImageSet):
        return scaling_for(data.points, output_range)
    if output_range not in _IMAGE_SCALINGS:
        raise InputError(f"unknown output range {output_range!r}; choose one of {', '.join(_IMAGE_SCALINGS)}")
    return _IMAGE_SCALINGS[output_range]


def real_samples(data, rows):
    """Samples float32 [len(rows), ...] in data units, for pictures and measures."""
    if isinstance(data, ImageSet):
        return data.images[rows].astype(np.float32) / np.float32(255)
    return data.points[rows]
