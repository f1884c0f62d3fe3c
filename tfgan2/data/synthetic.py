"""Point sets of few dimensions with known modes.

Every function is deterministic in its `seed`. It returns the points mode by mode, so training must shuffle them. The
value `None` of an argument stands for the published value in the docstring. An argument that is out of range raises
`ArgumentError`.
"""

import math
from collections.abc import Callable

import numpy as np

from tfgan2.data.points import PointSet, class_names_of
from tfgan2.ranges import Positive, Samples, Seed, checked


@checked
def grid25(
    *, points_per_mode: Samples | None = None, std: Positive | None = None, spacing: Positive = 2.0, seed: Seed = 0
) -> PointSet:
    """25 Gaussians on a 5 x 5 grid around the origin, means at {-4, -2, 0, 2, 4}^2 (GN-GAN, AAAI 2019).

    Published: 2,000 points a mode (50,000 in all), std 0.05. PGMGAN (CVPR 2021) uses the same. The square set of LOGAN
    (AAAI 2018) is `spacing=1, std=0.01`.

    Args:
      points_per_mode: Points drawn from each mode.
      std: Standard deviation of a mode, in data units.
      spacing: Distance between neighbouring means of the grid, in data units.
      seed: Seed of the draw.
    """
    axis = spacing * np.arange(-2, 3)
    centers = np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1).reshape(-1, 2)
    return _mixture("grid25", centers, points_per_mode, std, seed, published=(2_000, 0.05))


@checked
def ring8(
    *, points_per_mode: Samples | None = None, std: Positive | None = None, ring_radius: Positive = 2.0, seed: Seed = 0
) -> PointSet:
    """Eight Gaussians on a circle (P2GAN, IJCAI 2019), mode k at the angle 2 pi k / 8 from the second axis.

    Published: covariance 0.02 I (std 0.1414), radius 2. The number of points is not published; 2,000 a mode is ours.
    The ring of PGMGAN (CVPR 2021) is `std=0.01`, that of LOGAN (AAAI 2018) `ring_radius=1, std=0.01`.

    Args:
      points_per_mode: Points drawn from each mode.
      std: Standard deviation of a mode, in data units.
      ring_radius: Distance of the means from the origin, in data units.
      seed: Seed of the draw.
    """
    centers = ring_radius * _circle(8)
    return _mixture("ring8", centers, points_per_mode, std, seed, published=(2_000, math.sqrt(0.02)))


@checked
def ring10(
    *, points_per_mode: Samples | None = None, std: Positive | None = None, ring_radius: Positive = 2.0, seed: Seed = 0
) -> PointSet:
    """Ten Gaussians on a circle, one for each class of Rumi-GAN's overlap (NeurIPS 2020): modes wanted and unwanted.

    Mode k lies at the angle 2 pi k / 10 from the second axis. The paper has no points in the plane. This set is
    ours: 2,000 points a mode, std 0.05.

    Args:
      points_per_mode: Points drawn from each mode.
      std: Standard deviation of a mode, in data units.
      ring_radius: Distance of the means from the origin, in data units.
      seed: Seed of the draw.
    """
    centers = ring_radius * _circle(10)
    return _mixture("ring10", centers, points_per_mode, std, seed, published=(2_000, 0.05))


@checked
def ring16(*, points_per_mode: Samples | None = None, std: Positive | None = None, seed: Seed = 0) -> PointSet:
    """Eight Gaussians on a circle of radius 1 and eight on one of radius 2, at equal angles (LOGAN, AAAI 2018).

    Published: std 0.01, and an epoch of 200 batches of 256, which 3,200 points a mode (51,200 in all) amount to.

    Args:
      points_per_mode: Points drawn from each mode.
      std: Standard deviation of a mode, in data units.
      seed: Seed of the draw.
    """
    centers = np.concatenate([_circle(8), 2.0 * _circle(8)])
    return _mixture("ring16", centers, points_per_mode, std, seed, published=(3_200, 0.01))


@checked
def modes1d(*, points_per_mode: Samples | None = None, std: Positive | None = None, seed: Seed = 0) -> PointSet:
    """Three Gaussians on a line, means -4, 0 and 4 (after GN-GAN, AAAI 2019).

    The paper publishes no numbers; the means, std 0.5 and 2,000 points a mode are ours.

    Args:
      points_per_mode: Points drawn from each mode.
      std: Standard deviation of a mode, in data units.
      seed: Seed of the draw.
    """
    return _mixture("modes1d", np.array([[-4.0], [0.0], [4.0]]), points_per_mode, std, seed, published=(2_000, 0.5))


@checked
def blobs(*, points_per_mode: Samples | None = None, std: Positive | None = None, seed: Seed = 0) -> PointSet:
    """Two Gaussians, mode 0 at (-1, 0) and mode 1 at (1, 0), for constrained generation; all numbers are ours.

    Args:
      points_per_mode: Points drawn from each mode.
      std: Standard deviation of a mode, in data units.
      seed: Seed of the draw.
    """
    return _mixture("blobs", np.array([[-1.0, 0.0], [1.0, 0.0]]), points_per_mode, std, seed, published=(4_000, 0.2))


@checked
def swiss_roll(*, point_count: Samples = 51_200, std: Positive | None = None, seed: Seed = 0) -> PointSet:
    """The two curled axes of the Swiss roll, scaled so that its largest coordinate is 2 (LOGAN, AAAI 2018).

    The curve is (r cos a, r sin a) with the angle a uniform in [1.5 pi, 4.5 pi] and r = 2 a / (4.5 pi), plus isotropic
    Gaussian noise. Published: std 0.01, an epoch of 51,200 points. The paper's code draws 1,000 points of the curve
    once and divides by the largest coordinate among them; here every point has an angle of its own and the divisor is
    that of the whole curve.

    Args:
      point_count: Points drawn from the whole curve.
      std: Standard deviation of the noise around the curve, in data units.
      seed: Seed of the draw.
    """
    random = np.random.default_rng(seed)
    last_angle = 4.5 * math.pi
    angles = random.uniform(last_angle / 3, last_angle, size=point_count)
    curve = np.stack([np.cos(angles), np.sin(angles)], axis=-1) * (2.0 * angles / last_angle)[:, None]
    noise = random.normal(scale=0.01 if std is None else std, size=curve.shape)
    return PointSet("swiss_roll", (curve + noise).astype(np.float32), None, None)


SOURCES: dict[str, Callable[..., PointSet]] = {
    "grid25": grid25,
    "ring8": ring8,
    "ring10": ring10,
    "ring16": ring16,
    "modes1d": modes1d,
    "blobs": blobs,
    "swiss_roll": swiss_roll,
}
"""The built-in point sets by the name that `--dataset` takes."""


def _circle(count):
    angles = 2 * math.pi * np.arange(count) / count
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1)


def _mixture(name, centers, points_per_mode, std, seed, *, published):
    points_per_mode = published[0] if points_per_mode is None else points_per_mode
    std = float(published[1] if std is None else std)
    noise = np.random.default_rng(seed).normal(scale=std, size=(len(centers), points_per_mode, centers.shape[1]))
    points = (centers[:, None, :] + noise).reshape(-1, centers.shape[1]).astype(np.float32)
    labels = np.repeat(np.arange(len(centers), dtype=np.int32), points_per_mode)
    return PointSet(name, points, centers.astype(np.float64), std, labels, class_names_of(labels))
