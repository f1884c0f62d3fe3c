"""Euclidean distances between large sets of points, computed block by block.

A matrix product in float32 gives all distances of a block, with a bound on their error. The bound decides most
comparisons of a distance with a radius. The undecided distances are computed one by one from differences in float64, so
that a copy has distance 0 exactly. If too many distances are undecided, as among near copies, a matrix product in
float64 gives those of the whole block.
"""

from collections.abc import Iterator

import numpy as np

from tfgan2.errors import ArgumentError

# Distances per block: 16 MiB in float32. Two arrays of this size exist at once.
BLOCK = 2**22

# Two distances count as equal if they differ by at most this factor times the length of the centred points. A rotation
# or scaling of the features changes distances by about sqrt(d) times the machine epsilon times this length. Squared
# distances from a matrix product have this accuracy relative to |x|^2 + |y|^2 only.
ROUNDING = 1e-12

_COSTLY = 64  # One distance by a difference costs as much as 64 distances by a product in float64.
_FEW = 4096  # Up to 4,096 distances by differences cost little in any case.
_CHUNK = 2**20  # Number of float64 values in memory at a time.


class Block:
    """Distances from b points of a set [n, d] to all points of another set [m, d].

    Attributes:
      rows: The slice of the b points.
    """

    def __init__(self, sets, rows):
        self.rows = rows
        self._sets = sets
        self._product = sets.scaled[rows] @ sets.other_scaled.T
        self._norms, self._other_norms = sets.norms[rows, None], sets.other_norms

    def inside(self, radii: np.ndarray, *, edge: bool) -> np.ndarray:
        """Compares each distance with a radius.

        Args:
          radii: Squared radii in float64: [m] for the points of the other set, or [b, 1] for the rows.
          edge: Whether a distance equal to the radius, to within rounding, counts as inside.

        Returns:
          Booleans [b, m], True for a distance inside its radius.
        """
        error, scale = self._sets.error, self._sets.scale**2
        found = self._at_most(radii / scale, 1 - error)  # All distances inside, and a few that are not.
        row, column = np.nonzero(found)
        if self._too_many(row):
            row, column = np.nonzero(found & ~self._at_most(radii / scale, 1 + error))
        if self._too_many(row):
            squared = self._sets.squared_by_product(self.rows)
            rounding = ROUNDING * scale * (self._norms + self._other_norms)
            return squared - rounding <= radii if edge else squared + rounding < radii
        squared = self._sets.squared(self.rows.start + row, column)
        rounding = ROUNDING * np.sqrt(squared * scale * (self._norms[row, 0] + self._other_norms[column]))
        radii = np.broadcast_to(radii, found.shape)[row, column]
        found[row, column] = squared - rounding <= radii if edge else squared + rounding < radii
        return found

    def smallest(self, k: int, *, own: bool) -> np.ndarray:
        """The k-th smallest squared distance of each row, float64 [b].

        Args:
          k: From 1 to m, or to m - 1 with `own`.
          own: Whether both sets are the same. Then the distance of each point to itself is left out.
        """
        error, norms = self._sets.error, self._norms[:, 0]
        itself = np.arange(len(norms)), np.arange(self.rows.start, self.rows.stop)
        lower = self._product * np.float32(-2)
        lower += ((1 - error) * self._other_norms).astype(np.float32)
        if own:
            lower[itself] = np.inf
        kth = lower.min(axis=1) if k == 1 else np.partition(lower, k - 1, axis=1)[:, k - 1]
        # The norm of a neighbour is at most twice that of the row and twice the squared distance.
        slack = 2 * error * (5 * norms + 2 * np.maximum(kth + norms, 0))
        row, column = np.nonzero(lower <= (kth + slack).astype(np.float32)[:, None])
        if self._too_many(row):
            squared = self._sets.squared_by_product(self.rows)
            if own:
                squared[itself] = np.inf
            return np.partition(squared, k - 1, axis=1)[:, k - 1]
        squared = self._sets.squared(self.rows.start + row, column)
        first = np.searchsorted(row, np.arange(len(norms)))
        return squared[np.lexsort((squared, row))[first + k - 1]]

    def _at_most(self, radii, factor):
        """Whether factor (|x|^2 + |y|^2) - 2 x.y <= radius, in float32."""
        of_rows, of_columns = factor * self._norms, factor * self._other_norms
        if np.ndim(radii) == 2:
            of_rows = of_rows - radii
        else:
            of_columns = of_columns - radii
        return self._product - (of_rows / 2).astype(np.float32) >= (of_columns / 2).astype(np.float32)

    def _too_many(self, pairs):
        return len(pairs) > max(_FEW, self._product.size // _COSTLY)


class Sets:
    """Two sets of points [n, d] and [m, d], prepared for matrix products in float32.

    The mean of the second set is subtracted from both sets. Then both are divided by the largest absolute value.

    Attributes:
      scaled, other_scaled: The scaled points, float32 [n, d] and [m, d], in [-1, 1].
      norms, other_norms: The squared norms of the scaled points, float64 [n] and [m].
      scale: The divisor.
      error: Bound on the error of a squared distance in float32, relative to the sum of both squared norms. The
        rounding error of a sum of d products grows with sqrt(d).
    """

    def __init__(self, points, others):
        self._points, self._others = points, others
        self._center = others.mean(axis=0, dtype=np.float64)
        self.scale = max(np.abs(part).max() for array in (points, others) for _, part in self._centred(array)) or 1.0
        self.other_scaled, self.other_norms = self._prepared(others)
        same = points is others
        self.scaled, self.norms = (self.other_scaled, self.other_norms) if same else self._prepared(points)
        self.error = 4 * np.finfo(np.float32).eps * (1 + np.sqrt(points.shape[1]))

    def blocks(self) -> Iterator[Block]:
        """Yields all distances, in blocks of at most BLOCK distances, or of one row if a row has more."""
        count, step = len(self.norms), max(1, BLOCK // len(self.other_norms))
        for start in range(0, count, step):
            yield Block(self, slice(start, min(start + step, count)))

    def squared(self, rows, columns):
        """Squared distances of p pairs of points from their differences, float64 [p]."""
        found = np.empty(len(rows))
        step = max(1, _CHUNK // self._points.shape[1])
        for start in range(0, len(rows), step):
            pairs = slice(start, start + step)
            difference = self._points[rows[pairs]].astype(np.float64)
            difference -= self._others[columns[pairs]]
            found[pairs] = np.einsum("ij,ij->i", difference, difference)
        return found

    def squared_by_product(self, rows):
        """Squared distances from a slice of rows to all points of the other set by a matrix product, float64 [b, m].

        Values that cannot be told from rounding errors are set to 0.
        """
        points = self._points[rows] - self._center
        squared = np.empty((len(points), len(self._others)))
        for columns, others in self._centred(self._others):
            np.matmul(points, -2 * others.T, out=squared[:, columns])
            squared[:, columns] += np.einsum("ij,ij->i", others, others)
        squared += np.einsum("ij,ij->i", points, points)[:, None]
        rounding = ROUNDING * self.scale**2 * (self.norms[rows, None] + self.other_norms)
        squared[squared <= rounding] = 0
        return squared

    def _prepared(self, array):
        scaled, norms = np.empty(array.shape, np.float32), np.empty(len(array))
        for rows, part in self._centred(array):
            part /= self.scale
            scaled[rows], norms[rows] = part, np.einsum("ij,ij->i", part, part)
        return scaled, norms

    def _centred(self, array):
        """Yields pairs of a slice of rows and these rows minus the centre, in float64."""
        step = max(1, _CHUNK // array.shape[1])
        for start in range(0, len(array), step):
            rows = slice(start, start + step)
            yield rows, array[rows] - self._center


def squared_neighbor_distances(name: str, points: np.ndarray, k: int) -> np.ndarray:
    """Squared distance of each point to its k-th nearest other point. A copy of a point counts as another point.

    Args:
      name: Name of the points in error messages.
      points: [n, d].
      k: From 1 to n - 1.

    Returns:
      float64 [n].

    Raises:
      InputError: k is outside [1, n - 1].
    """
    if not 1 <= k < len(points):
        accepted = f"in [1, {len(points) - 1}] for {len(points)} {name}, because no point is its own neighbour"
        raise ArgumentError("k", k, accepted)
    return np.concatenate([block.smallest(k, own=True) for block in Sets(points, points).blocks()])


def nearest_distances(points: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Distance of each point to the nearest point of another set.

    Args:
      points: [n, d].
      others: [m, d].

    Returns:
      float64 [n], exactly 0 for a copy.
    """
    return np.sqrt(np.concatenate([block.smallest(1, own=False) for block in Sets(points, others).blocks()]))
