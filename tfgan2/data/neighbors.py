"""Nearest neighbours and clusters of embeddings."""

import warnings

import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.neighbors import NearestNeighbors

from tfgan2.errors import ArgumentError, InputError
from tfgan2.ranges import Count, checked


def nearest_neighbors(embeddings: np.ndarray, count: int) -> np.ndarray:
    """Finds the nearest other samples of each sample by Euclidean distance.

    For embeddings of length 1 these are the samples with the largest cosine. All distances are computed in float64, a
    block at a time. So the result is exact up to rounding, and the memory is bounded. Among samples at equal distance,
    scikit-learn chooses.

    Args:
      embeddings: [n, d], finite.
      count: Number of neighbours of each sample, from 1 to n - 1.

    Returns:
      int32 [n, count], the indices of the neighbours, nearest first. A copy of a sample counts as another sample. A
      sample is never its own neighbour.

    Raises:
      InputError: The embeddings have another rank, are empty, or are not finite. `count` is out of range.
    """
    points = _matrix(embeddings)
    if not 1 <= count < len(points):
        accepted = f"in [1, {len(points) - 1}], as each of {len(points)} samples has this number of others"
        raise ArgumentError("neighbors", count, accepted)
    points -= points[0].copy()  # A large common offset would lose digits.
    search = NearestNeighbors(n_neighbors=count, algorithm="brute").fit(points)
    return search.kneighbors(return_distance=False).astype(np.int32)


@checked
def pseudo_labels(
    embeddings: np.ndarray, parts: int, seed: int, *, n_init: Count = 10, max_iter: Count = 300
) -> np.ndarray:
    """Clusters samples by k-means.

    The code of PGMGAN uses 100 starts and 3,000 iterations for its points in the plane.

    Args:
      embeddings: [n, d], finite.
      parts: Number of clusters, from 2 to the number of different samples.
      seed: Seed of the starts, in [0, 2^32).
      n_init: Number of starts, at least 1. The result is from the start with the smallest distances to the centres.
      max_iter: Largest number of iterations of a start, at least 1.

    Returns:
      int32 [n], the cluster of each sample, in [0, parts). No cluster is empty.

    Raises:
      InputError: The embeddings have another rank, are empty, or are not finite. A number is out of range. There are
        fewer different samples than parts.
    """
    points = _matrix(embeddings)
    if not 2 <= parts <= len(points):
        raise ArgumentError("parts", parts, f"in [2, {len(points)}], the number of samples")
    different = len(np.unique(points, axis=0))
    if different < parts:
        accepted = f"at most {different}, the number of distinct samples"
        raise ArgumentError("parts", parts, accepted)
    return KMeans(parts, n_init=n_init, max_iter=max_iter, random_state=seed).fit_predict(points).astype(np.int32)


def reclustered(embeddings: np.ndarray, before: np.ndarray, parts: int, seed: int) -> np.ndarray:
    """Clusters samples again by k-means, from the means of their present clusters in new embeddings.

    The result is numbered so that as many samples as possible keep their number (Liu et al., CVPR 2020).

    Args:
      embeddings: [n, d], finite.
      before: Integers [n], the present cluster of each sample, in [0, parts).
      parts: Number of clusters.
      seed: Seed of the samples that clusters without samples start from, in [0, 2^32).

    Returns:
      int32 [n], the cluster of each sample, in [0, parts). A cluster may be empty if samples have equal embeddings.

    Raises:
      InputError: The embeddings have another rank, are empty, or are not finite.
    """
    points = _matrix(embeddings)
    counts = np.bincount(before, minlength=parts)
    starts = points[np.random.default_rng(seed).integers(len(points), size=parts)]
    sums = np.zeros_like(starts)
    np.add.at(sums, before, points)
    starts[counts > 0] = sums[counts > 0] / counts[counts > 0, None]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # fewer different samples than clusters
        numbers = KMeans(parts, init=starts, n_init=1, random_state=seed).fit_predict(points)
    return renumbered(numbers, before, parts)


def renumbered(numbers: np.ndarray, before: np.ndarray, parts: int) -> np.ndarray:
    """Gives clusters other numbers, so that as many samples as possible keep that of `before`, by the Hungarian method.

    Args:
      numbers: Integers [n] in [0, parts), the cluster of each sample.
      before: Integers [n] in [0, parts).
      parts: Number of clusters.

    Returns:
      int32 [n]. Samples of one cluster stay together.
    """
    shared = np.zeros((parts, parts), np.int64)
    np.add.at(shared, (numbers, before), 1)
    _, names = linear_sum_assignment(shared, maximize=True)
    return names[numbers].astype(np.int32)


def _matrix(embeddings):
    points = np.array(embeddings, np.float64)
    if points.ndim != 2 or points.size == 0:
        raise InputError(f"embeddings have shape {points.shape}; expected [count, dimensions], neither of them 0")
    bad_rows = np.count_nonzero(~np.isfinite(points).all(axis=1))
    if bad_rows:
        raise InputError(
            f"{bad_rows} of {len(points)} embeddings are not finite. Train their network again with a smaller learning "
            "rate."
        )
    return points
