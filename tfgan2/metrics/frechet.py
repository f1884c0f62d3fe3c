"""The Frechet distance of two Gaussians: called FID only where the features are those of its network."""

from typing import NamedTuple

import numpy as np
from scipy.linalg import solve_triangular

from tfgan2.errors import InputError
from tfgan2.metrics.feature_statistics import feature_statistics
from tfgan2.metrics.inputs import matrix, vector

# How far a covariance may be from symmetric and positive semi-definite, relative to its largest eigenvalue, as in
# float32.
TOLERANCE = 1e-6

_ROWS = 2048  # features in float64 at a time


class FrechetDistance(NamedTuple):
    """A distance between two sets of features.

    Attributes:
      distance: As `frechet_distance` defines it.
      standard_error: Of the distance, due to the choice of both sets.
    """

    distance: float
    standard_error: float


def frechet_distance(mean, covariance, other_mean, other_covariance) -> float:
    """Squared 2-Wasserstein distance of N(m1, S1) and N(m2, S2), >= 0 (FID: Heusel et al., NeurIPS 2017, Eq. 6).

    |m1 - m2|^2 + tr S1 + tr S2 - 2 tr (S1 S2)^(1/2), in squared units of the features.

    With S = F F^T, (S1 S2)^(1/2) has, beside zeros, the eigenvalues of (F1^T S2 F1)^(1/2), the singular values of
    F1^T F2. These are real by construction. F is the Cholesky factor where both covariances are clearly positive
    definite, which is fastest. Otherwise, as for fewer samples than features, F has the eigenvectors times the square
    roots of the eigenvalues, where eigenvalues below d times the machine epsilon of the largest are taken for 0. A
    general root of S1 S2 there loses half of the digits, and the usual remedy, 1e-6 on the diagonals, moves the
    distance.

    Args:
      mean: [d].
      covariance: [d, d].
      other_mean: [d].
      other_covariance: [d, d].

    Raises:
      InputError: other or different shapes; not real or not finite; covariances that are not symmetric or have negative
        eigenvalues.
    """
    *means, covariance, other_covariance = _checked(mean, other_mean, covariance, other_covariance)
    covariances = covariance, other_covariance
    first, second = (factor for factor, _ in _factors(*covariances))
    return _distance(*means, *covariances, np.linalg.svd(first.T @ second, compute_uv=False))


def frechet_distance_of_features(features, other) -> float:
    """The same of the means and covariances (divisor n - 1) of features [n, d] and [m, d], n and m at least 2.

    Biased upwards by an amount that depends on n and m and on the generator (Chong and Forsyth, CVPR 2020): compare
    numbers of equal counts only. Constant features have a covariance of 0, so two sets of them are |m1 - m2|^2 apart.

    Raises:
      InputError: features of another rank, fewer than 2, of different dimensions, not real, or not finite.
    """
    first, second = feature_statistics(features), feature_statistics(other)
    return frechet_distance(first.mean, first.covariance, second.mean, second.covariance)


def frechet_distance_with_error(features, other) -> FrechetDistance:
    """`frechet_distance_of_features` with its standard error by the delta method.

    To first order the distance changes by the mean of p(x) over the features and of q(y) over the others, with
    p(x) = |x - m1|^2 - (x - m1)^T T (x - m1) + 2 (m1 - m2)^T (x - m1), where T maps N(m1, S1) to N(m2, S2) at least
    cost, and q likewise with the inverse of T: the potentials of optimal transport, whose variances are those of the
    limit (Rippl, Munk and Sturm, JMVA 2016). So the error is sqrt(var p / n + var q / m).

    Measured against the spread over fresh sets, it holds to about 15 % for different distributions. For equal ones the
    distance is all bias and noise of second order, and the error is too large, by a factor of 1.2 to 1.6. The bias,
    which depends on the counts, is not in it.

    Args:
      features: [n, d], n at least 2.
      other: [m, d], m at least 2.

    Raises:
      InputError: as `frechet_distance_of_features`.
    """
    first, second = feature_statistics(features), feature_statistics(other)
    distance, there, back = _transport(first.mean, second.mean, first.covariance, second.covariance)
    shift = first.mean - second.mean
    variance = _variance(features, first, there, shift) + _variance(other, second, back, -shift)
    return FrechetDistance(distance, float(np.sqrt(variance)))


def frechet_distance_to_statistics(features, mean, covariance) -> FrechetDistance:
    """The distance of features [n, d] to N(mean, covariance), with the standard error due to the features alone.

    It is that of `frechet_distance_with_error` without the part of the other set.

    Args:
      features: [n, d], n at least 2.
      mean: [d].
      covariance: [d, d].

    Raises:
      InputError: as `frechet_distance_of_features` and `frechet_distance`.
    """
    first = feature_statistics(features)
    distance, there, _ = _transport(first.mean, mean, first.covariance, covariance)
    shift = first.mean - np.asarray(mean, np.float64)
    return FrechetDistance(distance, float(np.sqrt(_variance(features, first, there, shift))))


def _checked(mean, other_mean, covariance, other_covariance):
    """The same in float64, all of one dimension."""
    means = [vector("means", array) for array in (mean, other_mean)]
    covariances = [matrix("covariances", array).astype(np.float64) for array in (covariance, other_covariance)]
    (d, other_d), (shape, other_shape) = map(len, means), (array.shape for array in covariances)
    if len({(d, d), (other_d, other_d), shape, other_shape}) > 1:
        raise InputError(
            f"means of {d} and {other_d} dimensions, covariances of shape {shape} and {other_shape}; give [d] and "
            "[d, d] of one d, as of one feature extractor"
        )
    return *means, *covariances


def _transport(*statistics):
    """The distance, and the maps [d, rank] of which T and its inverse are the squares."""
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
    """Variance of the mean of |a|^2 - |a transport|^2 + 2 a.shift over the deviations a of features from their mean."""
    potentials = np.empty(statistics.count)
    for start in range(0, statistics.count, _ROWS):
        deviations = np.asarray(features[start : start + _ROWS], np.float64) - statistics.mean
        moved = deviations @ transport
        potential = np.einsum("ij,ij->i", deviations, deviations + 2 * shift)
        potentials[start : start + _ROWS] = potential - np.einsum("ij,ij->i", moved, moved)
    return potentials.var(ddof=1) / statistics.count


def _factors(*covariances):
    """F [d, rank] of each covariance = F F^T, and the function that maps B [rank, r] to its F^-T B."""
    for covariance in covariances:
        # The spectral norm is at least the largest row by its length, so this needs no eigenvalue.
        if np.abs(covariance - covariance.T).max() > TOLERANCE * np.linalg.norm(covariance, axis=1).max():
            raise InputError("a covariance is not symmetric; give that of np.cov(features, rowvar=False)")
    factors = [_cholesky(covariance) for covariance in covariances]
    return [_eigen(covariance) for covariance in covariances] if None in factors else factors


def _cholesky(covariance):
    """None for a covariance that is not clearly positive definite."""
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
            f"a covariance has the negative eigenvalue {values[0]:.3g}; give that of np.cov(features, rowvar=False)"
        )
    kept = values > len(values) * np.finfo(np.float64).eps * values[-1]
    root = np.sqrt(values[kept])
    vectors = vectors[:, kept]
    return vectors * root, lambda block: (vectors / root) @ block
