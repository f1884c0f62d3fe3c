"""Quality of samples from a mixture of equal Gaussians that covers all modes: position, width and balance.

Counts of modes say little once every mode is covered. These scores say how good the samples then are. Samples [n, d]
and mode centres [K, d] are in the units of the data. All computations are in float64. The scores are for few dimensions
and for modes that are at least 8 std apart: in 10 dimensions only 47 % of the real samples lie within 3 std.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.spatial.distance import cdist
from scipy.stats import chi2

from tfgan2.errors import ArgumentError, InputError
from tfgan2.metrics.inputs import matrices, positive, vector

RADII = (1, 2, 3, 5, 10, 20)
"""The radii of `modes_within`, in std."""

_NEAR = 3.0  # Radius of a good sample, in std.
_BELONGS = 1 - 1e-6  # Share of a mode's real samples from which its widths are computed.
_FOLDS = 10


class MixtureQuality(NamedTuple):
    """Quality of n samples of K modes.

    The errors below are standard errors of 2,000 real samples of 25 modes in the plane, from 400 draws.
    `tfgan2.metrics.spread.standard_error` estimates those of other samples.

    Attributes:
      quality_at_coverage: 0 if a mode is missed, and otherwise
        (within_3_std / its ideal value) * balance * width_match. Ideal: 1, the expected value of real data. It falls
        with samples between the modes, wrong widths and unequal shares. By chance it can be a little above 1.
        Error: .003.
      within_3_std: Share of samples at most 3 std from the nearest centre, in [0, 1]. These samples are good. Ideal:
        `ideal_within`, which is 1 - exp(-4.5) = .9889 in two dimensions. Error: .002.
      width_large: Standard deviation of a mode's samples along their widest axis, divided by std; the root of the mean
        square over the modes. Ideal: 1. Error: .02.
      width_small: The same along their narrowest axis. Ideal: 1. Error: .02. Samples at a point have 0.
      width_match: Agreement of the widths s_i along all axes of a mode's samples with 1, the mean over the modes of
        prod_i 2 s_i / (1 + s_i^2). Ideal: 1. It is the square of the Bhattacharyya coefficient of two Gaussians of the
        same mean. Error: .002.
      balance: exp(-KL) with the Kullback-Leibler divergence of the shares of good samples from those of the data. With
        equal shares it is the number of equally frequent modes that has the same entropy, divided by K. Ideal: 1.
        Error: .002.
    """

    quality_at_coverage: float
    within_3_std: float
    width_large: float
    width_small: float
    width_match: float
    balance: float


def ideal_within(dimensions: int) -> float:
    """The share of real samples that are at most 3 std from their centre, for a Gaussian in d dimensions.

    Args:
      dimensions: d, at least 1.

    Returns:
      P(X <= 9) for a chi-squared X with d degrees of freedom: .9973 in one dimension and .9889 in two.

    Raises:
      InputError: `dimensions` is below 1.
    """
    if dimensions < 1:
        raise ArgumentError("dimensions", dimensions, "at least 1")
    return float(chi2.cdf(_NEAR**2, dimensions))


def mixture_quality(samples, centers, *, std: float, shares=None, minimum: int = 1) -> MixtureQuality:
    """Position, width and balance of samples, each by itself and as one number.

    Widths: the samples of a mode are those nearest to it within the radius that all but one in a million of its real
    samples keep. The axes for a tenth of them are the principal axes of the others. So both widths of real data are 1
    in expectation, although the widest axis of the same samples is always wider than the narrowest. A mode with fewer
    than two samples has width 0.

    Balance: entropy was chosen because its bias is known. Shares of n samples of K modes have KL = (K - 1) / (2 n) on
    average by chance (Miller and Madow, 1955), at any true shares, which is subtracted. The bias of a total variation
    depends on the true shares. `width_match` is d (d + 1) / (8 (n_k - 1)) too small by chance for n_k samples of real
    data in d dimensions, which is added back.

    Args:
      samples: [n, d].
      centers: [K, d].
      std: Standard deviation of a mode in each coordinate, in data units, above 0.
      shares: [K] shares or counts of the modes in the data, above 0. None means equal shares.
      minimum: A mode with fewer good samples is missed. At least 1.

    Returns:
      A MixtureQuality.

    Raises:
      InputError: Samples or centres are empty, are not finite, or have other shapes. `std` is not above 0. The number
        of shares is not that of the centres, or one is not above 0. `minimum` is below 1.
    """
    if minimum < 1:
        raise ArgumentError("minimum", minimum, "at least 1")
    samples, distances, nearest = _in_std(samples, centers, std)
    modes, dimensions = np.shape(centers)
    shares = _shares(shares, modes)
    good = np.bincount(nearest[distances <= _NEAR], minlength=modes)
    belongs = distances**2 <= chi2.ppf(_BELONGS, dimensions)
    members = [samples[belongs & (nearest == mode)] for mode in range(modes)]
    variances = np.array([_variances(each) for each in members])
    within, balance = float(good.sum() / len(samples)), _balance(good, shares)
    match = float(np.mean([_match(each) for each in members]))
    covered = good.min() >= minimum
    return MixtureQuality(
        quality_at_coverage=within / ideal_within(dimensions) * balance * match if covered else 0.0,
        within_3_std=within,
        width_large=float(variances[:, -1].mean() ** 0.5),
        width_small=float(variances[:, 0].mean() ** 0.5),
        width_match=match,
        balance=balance,
    )


def modes_within(samples, centers, *, std: float, radii: Sequence[float] = RADII, minimum: float = 1) -> list[int]:
    """Number of modes with samples near their centre, for several meanings of near.

    A mode counts at a radius if the ball has at least the share of `minimum` samples that real data have there, and at
    least one. One radius hides how far the other modes are missed.

    Args:
      samples: [n, d].
      centers: [K, d].
      std: Standard deviation of a mode, in data units, above 0.
      radii: Radii in std, above 0.
      minimum: Samples of a covered mode at a large radius, above 0.

    Returns:
      The number of modes in [0, K] for each radius. Ideal: K, as for real data with 4 `minimum` samples a mode.
      The error of real data is then 0. It is about 1 at the radius where samples begin.

    Raises:
      InputError: As for `mixture_quality`, or a radius is not above 0.
    """
    for name, value in [("minimum", minimum), *(("radius", radius) for radius in radii)]:
        positive(name, value)
    _, distances, nearest = _in_std(samples, centers, std)
    modes, dimensions = np.shape(centers)
    found = []
    for radius in radii:
        counts = np.bincount(nearest[distances <= radius], minlength=modes)
        found.append(int(np.sum(counts >= max(1.0, minimum * chi2.cdf(radius**2, dimensions)))))
    return found


def _in_std(samples, centers, std):
    """Samples in units of std, and the distance and index of the nearest centre of each."""
    samples, centers = matrices(samples=samples, centers=centers)
    samples, centers = (array.astype(np.float64) / positive("std", std) for array in (samples, centers))
    distances = cdist(samples, centers)
    return samples, distances.min(axis=1), distances.argmin(axis=1)


def _shares(shares, modes):
    shares = np.ones(modes) if shares is None else vector("shares", shares)
    if len(shares) != modes or shares.min() <= 0:
        raise InputError(f"shares are {shares.tolist()}; they must be {modes} numbers above 0, one for each centre.")
    return shares / shares.sum()


def _balance(counts, shares):
    total, hit = counts.sum(), counts > 0
    if not total:
        return 0.0
    found = counts[hit] / total
    divergence = np.sum(found * np.log(found / shares[hit])) - (hit.sum() - 1) / (2 * total)
    return float(np.exp(-divergence))


def _match(samples):
    """sqrt(det C) / det((C + I) / 2) for the covariance C of samples [n, d], with its bias added back."""
    count, dimensions = samples.shape
    if count < 2:
        return 0.0
    covariance = np.atleast_2d(np.cov(samples, rowvar=False))
    affinity = max(0.0, np.linalg.det(covariance)) ** 0.5 / np.linalg.det((covariance + np.eye(dimensions)) / 2)
    return affinity * (1 + dimensions * (dimensions + 1) / (8 * (count - 1)))


def _variances(samples):
    """Variances [d] of samples [n, d] along their axes, from the narrowest to the widest. 0 for fewer than two."""
    count, dimensions = samples.shape
    if count < 2:
        return np.zeros(dimensions)
    folds = np.arange(count) % min(_FOLDS, count)
    kept = folds != np.arange(folds.max() + 1)[:, None]  # [folds, n]
    number = kept.sum(axis=1)[:, None, None]
    centered = samples - (kept @ samples)[:, None] / number  # [folds, n, d]
    of_kept = centered * kept[..., None]
    _, axes = np.linalg.eigh(np.swapaxes(of_kept, 1, 2) @ of_kept)
    along = (centered @ axes) ** 2 * ~kept[..., None]
    return (along * number / (number + 1)).sum(axis=(0, 1)) / count  # The mean of the kept samples varies, too.
