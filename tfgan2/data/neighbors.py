"""What lies near what in a data set: the graph of nearest neighbours, and clusters that serve as labels."""

import numpy as np
from sklearn.cluster import KMeans
from sklearn.neighbors import NearestNeighbors

from tfgan2.errors import ArgumentError, InputError
from tfgan2.ranges import Count, checked


def nearest_neighbors(embeddings: np.ndarray, count: int) -> np.ndarray:
    """The nearest other samples of each, by Euclidean distance; of embeddings of length 1 those of the largest cosine.

    All distances are computed, in float64 and some at a time, so the result is exact but for rounding and the memory
    stays bounded. Which of equally near samples are taken is left to scikit-learn.

    Args:
      embeddings: [n, d], finite.
      count: neighbours of each, 1 to n - 1.

    Returns:
      int32 [n, count], numbers of samples, the nearest first; a copy of a sample is another sample, itself never its
      own neighbour.

    Raises:
      InputError: embeddings of another rank, empty or not finite; a count out of range.
    """
    points = _matrix(embeddings)
    if not 1 <= count < len(points):
        accepted = f"in [1, {len(points) - 1}], as each of {len(points)} samples has as many others"
        raise ArgumentError("neighbors", count, accepted)
    points -= points[0].copy()  # so that a common offset costs no digits
    search = NearestNeighbors(n_neighbors=count, algorithm="brute").fit(points)
    return search.kneighbors(return_distance=False).astype(np.int32)


@checked
def pseudo_labels(
    embeddings: np.ndarray, parts: int, seed: int, *, n_init: Count = 10, max_iter: Count = 300
) -> np.ndarray:
    """The cluster of each sample, found by k-means.

    PGMGAN's code takes 100 starts and 3,000 rounds for its points in the plane.

    Args:
      embeddings: [n, d], finite.
      parts: clusters, 2 to the number of different samples.
      seed: of the starts, in [0, 2^32).
      n_init: starts, of which the one with the nearest centres counts, at least 1.
      max_iter: rounds of each start, at least 1.

    Returns:
      int32 [n], in [0, parts), each of them at least once.

    Raises:
      InputError: embeddings of another rank, empty or not finite; a number out of range; fewer different samples than
        parts.
    """
    points = _matrix(embeddings)
    if not 2 <= parts <= len(points):
        raise ArgumentError("parts", parts, f"in [2, {len(points)}], the number of samples")
    different = len(np.unique(points, axis=0))
    if different < parts:
        accepted = f"at most {different}, as no more of the {len(points)} samples differ"
        raise ArgumentError("parts", parts, accepted)
    return KMeans(parts, n_init=n_init, max_iter=max_iter, random_state=seed).fit_predict(points).astype(np.int32)


def _matrix(embeddings):
    points = np.array(embeddings, np.float64)
    if points.ndim != 2 or points.size == 0:
        raise InputError(f"embeddings have shape {points.shape}; expected [count, dimensions], neither of them 0")
    bad_rows = np.count_nonzero(~np.isfinite(points).all(axis=1))
    if bad_rows:
        raise InputError(
            f"{bad_rows} of {len(points)} embeddings are not finite; train their network anew, more gently"
        )
    return points
