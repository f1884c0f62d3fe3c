"""Precision and recall of distributions (PRD): the trade-off of both, over clusters of the features."""

from typing import NamedTuple

import numpy as np
from sklearn.cluster import MiniBatchKMeans

from tfgan2.errors import InputError
from tfgan2.metrics.inputs import matrices, numbers, real_array

# Keeps the tangent of the angles and the denominator of F finite, as in the public code.
EPSILON = 1e-10


class PRDCurve(NamedTuple):
    """From the end of high recall to the end of high precision.

    Attributes:
      precision: float64 [angles], in [0, 1], not falling.
      recall: float64 [angles], in [0, 1], not rising.
    """

    precision: np.ndarray
    recall: np.ndarray


def prd_curve(real_shares, generated_shares, *, angles: int = 1001) -> PRDCurve:
    """The curve of two discrete distributions P (real) and Q (generated) (Sajjadi et al., NeurIPS 2018, Sec. 3).

    For slopes l = tan(a), a equally spaced from 1e-10 to pi/2 - 1e-10: precision = sum_i min(l P_i, Q_i) and
    recall = sum_i min(P_i, Q_i / l) = precision / l.

    Args:
      real_shares: [K], at least 0, of sum 1.
      generated_shares: [K], at least 0, of sum 1.
      angles: At least 3.

    Raises:
      InputError: shares of other or different shapes, below 0 or of another sum; too few angles.
    """
    distributions = [numbers("shares", shares).astype(np.float64) for shares in (real_shares, generated_shares)]
    shapes = [distribution.shape for distribution in distributions]
    if shapes[0] != shapes[1] or len(shapes[0]) != 1:
        raise InputError(f"shares have shapes {shapes[0]} and {shapes[1]}; give two lists of equal length")
    if not all((distribution >= 0).all() and abs(distribution.sum() - 1) < 1e-6 for distribution in distributions):
        raise InputError(
            f"shares sum to {distributions[0].sum():.6g} and {distributions[1].sum():.6g}; give numbers >= 0 of sum 1"
        )
    if angles < 3:
        raise InputError(f"angles is {angles!r}; give at least 3")
    real, generated = distributions
    slopes = np.tan(np.linspace(EPSILON, np.pi / 2 - EPSILON, angles))[:, None]
    precision = np.minimum(slopes * real, generated).sum(axis=1)
    recall = np.minimum(real, generated / slopes).sum(axis=1)
    # Sums of shares pass 1 by rounding.
    return PRDCurve(np.minimum(precision, 1), np.minimum(recall, 1))


def prd_curve_of_features(
    *, real, generated, clusters: int = 20, angles: int = 1001, runs: int = 10, seed: int = 0
) -> PRDCurve:
    """The curve of the shares of clusters of both sets together, averaged over runs of the clustering.

    The sets are named because the public function takes the generated one first, and its README's example passes them
    the other way round, which swaps precision and recall.

    Args:
      real: [n, d].
      generated: [n, d]; as many, so that both weigh the same in the clusters.
      clusters: K of k-means (mini-batches, 10 initialisations), at most 2 n.
      angles: At least 3.
      runs: Clusterings, at least 1.
      seed: Run r is seeded with seed + r.

    Raises:
      InputError: features of another rank, empty, of different shapes, or not finite; numbers out of range.
    """
    found = prd_clusters(real=real, generated=generated, clusters=clusters, runs=runs, seed=seed)
    return prd_curve_of_clusters(*found, clusters=clusters, angles=angles)


def prd_clusters(*, real, generated, clusters: int = 20, runs: int = 10, seed: int = 0):
    """The clusters of both sets of features: integers in [0, clusters), [n, runs] of real and of generated ones.

    Arguments and errors are those of `prd_curve_of_features`.
    """
    real, generated = matrices(real_features=real, generated_features=generated)
    count = len(real)
    if len(generated) != count:
        raise InputError(f"real features are {count} and generated features {len(generated)}; give as many of both")
    if not 1 <= clusters <= 2 * count:
        raise InputError(f"clusters is {clusters!r}; with {count} features of each give 1 to {2 * count}")
    if runs < 1:
        raise InputError(f"runs is {runs!r}; give at least 1")
    # In float64, as of features in float32 the clusters would be others.
    together = np.concatenate([real, generated], dtype=np.float64)
    found = [MiniBatchKMeans(clusters, n_init=10, random_state=seed + run).fit_predict(together) for run in range(runs)]
    return np.split(np.transpose(found), 2)


def prd_curve_of_clusters(real, generated, *, clusters: int = 20, angles: int = 1001) -> PRDCurve:
    """The curve of the shares of clusters, averaged over the runs of a clustering.

    Args:
      real: Integers in [0, clusters), [n, runs], as `prd_clusters` returns them.
      generated: [m, runs].
      clusters: K.
      angles: At least 3.

    Raises:
      InputError: clusters of another rank, empty, no integers or out of range, or of different runs; too few angles.
    """
    real, generated = (real_array("clusters", part) for part in (real, generated))
    for part in (real, generated):
        if part.ndim != 2 or part.size == 0 or part.shape[1] != real.shape[1] or part.dtype.kind not in "iu":
            raise InputError(f"clusters are {part.dtype} of shape {part.shape}; give integers [count, runs]")
        if part.min() < 0 or part.max() >= clusters:
            raise InputError(f"clusters go from {part.min()} to {part.max()}; give 0 to {clusters - 1}")
    curves = [
        prd_curve(
            *(np.bincount(part[:, run], minlength=clusters) / len(part) for part in (real, generated)), angles=angles
        )
        for run in range(real.shape[1])
    ]
    return PRDCurve(*np.mean(curves, axis=0))


def f_scores(curve: PRDCurve, *, beta: float = 8) -> tuple[float, float]:
    """(F_beta, F_1/beta), the largest on the curve: the first weighs recall, the second precision; both in [0, 1].

    F_b = (1 + b^2) precision recall / (b^2 precision + recall + 1e-10), as in the paper with beta 8.

    Raises:
      InputError: precision and recall are no lists of equal length in [0, 1]; a beta that is not above 1.
    """
    if not beta > 1:
        raise InputError(f"beta is {beta!r}; give a number above 1")
    precision, recall = (numbers("precision and recall", part).astype(np.float64) for part in curve)
    shapes = precision.shape, recall.shape
    if shapes[0] != shapes[1] or len(shapes[0]) != 1 or not precision.size:
        raise InputError(
            f"precision and recall have shapes {shapes[0]} and {shapes[1]}; give two lists of equal length"
        )
    if not all(((part >= 0) & (part <= 1)).all() for part in (precision, recall)):
        raise InputError("precision and recall have values outside of [0, 1]; give those of prd_curve")
    weights = np.array([[beta**2], [beta**-2]])
    scores = (1 + weights) * precision * recall / (weights * precision + recall + EPSILON)
    return tuple(scores.max(axis=1).tolist())
