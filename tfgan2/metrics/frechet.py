"""The Frechet distance of two Gaussians. It is the FID only for features of the FID's Inception network."""

from typing import NamedTuple

import numpy as np
from scipy.linalg import solve_triangular

from tfgan2.errors import InputError
from tfgan2.metrics.feature_statistics import feature_statistics
from tfgan2.metrics.inputs import matrix, vector

# Largest deviation of a covariance from a symmetric positive semi-definite matrix, relative to its largest eigenvalue.
# A covariance computed in float32 stays within it.
TOLERANCE = 1e-6

_ROWS = 2048  # Features in float64 at a time.


class FrechetDistance(NamedTuple):
    """A Frechet distance and its standard error.

    Attributes:
      distance: The value of `frechet_distance`.
      standard_error: Standard error of the distance due to the random choice of the features.
    """

    distance: float
    standard_error: float


def frechet_distance(mean, covariance, other_mean, other_covariance) -> float:
    """Squared 2-Wasserstein distance of N(m1, S1) and N(m2, S2) (FID: Heusel et al., NeurIPS 2017, Eq. 6).

    The distance is |m1 - m2|^2 + tr S1 + tr S2 - 2 tr (S1 S2)^(1/2), in squared units of the features.

    Write each covariance as S = F F^T. The nonzero eigenvalues of (S1 S2)^(1/2) are the nonzero singular values of
    F1^T F2, which are real by construction. If both covariances are clearly positive definite, F is the Cholesky
    factor, which is fastest. Otherwise, for example with fewer samples than features, F holds the eigenvectors times
    the square roots of the eigenvalues. Eigenvalues below d times the machine epsilon of the largest count as 0.

    A general matrix root of S1 S2 loses half of the digits for singular covariances. The usual remedy, 1e-6 added to
    the diagonals, changes the distance.

    Args:
      mean: m1 [d].
      covariance: S1 [d, d].
      other_mean: m2 [d].
      other_covariance: S2 [d, d].

    Returns:
      A number of at least 0.

    Raises:
      InputError: Shapes differ or are wrong. Values are not real or not finite. A covariance is not symmetric or has a
        negative eigenvalue.
    """
    *means, covariance, other_covariance = _checked(mean, other_mean, covariance, other_covariance)
    covariances = covariance, other_covariance
    first, second = (factor for factor, _ in _factors(*covariances))
    return _distance(*means, *covariances, np.linalg.svd(first.T @ second, compute_uv=False))


def frechet_distance_of_features(features, other) -> float:
    """`frechet_distance` of the means and covariances (divisor n - 1) of two sets of features.

    The estimate is biased upwards. The bias depends on n, on m, and on the generator (Chong and Forsyth, CVPR 2020), so
    compare distances for equal numbers of samples only. Constant features have a covariance of 0, so the distance
    between two constant sets is |m1 - m2|^2.

    Args:
      features: [n, d], n at least 2.
      other: [m, d], m at least 2.

    Returns:
      A number of at least 0.

    Raises:
      InputError: The features have another rank, fewer than 2 rows, different dimensions, or values that are not real
        or not finite.
    """
    first, second = feature_statistics(features), feature_statistics(other)
    statistics = first.mean, second.mean, first.covariance, second.covariance
    if len(first.mean) != len(second.mean) or max(first.count, second.count) >= len(first.mean):
        return frechet_distance(first.mean, first.covariance, second.mean, second.covariance)
    # With few samples their deviations are the smallest factors.
    deviations = [np.asarray(each, np.float64) - known.mean for each, known in ((features, first), (other, second))]
    overlap = deviations[0] @ deviations[1].T / np.sqrt((first.count - 1) * (second.count - 1))
    return _distance(*statistics, np.linalg.svd(overlap, compute_uv=False))


def frechet_distance_with_error(features, other) -> FrechetDistance:
    """`frechet_distance_of_features` with its standard error by the delta method.

    The standard error is sqrt(var p(x) / n + var q(y) / m), over features x and other features y. Here
    p(x) = |x - m1|^2 - (x - m1)^T T (x - m1) + 2 (m1 - m2)^T (x - m1), and T is the linear part of the optimal
    transport map from N(m1, S1) to N(m2, S2). The function q is the same with both sets exchanged and the inverse of T.
    To first order the distance changes by the mean of p(x) plus the mean of q(y): p and q are the potentials of optimal
    transport. Their variances give the limit distribution (Rippl, Munk and Sturm, JMVA 2016).

    In measurements over fresh sets the standard error was right to about 15 % for different distributions. For equal
    distributions it was too large by a factor of 1.2 to 1.6, because the distance is then only bias and noise of second
    order. The standard error does not include the bias.

    Args:
      features: [n, d], n at least 2.
      other: [m, d], m at least 2.

    Returns:
      A FrechetDistance.

    Raises:
      InputError: As for `frechet_distance_of_features`.
    """
    first, second = feature_statistics(features), feature_statistics(other)
    distance, there, back = _transport(first.mean, second.mean, first.covariance, second.covariance)
    shift = first.mean - second.mean
    variance = _variance(features, first, there, shift) + _variance(other, second, back, -shift)
    return FrechetDistance(distance, float(np.sqrt(variance)))


def frechet_distance_to_statistics(features, mean, covariance) -> FrechetDistance:
    """The distance of features to a given N(mean, covariance), with its standard error.

    The standard error is that of `frechet_distance_with_error` without the term of the other set, because the given
    statistics are not random.

    Args:
      features: [n, d], n at least 2.
      mean: [d].
      covariance: [d, d].

    Returns:
      A FrechetDistance.

    Raises:
      InputError: As for `frechet_distance_of_features` and `frechet_distance`.
    """
    first = feature_statistics(features)
    distance, there, _ = _transport(first.mean, mean, first.covariance, covariance)
    shift = first.mean - np.asarray(mean, np.float64)
    return FrechetDistance(distance, float(np.sqrt(_variance(features, first, there, shift))))


def _checked(mean, other_mean, covariance, other_covariance):
    """Converts means and covariances to float64 and checks their shapes."""
    means = [vector("means", array) for array in (mean, other_mean)]
    covariances = [matrix("covariances", array).astype(np.float64) for array in (covariance, other_covariance)]
    (d, other_d), (shape, other_shape) = map(len, means), (array.shape for array in covariances)
    if len({(d, d), (other_d, other_d), shape, other_shape}) > 1:
        raise InputError(
            f"means have shapes {(d,)} and {(other_d,)}, covariances {shape} and {other_shape}; they must be [d] and "
            "[d, d] with one d. Take all features from one network."
        )
    return *means, *covariances


def _transport(*statistics):
    """The distance and two matrices A and B [d, rank], with T = A A^T and its inverse B B^T."""
    mean, other_mean, covariance, other_covariance = _checked(*statistics)
    (factor, whiten), (other_factor, other_whiten) = _factors(covariance, other_covariance)
    left, roots, right = np.linalg.svd(factor.T @ other_factor, full_matrices=False)
    # S1^(1/2) T S1^(1/2) = U diag(roots) U^T in the basis of the factor.
    root = np.sqrt(roots)
    distance = _distance(mean, other_mean, covariance, other_covariance, roots)
    return distance, whiten(left * root), other_whiten(right.T * root)


def _distance(mean, other_mean, covariance, other_covariance, roots):
    spread = np.trace(covariance) + np.trace(other_covariance) - 2 * roots.sum()
    return float(np.sum((mean - other_mean) ** 2) + max(0.0, spread))


def _variance(features, statistics, transport, shift):
    """Variance of the mean of |a|^2 - |a A|^2 + 2 a.shift, where a is a feature minus the mean and A is `transport`."""
    potentials = np.empty(statistics.count)
    for start in range(0, statistics.count, _ROWS):
        deviations = np.asarray(features[start : start + _ROWS], np.float64) - statistics.mean
        moved = deviations @ transport
        potential = np.einsum("ij,ij->i", deviations, deviations + 2 * shift)
        potentials[start : start + _ROWS] = potential - np.einsum("ij,ij->i", moved, moved)
    return potentials.var(ddof=1) / statistics.count


def _factors(*covariances):
    """For each covariance S = F F^T: the factor F [d, rank], and the function that maps B [rank, r] to F^-T B."""
    for covariance in covariances:
        # The largest length of a row is a lower bound of the largest eigenvalue and is cheaper to compute.
        if np.abs(covariance - covariance.T).max() > TOLERANCE * np.linalg.norm(covariance, axis=1).max():
            raise InputError("covariance is not symmetric; it must be. Try np.cov(features, rowvar=False).")
    factors = [_cholesky(covariance) for covariance in covariances]
    return [_eigen(covariance) for covariance in covariances] if None in factors else factors


def _cholesky(covariance):
    """Factor and function of `_factors`, or None for a covariance that is not clearly positive definite."""
    try:
        factor = np.linalg.cholesky(covariance)
    except np.linalg.LinAlgError:
        return None
    pivots = np.diag(factor) ** 2
    if pivots.min() <= len(pivots) * np.finfo(np.float64).eps * np.diag(covariance).max():
        return None
    return factor, lambda block: solve_triangular(factor, block, lower=True, trans="T")


def _eigen(covariance):
    values, vectors = np.linalg.eigh(covariance)
    if values[0] < -TOLERANCE * max(values[-1], -values[0]):
        raise InputError(
            f"covariance has the eigenvalue {values[0]:.3g}; its eigenvalues must be at least 0. "
            "Try np.cov(features, rowvar=False)."
        )
    kept = values > len(values) * np.finfo(np.float64).eps * values[-1]
    root = np.sqrt(values[kept])
    vectors = vectors[:, kept]
    return vectors * root, lambda block: (vectors / root) @ block
