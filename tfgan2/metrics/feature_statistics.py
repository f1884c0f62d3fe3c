"""Count, mean and covariance of features, in one pass over chunks of any size."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from tfgan2.errors import InputError
from tfgan2.metrics.inputs import matrix, real_array

# Rows that are copied to float64 at a time: 34 MB of 2,048 features.
CHUNK = 2048


class FeatureStatistics(NamedTuple):
    """What a Frechet distance needs of n features.

    Attributes:
      count: n. Store it with every distance: the distance is biased upwards by an amount that depends on it.
      mean: float64 [d].
      covariance: float64 [d, d], with the divisor n - 1.
    """

    count: int
    mean: np.ndarray
    covariance: np.ndarray


def feature_statistics(features) -> FeatureStatistics:
    """Statistics of an array [n, d] in memory, n at least 2, without a float64 copy of it.

    Raises:
      InputError: as `streamed_statistics`; features of another rank.
    """
    features = real_array("features", features)
    if features.ndim != 2:
        raise InputError(f"features have shape {features.shape}; expected [count, dimensions], neither of them 0")
    return streamed_statistics(features[start : start + CHUNK] for start in range(0, len(features), CHUNK))


def streamed_statistics(chunks: Iterable) -> FeatureStatistics:
    """Statistics of all rows of the chunks [n_i, d], each n_i at least 1 and their sum at least 2.

    Each chunk is centred at its own mean and joined by the update of Chan, Golub and LeVeque (1979): for counts n and
    m, means a and b, and scatter matrices A and B (sums of outer products of deviations), the scatter of both is
    A + B + n m / (n + m) (b - a)(b - a)^T. All of it is relative to the first row. So no digits are lost when the mean
    is large beside the spread, as in E[x x^T] - E[x] E[x]^T, and a constant feature has a variance of exactly 0.
    Memory beyond the chunks: two matrices [d, d] and three float64 copies of the largest chunk.

    Raises:
      InputError: fewer than 2 rows in all; a chunk empty, of another rank or dimension, or not finite.
    """
    count = 0
    for chunk in chunks:
        chunk = matrix("features", chunk).astype(np.float64)
        dimensions = chunk.shape[1]
        if count == 0:
            origin, mean, scatter = chunk[0].copy(), np.zeros(dimensions), np.zeros((dimensions, dimensions))
        if dimensions != len(mean):
            raise InputError(f"a chunk of features has {dimensions} dimensions and those before {len(mean)}")
        chunk = chunk - origin
        total = count + len(chunk)
        chunk_mean = chunk.mean(axis=0)
        shift = chunk_mean - mean
        # As one more row, the term of the means costs no matrix of its own.
        deviations = np.vstack([chunk - chunk_mean, shift * np.sqrt(count * len(chunk) / total)])
        scatter += deviations.T @ deviations
        mean += shift * (len(chunk) / total)
        count = total
    if count < 2:
        raise InputError(f"features are {count}; a covariance needs at least 2")
    scatter /= count - 1
    return FeatureStatistics(count, origin + mean, scatter)
