"""How well samples cover a known set of modes: the measures of the grid, ring and line experiments.

Samples [n, d] and centres [K, d] are in the same units, those of the data. Everything is computed in float64.
"""

import math
import numbers
from typing import NamedTuple

import numpy as np

from tfgan2.errors import InputError
from tfgan2.metrics.classes import reverse_kl
from tfgan2.metrics.inputs import matrices


class GridCoverage(NamedTuple):
    """Coverage by registered samples, with c_k of the N samples registered at mode k of K.

    A sample is registered at its nearest mode if it lies within the radius. The two first total variations are
    *reconstructed*: GN-GAN prints them without a definition, and these agree with its printed table. Neither is a
    total variation distance; both can exceed 1.

    Attributes:
      registered_modes: Modes with at least `minimum` registered samples.
      registered_points: sum_k c_k.
      total_variation_true: Reconstructed, max_k |K c_k / N - 1|.
      total_variation_differential: Reconstructed, max_k |K c_k / N - sum_j c_j / N|.
      total_variation: The standard distance to equal shares, 1/2 sum_k |c_k / sum_j c_j - 1 / K|, in [0, 1 - 1 / K];
        1 if no sample is registered, as between distributions of disjoint supports.
    """

    registered_modes: int
    registered_points: int
    total_variation_true: float
    total_variation_differential: float
    total_variation: float


class ModeQuality(NamedTuple):
    """Quality of all samples.

    Attributes:
      good_fraction: Fraction of samples less than 3 std from some centre in every coordinate, a box and not a ball.
      good_modes: Centres with at least one such sample.
      reverse_kl: `reverse_kl` in nats, with every sample, good or not, counted at its nearest centre.
    """

    good_fraction: float
    good_modes: int
    reverse_kl: float


def registration_radius(std: float) -> float:
    """The radius of GN-GAN (AAAI 2019) within which a sample registers: 2 sqrt(2) std, in the units of std.

    The public code that GN-GAN builds on scales the grid by x -> (x / M + 1) / 2, M = max |x|, and takes the radius
    (0.1 / M) / sqrt(2) there. One unit there is 2 M data units, so this is sqrt(2) * 0.1 = 0.1414 in data units, or
    2 sqrt(2) times the std of 0.05. In two dimensions 1 - exp(-4) = 98.17 % of the true points register.

    Raises:
      InputError: std is not finite and positive.
    """
    return 2 * math.sqrt(2) * _positive("std", std)


def registered_counts(samples, centers, radius: float) -> np.ndarray:
    """Counts the samples whose nearest centre is at most `radius` away, by centre.

    Returns:
      int64 [K].

    Raises:
      InputError: samples or centres empty, not finite or of other shapes than [n, d] and [K, d]; a radius not positive.
    """
    return np.bincount(registered_labels(samples, centers, radius), minlength=len(centers) + 1)[:-1]


def registered_labels(samples, centers, radius: float) -> np.ndarray:
    """The nearest centre of each sample, K where it is more than `radius` away.

    Returns:
      int64 [n].

    Raises:
      InputError: as `registered_counts`.
    """
    distances = np.linalg.norm(_offsets(samples, centers), axis=-1)
    near = distances.min(axis=1) <= _positive("radius", radius)
    return np.where(near, distances.argmin(axis=1), distances.shape[1])


def grid_coverage(samples, centers, *, radius: float, minimum: int = 20) -> GridCoverage:
    """Modes and points registered and their balance (GN-GAN, AAAI 2019, Table 2).

    Args:
      samples: [n, d]. The paper draws 2,000.
      centers: [K, d].
      radius: How near a sample has to be, in data units; see `registration_radius`.
      minimum: Registered samples that make a mode covered. The paper's 20 holds for 2,000 samples of 25 modes, where it
        is a quarter of the equal share; give another for other numbers.

    Raises:
      InputError: as `registered_counts`; or a minimum below 1.
    """
    if minimum < 1:
        raise InputError(f"minimum is {minimum!r}; a covered mode needs at least 1 sample")
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
    """Good samples, modes they reach, and balance of the modes (PGMGAN, CVPR 2021, 2-D experiments).

    Args:
      samples: [n, d].
      centers: [K, d].
      std: Standard deviation of a mode, in data units.

    Raises:
      InputError: samples or centres empty, not finite or of other shapes than [n, d] and [K, d]; a std not positive.
    """
    offsets = _offsets(samples, centers)
    good = (np.abs(offsets) < 3 * _positive("std", std)).all(axis=-1)
    nearest = np.linalg.norm(offsets, axis=-1).argmin(axis=1)
    return ModeQuality(
        good_fraction=float(good.any(axis=1).mean()),
        good_modes=int(good.any(axis=0).sum()),
        reverse_kl=reverse_kl(np.bincount(nearest, minlength=good.shape[1])),
    )


def _offsets(samples, centers):
    """samples [n, d] minus centers [K, d], as float64 [n, K, d]."""
    samples, centers = (array.astype(np.float64) for array in matrices(samples=samples, centers=centers))
    return samples[:, None, :] - centers[None, :, :]


def _positive(name, value):
    if not isinstance(value, numbers.Real) or not (math.isfinite(value) and value > 0):
        raise InputError(f"{name} is {value!r}; give a finite number above 0")
    return float(value)
