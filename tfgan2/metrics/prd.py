"""Precision and recall for distributions (PRD): a trade-off curve over clusters of the features."""

from typing import NamedTuple

import numpy as np
from sklearn.cluster import MiniBatchKMeans

from tfgan2.errors import ArgumentError, InputError
from tfgan2.metrics.inputs import matrices, numbers, real_array

# Keeps the tangents of the angles finite and the denominator of F above 0, as in the public code.
EPSILON = 1e-10


class PRDCurve(NamedTuple):
    """The trade-off curve, from the end with high recall to the end with high precision.

    Attributes:
      precision: float64 [angles], in [0, 1], never falling.
      recall: float64 [angles], in [0, 1], never rising.
    """

    precision: np.ndarray
    recall: np.ndarray


def prd_curve(real_shares, generated_shares, *, angles: int = 1001) -> PRDCurve:
    """Curve for two discrete distributions P (real) and Q (generated) (Sajjadi et al., NeurIPS 2018, Sec. 3).

    For each slope l = tan(a), precision is sum_i min(l P_i, Q_i) and recall is sum_i min(P_i, Q_i / l), which is
    precision / l. The angles a are equally spaced from 1e-10 to pi/2 - 1e-10.

    Args:
      real_shares: P [K], at least 0, with sum 1.
      generated_shares: Q [K], at least 0, with sum 1.
      angles: Number of angles, at least 3.

    Returns:
      A PRDCurve.

    Raises:
      InputError: The shares have other or different shapes, are below 0, or have another sum. `angles` is below 3.
    """
    distributions = [numbers("shares", shares).astype(np.float64) for shares in (real_shares, generated_shares)]
    shapes = [distribution.shape for distribution in distributions]
    if shapes[0] != shapes[1] or len(shapes[0]) != 1:
        raise InputError(f"shares have shapes {shapes[0]} and {shapes[1]}; they must be lists of equal length.")
    if not all((distribution >= 0).all() and abs(distribution.sum() - 1) < 1e-6 for distribution in distributions):
        raise InputError(
            f"shares have minima {distributions[0].min():.6g} and {distributions[1].min():.6g}, sums "
            f"{distributions[0].sum():.6g} and {distributions[1].sum():.6g}; they must be at least 0, with sum 1."
        )
    if angles < 3:
        raise ArgumentError("angles", angles, "at least 3")
    real, generated = distributions
    slopes = np.tan(np.linspace(EPSILON, np.pi / 2 - EPSILON, angles))[:, None]
    precision = np.minimum(slopes * real, generated).sum(axis=1)
    recall = np.minimum(real, generated / slopes).sum(axis=1)
    # Rounding errors can bring a sum of shares above 1.
    return PRDCurve(np.minimum(precision, 1), np.minimum(recall, 1))


def prd_curve_of_features(
    *, real, generated, clusters: int = 20, angles: int = 1001, runs: int = 10, seed: int = 0
) -> PRDCurve:
    """Curve for two sets of features, averaged over several clusterings.

    Each clustering groups both sets together by k-means. The shares of the clusters in each set give a curve. Both sets
    are keyword arguments, because their order is easily confused: the public code takes the generated set first, but
    the example in its README passes the real set first, which exchanges precision and recall.

    Args:
      real: [n, d].
      generated: [n, d]. Both sets have n features, so that they weigh the same in the clustering.
      clusters: K of k-means (mini-batches, 10 initialisations), from 1 to 2 n.
      angles: Number of points on the curve, at least 3.
      runs: Number of clusterings, at least 1.
      seed: Clustering r has the seed `seed + r`.

    Returns:
      A PRDCurve.

    Raises:
      InputError: The features have another rank, are empty, differ in shape, or are not finite. A number is outside its
        range.
    """
    found = prd_clusters(real=real, generated=generated, clusters=clusters, runs=runs, seed=seed)
    return prd_curve_of_clusters(*found, clusters=clusters, angles=angles)


def prd_clusters(*, real, generated, clusters: int = 20, runs: int = 10, seed: int = 0):
    """Clusters both sets together, `runs` times. Arguments and errors are those of `prd_curve_of_features`.

    Returns:
      Two integer arrays [n, runs]: the cluster of each real and of each generated feature, in [0, clusters).
    """
    real, generated = matrices(real_features=real, generated_features=generated)
    count = len(real)
    if len(generated) != count:
        raise InputError(
            f"numbers of real and generated features are {count} and {len(generated)}; they must be equal."
        )
    if not 1 <= clusters <= 2 * count:
        raise ArgumentError("clusters", clusters, f"in [1, {2 * count}] for two sets of {count} features")
    if runs < 1:
        raise ArgumentError("runs", runs, "at least 1")
    # k-means finds other clusters in float32, so the features are always converted to float64.
    together = np.concatenate([real, generated], dtype=np.float64)
    found = [MiniBatchKMeans(clusters, n_init=10, random_state=seed + run).fit_predict(together) for run in range(runs)]
    return np.split(np.transpose(found), 2)


def prd_curve_of_clusters(real, generated, *, clusters: int = 20, angles: int = 1001) -> PRDCurve:
    """Curve for the result of `prd_clusters`, averaged over the runs.

    Args:
      real: [n, runs], the cluster of each real feature, integers in [0, clusters).
      generated: [m, runs], the cluster of each generated feature.
      clusters: Number of clusters K.
      angles: Number of points on the curve, at least 3.

    Returns:
      A PRDCurve.

    Raises:
      InputError: The clusters have another rank, are empty, are not integers, are out of range, or have different
        numbers of runs. `angles` is below 3.
    """
    real, generated = (real_array("clusters", part) for part in (real, generated))
    for part in (real, generated):
        if part.ndim != 2 or part.size == 0 or part.shape[1] != real.shape[1] or part.dtype.kind not in "iu":
            raise InputError(
                f"clusters have type {part.dtype} and shape {part.shape}; they must be integers [count, runs]."
            )
        if part.min() < 0 or part.max() >= clusters:
            raise InputError(f"clusters are in [{part.min()}, {part.max()}]; they must be in [0, {clusters - 1}].")
    curves = [
        prd_curve(
            *(np.bincount(part[:, run], minlength=clusters) / len(part) for part in (real, generated)), angles=angles
        )
        for run in range(real.shape[1])
    ]
    return PRDCurve(*np.mean(curves, axis=0))


def f_scores(curve: PRDCurve, *, beta: float = 8) -> tuple[float, float]:
    """The largest F_beta and the largest F_1/beta on a curve.

    F_b = (1 + b^2) precision recall / (b^2 precision + recall + 1e-10). F_beta weighs recall more, F_1/beta precision.

    Args:
      curve: Precision and recall, two lists of equal length in [0, 1].
      beta: Above 1. The paper uses 8.

    Returns:
      (F_beta, F_1/beta), each in [0, 1].

    Raises:
      InputError: Precision and recall are not lists of equal length in [0, 1]. `beta` is not above 1.
    """
    if not beta > 1:
        raise ArgumentError("beta", beta, "above 1")
    precision, recall = (numbers("precision and recall", part).astype(np.float64) for part in curve)
    shapes = precision.shape, recall.shape
    if shapes[0] != shapes[1] or len(shapes[0]) != 1 or not precision.size:
        raise InputError(
            f"precision and recall have shapes {shapes[0]} and {shapes[1]}; they must be lists of equal length."
        )
    if not all(((part >= 0) & (part <= 1)).all() for part in (precision, recall)):
        raise InputError("precision or recall has values outside [0, 1]; all must be in it. Try those of prd_curve.")
    weights = np.array([[beta**2], [beta**-2]])
    scores = (1 + weights) * precision * recall / (weights * precision + recall + EPSILON)
    return tuple(scores.max(axis=1).tolist())
