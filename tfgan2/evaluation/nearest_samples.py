"""The training samples that are nearest to given samples."""

from typing import NamedTuple

import numpy as np
from scipy.spatial.distance import cdist

_VALUES = 2**22  # Numbers of a block of training samples, and of its distances, 32 MiB each in float64.


class Nearest(NamedTuple):
    """The nearest training samples of q samples.

    Attributes:
      rows: int64 [q, k], their indices in the dataset, nearest first.
      distances: float64 [q, k], the distances, exactly 0 for a copy.
    """

    rows: np.ndarray
    distances: np.ndarray


def nearest_samples(samples, part, count, extract):
    """Finds the nearest training samples by Euclidean distance of features.

    Args:
      samples: [q, ...], stored samples.
      part: The `Part` of the training data.
      count: Number of training samples for each sample, at most their number.
      extract: Function from stored samples to float32 [n, d], their features or their values.
    """
    features = extract(samples)
    rows, distances = np.empty((len(samples), 0), np.int64), np.empty((len(samples), 0))
    block = max(count, _VALUES // max(features.shape[1], samples[0].size, len(samples)))
    for first in range(0, part.size, block):
        others = part.all_rows[first : first + block]
        found = cdist(features, extract(part.data.samples[others]))
        near = np.argpartition(found, min(count, len(others)) - 1, axis=1)[:, :count]
        distances = np.concatenate([distances, np.take_along_axis(found, near, axis=1)], axis=1)
        rows = np.concatenate([rows, others[near]], axis=1)
        order = np.argsort(distances, axis=1, kind="stable")[:, :count]
        rows, distances = np.take_along_axis(rows, order, axis=1), np.take_along_axis(distances, order, axis=1)
    return Nearest(rows, distances)
