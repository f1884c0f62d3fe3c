"""Sets of points, and reading of points from a file."""

import os
from typing import NamedTuple

import numpy as np

from tfgan2.data.archives import reading
from tfgan2.data.kinds import POINTS, DataSet
from tfgan2.data.labels import checked_labels
from tfgan2.errors import InputError

_BESIDE_POINTS = ("centers", "std", "labels")


class _Fields(NamedTuple):
    name: str
    samples: np.ndarray
    centers: np.ndarray | None
    std: float | None
    labels: np.ndarray | None = None
    class_names: tuple[str, ...] = ()
    label_fault: str = ""
    held_out: np.ndarray | None = None


class PointSet(_Fields, DataSet):
    """Training points and facts about their distribution.

    Attributes:
      name: Name in `--dataset`.
      samples: float32 [n, d], finite, in data units.
      centers: float64 [K, d], the means of the modes, or None without modes.
      std: Standard deviation of a mode in each coordinate, in data units, or None without modes.
      labels: int32 [n], the classes of the points, or None if unknown. The classes of a mixture are its modes.
      class_names: Class names by label.
      label_fault: A clause that says why there are no labels although the file has some. Empty otherwise.
      held_out: Rows of the points that training does not see, integers [h] in rising order, or None.
    """

    __slots__ = ()

    kind = POINTS

    @property
    def modes_are_known(self):
        """Whether means and standard deviation of the modes are known."""
        return self.centers is not None and self.std is not None

    def taken(self, rows, at_most=None):
        """See `DataSet.taken`. If the labels are the modes of a mixture, only the modes of these samples are kept."""
        data = super().taken(rows, at_most)
        if self.centers is None or len(self.centers) != len(self.class_names):
            return data
        return data._replace(centers=self.centers[np.unique(self.labels[rows])])


def load_points(path: str | os.PathLike) -> PointSet:
    """Reads the points of `--dataset=npz:FILE`.

    The points are the array `points` or the only array that is not optional, real numbers [n, d]. Optional arrays are
    `centers` [K, d] with the means of the modes, the scalar `std` with the standard deviation of a mode, which needs
    `centers`, and integers `labels` [n].

    Raises:
      InputError: The file is missing, is not a complete .npz archive, or has pickled objects. An array is empty, has a
        wrong rank or dimension, or is not finite. A label is not a class.
    """
    name = f"npz:{os.fspath(path)}"
    arrays = _arrays_of(name, path)
    points = checked_points(name, "points", arrays["points"])
    centers = checked_points(name, "centers", arrays["centers"], np.float64) if "centers" in arrays else None
    if centers is not None and centers.shape[1] != points.shape[1]:
        raise InputError(
            f"{name}: centers have {centers.shape[1]} dimensions and the points {points.shape[1]}; give both the same"
        )
    std = _std_of_file(name, arrays) if "std" in arrays else None
    labels = checked_labels(name, arrays["labels"], len(points)) if "labels" in arrays else None
    return PointSet(name, points, centers, std, labels, class_names_of(labels))


def class_names_of(labels):
    """Class names "0" to the largest label. Empty without labels."""
    return () if labels is None else tuple(map(str, range(int(labels.max()) + 1)))


def _arrays_of(name, path):
    """Role -> array: `points`, and `centers`, `std` and `labels` if the archive has them."""
    with reading(name, "points"), np.lib.npyio.NpzFile(os.path.expanduser(path), allow_pickle=False) as archive:
        keys = {key: key for key in _BESIDE_POINTS if key in archive.files}
        keys["points"] = _points_key(name, archive.files)
        return {role: np.asarray(archive[key]) for role, key in keys.items()}


def _points_key(name, keys):
    candidates = [key for key in keys if key not in _BESIDE_POINTS]
    if "points" not in candidates and len(candidates) != 1:
        raise InputError(f"{name}: which array holds the points? It has {keys}; call the one to train on 'points'")
    return "points" if "points" in candidates else candidates[0]


def checked_points(name, role, array, dtype=np.float32):
    """Checks real numbers [n, d] from a file or a function and converts them to `dtype`.

    Raises:
      InputError: The array has another type or rank, is empty, or is not finite.
    """
    if array.dtype.kind not in "fiu":
        raise InputError(f"{name}: {role} hold {array.dtype}; save real numbers, such as float32")
    if array.ndim != 2 or array.size == 0:
        raise InputError(f"{name}: {role} have shape {array.shape}; expected [count, dimensions], neither of them 0")
    with np.errstate(over="ignore"):
        matrix = np.ascontiguousarray(array, dtype)
    bad_rows = np.count_nonzero(~np.isfinite(matrix).all(axis=1))
    if bad_rows:
        raise InputError(
            f"{name}: {bad_rows} of {len(matrix)} rows of {role} are not finite as {matrix.dtype}; remove or "
            "correct these rows"
        )
    return matrix


def _std_of_file(name, arrays):
    std = arrays["std"]
    if std.shape != () or std.dtype.kind not in "fiu" or not (np.isfinite(std) and std > 0):
        raise InputError(f"{name}: std is {std.tolist()!r}; give one finite number above 0")
    if "centers" not in arrays:
        raise InputError(f"{name}: std came without centers; add the means of the modes as 'centers'")
    return float(std)
