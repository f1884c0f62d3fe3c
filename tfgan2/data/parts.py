"""Subsets of datasets."""

from typing import NamedTuple

import numpy as np

from tfgan2.data.kinds import DataSet


def evenly(samples, at_most):
    """Returns at most `at_most` evenly spaced samples of an array, because data may be sorted by class."""
    return samples[np.linspace(0, len(samples) - 1, min(at_most, len(samples))).astype(int)]


class Part(NamedTuple):
    """A subset of a dataset.

    Attributes:
      data: The dataset.
      rows: int64 [m], the indices of the samples in the dataset. None takes all.
      neighbors: int32 [n, K], the neighbours of each sample of the dataset by `nearest_neighbors`, for batches of
        pairs. None gives no pairs.
    """

    data: DataSet
    rows: np.ndarray | None = None
    neighbors: np.ndarray | None = None

    @property
    def size(self):
        """Number of samples."""
        return self.data.size if self.rows is None else len(self.rows)

    @property
    def all_rows(self):
        """Indices of the samples in the dataset, integers [m]."""
        return np.arange(self.size) if self.rows is None else self.rows

    def drawn(self, count, seed):
        """Draws at most `count` samples without replacement, float32 [count, ...] in data units."""
        return self.data.as_float(np.random.default_rng(seed).permutation(self.all_rows)[:count])

    def taken(self, at_most=None):
        """Returns the subset as a dataset with all class names. A set of points keeps only the modes of the subset.

        Args:
          at_most: If samples must be copied, take about this number of evenly spaced samples. None takes all.
        """
        return self.data if self.rows is None else self.data.taken(self.rows, at_most)
