"""Count, mean and covariance of features, computed in one pass over chunks of any size."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from tfgan2.errors import InputError
from tfgan2.metrics.inputs import matrix, real_array

# Rows converted to float64 at a time. With 2,048 features they take 34 MB.
CHUNK = 2048


class FeatureStatistics(NamedTuple):
    """Statistics of features [n, d] from which a Frechet distance is computed.

    Attributes:
      count: n. Store it with every distance, because the bias of the distance depends on it.
      mean: float64 [d].
      covariance: float64 [d, d], with divisor n - 1.
    """

    count: int
    mean: np.ndarray
    covariance: np.ndarray


def feature_statistics(features) -> FeatureStatistics:
    """Statistics of features in memory. No float64 copy of the whole array is made.

    Args:
      features: [n, d], n at least 2.

    Raises:
      InputError: As for `streamed_statistics`, or the features have another rank.
    """
    features = real_array("features", features)
    if features.ndim != 2:
        raise InputError(f"features have shape {features.shape}; they must be [count, dimensions], none of them 0.")
    return streamed_statistics(features[start : start + CHUNK] for start in range(0, len(features), CHUNK))


def streamed_statistics(chunks: Iterable) -> FeatureStatistics:
    """Statistics of features that come in chunks.

    The scatter matrix is the sum of outer products of deviations from the mean. Chunks are joined by the update of
    Chan, Golub and LeVeque (1979). For counts n and m, means a and b, and scatter matrices A and B, the joint scatter
    matrix is A + B + n m / (n + m) (b - a)(b - a)^T. The first row is subtracted from all rows before.

    So no digits are lost if the mean is much larger than the standard deviation. The formula E[x x^T] - E[x] E[x]^T
    would lose them. The variance of a constant feature is exactly 0. The function needs memory for two matrices [d, d]
    and three float64 copies of the largest chunk.

    Args:
      chunks: Arrays [n_i, d], each n_i at least 1 and their sum at least 2.

    Raises:
      InputError: There are fewer than 2 rows, or a chunk is empty, has another rank or dimension, or is not finite.
    """
    count = 0
    for chunk in chunks:
        chunk = matrix("features", chunk).astype(np.float64)
        dimensions = chunk.shape[1]
        if count == 0:
            origin, mean, scatter = chunk[0].copy(), np.zeros(dimensions), np.zeros((dimensions, dimensions))
        if dimensions != len(mean):
            raise InputError(
                f"features have {dimensions} dimensions in one chunk and {len(mean)} before; these must be equal."
            )
        chunk = chunk - origin
        total = count + len(chunk)
        chunk_mean = chunk.mean(axis=0)
        shift = chunk_mean - mean
        # The term of the means is one more row, so that it needs no further matrix [d, d].
        deviations = np.vstack([chunk - chunk_mean, shift * np.sqrt(count * len(chunk) / total)])
        scatter += deviations.T @ deviations
        mean += shift * (len(chunk) / total)
        count = total
    if count < 2:
        raise InputError(f"number of features is {count}; it must be at least 2.")
    scatter /= count - 1
    return FeatureStatistics(count, origin + mean, scatter)
