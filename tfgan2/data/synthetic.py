"""Point sets of few dimensions with known modes, and point sets from a file.

Every factory is deterministic in its `seed` and returns its points mode by mode, so whoever trains on them shuffles.
Where the sources publish different values, `None` stands for the one that the factory's docstring gives. A count below
1, a length that is not finite and positive, or a negative seed raises `InputError`.
"""

import math
import operator
import os
import zipfile
import zlib
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from tfgan2.errors import InputError


class PointSet(NamedTuple):
    """Training points and what is known of the law behind them.

    Attributes:
      name: What `--dataset` calls it.
      points: float32 [n, d], finite, in data units.
      centers: float64 [K, d], the means of the modes, or None where there are no modes.
      std: Standard deviation of a mode in each coordinate, in data units, or None where there are no modes.
      labels: int32 [n], the classes of the points, which for mixtures are their modes, or None if they are not known.
      class_names: By label.
    """

    name: str
    points: np.ndarray
    centers: np.ndarray | None
    std: float | None
    labels: np.ndarray | None = None
    class_names: tuple[str, ...] = ()


def grid25(
    *, points_per_mode: int | None = None, std: float | None = None, spacing: float = 2.0, seed: int = 0
) -> PointSet:
    """25 Gaussians on a 5 x 5 grid around the origin, means at {-4, -2, 0, 2, 4}^2 (GN-GAN, AAAI 2019).

    Published: 2,000 points a mode (50,000 in all), std 0.05. PGMGAN (CVPR 2021) uses the same law; the square set of
    LOGAN (AAAI 2018) is `spacing=1, std=0.01`.

    Args:
      points_per_mode: Points drawn from each mode.
      std: Standard deviation of a mode, in data units.
      spacing: Distance between neighbouring means of the grid, in data units.
      seed: Seed of the draw.
    """
    axis = _positive("spacing", spacing) * np.arange(-2, 3)
    centers = np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1).reshape(-1, 2)
    return _mixture("grid25", centers, points_per_mode, std, seed, published=(2_000, 0.05))


def ring8(
    *, points_per_mode: int | None = None, std: float | None = None, ring_radius: float = 2.0, seed: int = 0
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
    centers = _positive("ring_radius", ring_radius) * _circle(8)
    return _mixture("ring8", centers, points_per_mode, std, seed, published=(2_000, math.sqrt(0.02)))


def ring10(
    *, points_per_mode: int | None = None, std: float | None = None, ring_radius: float = 2.0, seed: int = 0
) -> PointSet:
    """Ten Gaussians on a circle, one for each class of Rumi-GAN's overlap (NeurIPS 2020): modes wanted and unwanted.

    Mode k lies at the angle 2 pi k / 10 from the second axis. The paper has no points in the plane; the law is ours:
    2,000 points a mode, std 0.05.

    Args:
      points_per_mode: Points drawn from each mode.
      std: Standard deviation of a mode, in data units.
      ring_radius: Distance of the means from the origin, in data units.
      seed: Seed of the draw.
    """
    centers = _positive("ring_radius", ring_radius) * _circle(10)
    return _mixture("ring10", centers, points_per_mode, std, seed, published=(2_000, 0.05))


def ring16(*, points_per_mode: int | None = None, std: float | None = None, seed: int = 0) -> PointSet:
    """Eight Gaussians on a circle of radius 1 and eight on one of radius 2, at equal angles (LOGAN, AAAI 2018).

    Published: std 0.01, and an epoch of 200 batches of 256, which 3,200 points a mode (51,200 in all) amount to.

    Args:
      points_per_mode: Points drawn from each mode.
      std: Standard deviation of a mode, in data units.
      seed: Seed of the draw.
    """
    centers = np.concatenate([_circle(8), 2.0 * _circle(8)])
    return _mixture("ring16", centers, points_per_mode, std, seed, published=(3_200, 0.01))


def modes1d(*, points_per_mode: int | None = None, std: float | None = None, seed: int = 0) -> PointSet:
    """Three Gaussians on a line, means -4, 0 and 4, of which the middle one is hard (after GN-GAN, AAAI 2019).

    The paper publishes no numbers; the means, std 0.5 and 2,000 points a mode are ours.

    Args:
      points_per_mode: Points drawn from each mode.
      std: Standard deviation of a mode, in data units.
      seed: Seed of the draw.
    """
    return _mixture("modes1d", np.array([[-4.0], [0.0], [4.0]]), points_per_mode, std, seed, published=(2_000, 0.5))


def blobs(*, points_per_mode: int | None = None, std: float | None = None, seed: int = 0) -> PointSet:
    """Two Gaussians, mode 0 at (-1, 0) and mode 1 at (1, 0), for constrained generation; all numbers are ours.

    Args:
      points_per_mode: Points drawn from each mode.
      std: Standard deviation of a mode, in data units.
      seed: Seed of the draw.
    """
    return _mixture("blobs", np.array([[-1.0, 0.0], [1.0, 0.0]]), points_per_mode, std, seed, published=(4_000, 0.2))


def swiss_roll(*, point_count: int = 51_200, std: float | None = None, seed: int = 0) -> PointSet:
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
    random = _generator(seed)
    last_angle = 4.5 * math.pi
    angles = random.uniform(last_angle / 3, last_angle, size=_count("point_count", point_count))
    curve = np.stack([np.cos(angles), np.sin(angles)], axis=-1) * (2.0 * angles / last_angle)[:, None]
    noise = random.normal(scale=_positive("std", 0.01 if std is None else std), size=curve.shape)
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
"""The built-in point sets by the name that `--dataset` takes. `npz:FILE` goes to `load_points`."""


def load_points(path: str | os.PathLike) -> PointSet:
    """Reads the points of `--dataset=npz:FILE`.

    The archive holds real numbers [n, d], named `points` or the only array beside the optional ones: `centers` [K, d],
    the means of the modes, and with it the scalar `std`, the standard deviation of a mode, and integers `labels` [n].

    Raises:
      InputError: the file is missing, not a whole .npz archive, or holds pickled objects; or its arrays are empty,
        have another rank or number of dimensions, or have rows that are not finite; or labels are no classes.
    """
    name = f"npz:{os.fspath(path)}"
    arrays = _read_npz(name, path)
    points = _matrix(name, "points", arrays["points"], np.float32)
    centers = _matrix(name, "centers", arrays["centers"], np.float64) if "centers" in arrays else None
    if centers is not None and centers.shape[1] != points.shape[1]:
        raise InputError(
            f"{name}: centers have {centers.shape[1]} dimensions and the points {points.shape[1]}; give both the same"
        )
    std = _std_of_file(name, arrays) if "std" in arrays else None
    labels = _labels_of_file(name, arrays["labels"], len(points)) if "labels" in arrays else None
    return PointSet(name, points, centers, std, labels, _class_names(labels))


class Scaling(NamedTuple):
    """The affine map between data units and the output range of a network, for NumPy arrays and tensors alike.

    Attributes:
      offset: The data value that a network sees as 0.
      scale: How many data units one unit of the network is.
    """

    offset: float
    scale: float

    def to_network(self, values):
        """Maps values of any shape in data units to the network's range."""
        return (values - self.offset) / self.scale

    def to_data(self, values):
        """Maps values of any shape in the network's range to data units."""
        return values * self.scale + self.offset


def scaling_for(points: np.ndarray, output_range: str) -> Scaling:
    """The scaling that brings points into a network's output range, with M the largest |coordinate| among them.

    Args:
      points: Real numbers of any shape, in data units.
      output_range: "unit" for [0, 1], x -> (x / M + 1) / 2 (GN-GAN, AAAI 2019); "symmetric" for [-1, 1], x -> x / M;
        "raw" for data units.

    Raises:
      InputError: an unknown range, no points, or points that are not finite or all zero.
    """
    largest = float(np.max(np.abs(points), initial=0.0))
    ranges = {"unit": Scaling(-largest, 2 * largest), "symmetric": Scaling(0.0, largest), "raw": Scaling(0.0, 1.0)}
    if output_range not in ranges:
        raise InputError(f"unknown output range {output_range!r}; choose one of {', '.join(ranges)}")
    if not (math.isfinite(largest) and largest > 0):
        raise InputError(f"the largest |coordinate| of the points is {largest}; scaling needs a finite, positive one")
    return ranges[output_range]


_BESIDE_POINTS = ("centers", "std", "labels")


def _circle(count):
    angles = 2 * math.pi * np.arange(count) / count
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1)


def _mixture(name, centers, points_per_mode, std, seed, *, published):
    points_per_mode = _count("points_per_mode", published[0] if points_per_mode is None else points_per_mode)
    std = _positive("std", published[1] if std is None else std)
    noise = _generator(seed).normal(scale=std, size=(len(centers), points_per_mode, centers.shape[1]))
    points = (centers[:, None, :] + noise).reshape(-1, centers.shape[1]).astype(np.float32)
    labels = np.repeat(np.arange(len(centers), dtype=np.int32), points_per_mode)
    return PointSet(name, points, centers.astype(np.float64), std, labels, _class_names(labels))


def _class_names(labels):
    return () if labels is None else tuple(map(str, range(int(labels.max()) + 1)))


def _generator(seed):
    return np.random.default_rng(_count("seed", seed, minimum=0))


def _count(name, value, minimum=1):
    try:
        count = operator.index(value)
    except TypeError:
        raise InputError(f"{name} is {value!r}; give a whole number of at least {minimum}") from None
    if count < minimum:
        raise InputError(f"{name} is {value!r}; give a whole number of at least {minimum}")
    return count


def _positive(name, value):
    if not (math.isfinite(value) and value > 0):
        raise InputError(f"{name} is {value!r}; give a finite number above 0")
    return float(value)


def _read_npz(name, path):
    """The arrays by their role: `points`, and `centers`, `std` and `labels` where the archive has them."""
    try:
        with np.lib.npyio.NpzFile(path, allow_pickle=False) as archive:
            keys = {key: key for key in _BESIDE_POINTS if key in archive.files}
            keys["points"] = _points_key(name, archive.files)
            return {role: np.asarray(archive[key]) for role, key in keys.items()}
    except InputError:
        raise
    except OSError as error:
        raise InputError(
            f"{name}: cannot be read ({error.strerror or error}); give the path of a readable .npz file"
        ) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, MemoryError) as error:
        raise InputError(
            f"{name}: not a whole .npz archive of plain arrays ({error}); write it with numpy.savez(FILE, points=...), "
            "copy it again if it was cut short; pickled objects are refused"
        ) from error


def _points_key(name, keys):
    candidates = [key for key in keys if key not in _BESIDE_POINTS]
    if "points" not in candidates and len(candidates) != 1:
        raise InputError(f"{name}: which array holds the points? It has {keys}; call the one to train on 'points'")
    return "points" if "points" in candidates else candidates[0]


def _matrix(name, role, array, dtype):
    if array.dtype.kind not in "fiu":
        raise InputError(f"{name}: {role} hold {array.dtype}; save real numbers, such as float32")
    if array.ndim != 2 or array.size == 0:
        raise InputError(f"{name}: {role} have shape {array.shape}; expected [count, dimensions], neither of them 0")
    with np.errstate(over="ignore"):
        matrix = np.ascontiguousarray(array, dtype)
    bad_rows = np.count_nonzero(~np.isfinite(matrix).all(axis=1))
    if bad_rows:
        raise InputError(
            f"{name}: {bad_rows} of {len(matrix)} rows of {role} are not finite as {matrix.dtype}; remove or mend them"
        )
    return matrix


def _labels_of_file(name, labels, count):
    if labels.shape != (count,) or labels.dtype.kind not in "iu" or labels.min() < 0:
        raise InputError(
            f"{name}: labels are {labels.dtype} {list(labels.shape)}; save integers [{count}] from 0, one a point"
        )
    return labels.astype(np.int32)


def _std_of_file(name, arrays):
    std = arrays["std"]
    if std.shape != () or std.dtype.kind not in "fiu" or not (np.isfinite(std) and std > 0):
        raise InputError(f"{name}: std is {std.tolist()!r}; give one finite number above 0")
    if "centers" not in arrays:
        raise InputError(f"{name}: std came without centers; add the means of the modes as 'centers'")
    return float(std)
