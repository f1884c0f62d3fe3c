"""The Frechet distance of two Gaussians: called FID only where the features are those of its network."""

import numpy as np

from tfgan2.errors import InputError
from tfgan2.metrics.checks import matrix
from tfgan2.metrics.feature_statistics import feature_statistics

# How far a covariance may be from symmetric and positive semi-definite, relative to its largest entry, as in float32.
TOLERANCE = 1e-6


def frechet_distance(mean, covariance, other_mean, other_covariance) -> float:
    """Squared 2-Wasserstein distance of N(m1, S1) and N(m2, S2), >= 0 (FID: Heusel et al., NeurIPS 2017, Eq. 6).

    |m1 - m2|^2 + tr S1 + tr S2 - 2 tr (S1 S2)^(1/2), in squared units of the features.

    With S = F F^T, F the eigenvectors times the square roots of the eigenvalues, (S1 S2)^(1/2) has, beside zeros, the
    eigenvalues of (F1^T S2 F1)^(1/2), which are the singular values of F1^T F2. That needs symmetric eigenvalues only,
    is real by construction, and keeps its accuracy where covariances are singular, as for fewer samples than features:
    a general root of S1 S2 there loses half of the digits, and the usual remedy, 1e-6 on the diagonals, moves the
    distance. Eigenvalues below d times the machine epsilon of the largest are taken for 0.

    Args:
      mean: [d].
      covariance: [d, d].
      other_mean: [d].
      other_covariance: [d, d].

    Raises:
      InputError: other or different shapes; not finite; covariances not symmetric or with negative eigenvalues.
    """
    mean, other_mean = (matrix("means", np.reshape(array, (1, -1)))[0] for array in (mean, other_mean))
    covariance, other_covariance = matrix("covariances", covariance), matrix("covariances", other_covariance)
    shapes = {(len(mean), len(mean)), (len(other_mean), len(other_mean)), covariance.shape, other_covariance.shape}
    if len(shapes) > 1:
        raise InputError(
            f"means of {len(mean)} and {len(other_mean)} dimensions, covariances of shape {covariance.shape} and "
            f"{other_covariance.shape}; give [d] and [d, d] of one d, as of one feature extractor"
        )
    overlap = np.linalg.svd(_factor(covariance).T @ _factor(other_covariance), compute_uv=False).sum()
    spread = np.trace(covariance) + np.trace(other_covariance) - 2 * overlap
    return float(np.sum((mean - other_mean) ** 2) + max(0.0, spread))


def frechet_distance_of_features(features, other) -> float:
    """The same of the means and covariances (divisor n - 1) of features [n, d] and [m, d], n and m at least 2.

    Biased upwards by an amount that depends on n and m and on the generator (Chong and Forsyth, CVPR 2020): compare
    numbers of equal counts only. Constant features have a covariance of 0, so two sets of them are |m1 - m2|^2 apart.

    Raises:
      InputError: features of another rank, fewer than 2, of different dimensions, or not finite.
    """
    first, second = feature_statistics(features), feature_statistics(other)
    return frechet_distance(first.mean, first.covariance, second.mean, second.covariance)


def _factor(covariance):
    """F [d, rank] of covariance = F F^T."""
    scale = TOLERANCE * np.abs(covariance).max()
    if np.abs(covariance - covariance.T).max() > scale:
        raise InputError("a covariance is not symmetric; give that of np.cov(features, rowvar=False)")
    values, vectors = np.linalg.eigh(covariance)
    if values[0] < -scale:
        raise InputError(
            f"a covariance has the negative eigenvalue {values[0]:.3g}; give that of np.cov(features, rowvar=False)"
        )
    kept = values > len(values) * np.finfo(np.float64).eps * values[-1]
    return vectors[:, kept] * np.sqrt(values[kept])
