"""Scores of samples from a mixture with known modes, as in the grid, ring and line experiments.

Samples [n, d] and mode centres [K, d] are in the units of the data. All computations are in float64.
"""

import math
from typing import NamedTuple

import numpy as np

from tfgan2.errors import ArgumentError
from tfgan2.metrics.classes import reverse_kl
from tfgan2.metrics.inputs import matrices, positive


class GridCoverage(NamedTuple):
    """Coverage of K modes by N samples.

    A sample is registered at its nearest mode if it lies within the radius. Mode k has c_k registered samples.

    GN-GAN prints two total variations without a definition. The definitions here are reconstructed and agree with its
    printed table. Neither is a total variation distance, and both can exceed 1.

    Attributes:
      registered_modes: Number of modes with at least `minimum` registered samples.
      registered_points: Number of registered samples, sum_k c_k.
      total_variation_true: Reconstructed as max_k |K c_k / N - 1|.
      total_variation_differential: Reconstructed as max_k |K c_k / N - sum_j c_j / N|.
      total_variation: Total variation distance to equal shares, 1/2 sum_k |c_k / sum_j c_j - 1 / K|, in [0, 1 - 1 / K].
        It is 1 if no sample is registered, the distance between distributions with disjoint supports.
    """

    registered_modes: int
    registered_points: int
    total_variation_true: float
    total_variation_differential: float
    total_variation: float


class ModeQuality(NamedTuple):
    """Quality and balance of samples.

    A sample is good if some centre is less than 3 std away in every coordinate. The region is a box, not a ball.

    Attributes:
      good_fraction: Share of good samples, in [0, 1].
      good_modes: Number of centres with at least one good sample.
      reverse_kl: `reverse_kl` in nats. Each sample, good or not, counts for its nearest centre.
    """

    good_fraction: float
    good_modes: int
    reverse_kl: float


def registration_radius(std: float) -> float:
    """The radius within which a sample is registered (GN-GAN, AAAI 2019): 2 sqrt(2) std.

    GN-GAN builds on public code that scales the grid by x -> (x / M + 1) / 2 with M = max |x|. In scaled units the
    radius is (0.1 / M) / sqrt(2). A scaled unit is 2 M data units, so the radius is sqrt(2) * 0.1 = 0.1414 data units.
    This is 2 sqrt(2) times the std of 0.05. In two dimensions 1 - exp(-4) = 98.17 % of the real points are registered.

    Args:
      std: Standard deviation of a mode, above 0.

    Returns:
      The radius, in the units of `std`.

    Raises:
      InputError: `std` is not a finite number above 0.
    """
    return 2 * math.sqrt(2) * positive("std", std)


def registered_counts(samples, centers, radius: float) -> np.ndarray:
    """Number of registered samples of each mode.

    Args:
      samples: [n, d].
      centers: [K, d].
      radius: Largest distance of a registered sample from its nearest centre, above 0.

    Returns:
      int64 [K].

    Raises:
      InputError: Samples or centres are empty, are not finite, or have other shapes. The radius is not above 0.
    """
    return np.bincount(registered_labels(samples, centers, radius), minlength=len(centers) + 1)[:-1]


def registered_labels(samples, centers, radius: float) -> np.ndarray:
    """Index of the mode at which each sample is registered.

    Args:
      samples: [n, d].
      centers: [K, d].
      radius: Largest distance of a registered sample from its nearest centre, above 0.

    Returns:
      int64 [n], in [0, K). The value K marks a sample that is not registered.

    Raises:
      InputError: As for `registered_counts`.
    """
    distances = np.linalg.norm(_offsets(samples, centers), axis=-1)
    near = distances.min(axis=1) <= positive("radius", radius)
    return np.where(near, distances.argmin(axis=1), distances.shape[1])


def grid_coverage(samples, centers, *, radius: float, minimum: int = 20) -> GridCoverage:
    """Registered modes, registered samples, and the balance of the modes (GN-GAN, AAAI 2019, Table 2).

    Args:
      samples: [n, d]. The paper draws 2,000.
      centers: [K, d].
      radius: Largest distance of a registered sample from its nearest centre, in data units. The paper uses
        `registration_radius`.
      minimum: Registered samples of a covered mode, at least 1. The paper's 20 is a quarter of the equal share of
        2,000 samples over 25 modes. Scale it for other numbers.

    Returns:
      A GridCoverage.

    Raises:
      InputError: As for `registered_counts`, or `minimum` is below 1.
    """
    if minimum < 1:
        raise ArgumentError("minimum", minimum, "at least 1")
    counts = registered_counts(samples, centers, radius)
    registered = int(counts.sum())
    relative = len(counts) * counts / len(samples)
    return GridCoverage(
        registered_modes=int(np.sum(counts >= minimum)),
        registered_points=registered,
        total_variation_true=float(np.abs(relative - 1).max()),
        total_variation_differential=float(np.abs(relative - registered / len(samples)).max()),
        total_variation=float(np.abs(counts / registered - 1 / len(counts)).sum() / 2) if registered else 1.0,
    )


def mode_quality(samples, centers, *, std: float) -> ModeQuality:
    """Good samples, modes with good samples, and the balance of the modes (PGMGAN, CVPR 2021, 2-D experiments).

    Args:
      samples: [n, d].
      centers: [K, d].
      std: Standard deviation of a mode, in data units, above 0.

    Returns:
      A ModeQuality.

    Raises:
      InputError: Samples or centres are empty, are not finite, or have other shapes. `std` is not above 0.
    """
    offsets = _offsets(samples, centers)
    good = (np.abs(offsets) < 3 * positive("std", std)).all(axis=-1)
    nearest = np.linalg.norm(offsets, axis=-1).argmin(axis=1)
    return ModeQuality(
        good_fraction=float(good.any(axis=1).mean()),
        good_modes=int(good.any(axis=0).sum()),
        reverse_kl=reverse_kl(np.bincount(nearest, minlength=good.shape[1])),
    )


def _offsets(samples, centers):
    """Each sample minus each centre, float64 [n, K, d]."""
    samples, centers = (array.astype(np.float64) for array in matrices(samples=samples, centers=centers))
    return samples[:, None, :] - centers[None, :, :]
