"""Euclidean distances between large sets, block by block, with what rounding does to them kept in view."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from tfgan2.errors import InputError

# Distances computed at a time: 32 MiB of float64, and four arrays of that size at once.
BLOCK = 2**22

# |x|^2 + |y|^2 - 2 x.y is off by about sqrt(d) times the machine epsilon of |x|^2 + |y|^2; this is far above it.
ROUNDING = 1e-12


class Block(NamedTuple):
    """Distances of some rows of one set [n, d] to all of another [m, d].

    Attributes:
      rows: Which, b of them.
      squared: Squared distances [b, m], exactly 0 for copies.
      rounding: How far they may be off [b, m].
    """

    rows: slice
    squared: np.ndarray
    rounding: np.ndarray


def blocks(points: np.ndarray, others: np.ndarray) -> Iterator[Block]:
    """Squared Euclidean distances of points [n, d] to others [m, d], float64, in blocks of at most BLOCK numbers.

    By a matrix product, as n m d subtractions would take minutes for 10,000 by 10,000 of 2,048 features. Both sets are
    centred at the mean of the others first, so that a common offset costs no digits.
    """
    center = others.mean(axis=0)
    points, others = points - center, others - center
    norms, other_norms = (np.einsum("ij,ij->i", array, array) for array in (points, others))
    step = max(1, BLOCK // len(others))
    for start in range(0, len(points), step):
        rows = slice(start, min(start + step, len(points)))
        scale = norms[rows, None] + other_norms
        squared = points[rows] @ others.T
        squared *= -2
        squared += scale
        rounding = np.multiply(scale, ROUNDING, out=scale)
        squared[squared <= rounding] = 0
        yield Block(rows, squared, rounding)


def neighbor_distances(name: str, points: np.ndarray, k: int) -> np.ndarray:
    """Squared distances [n] of points [n, d] to their k-th nearest *other* point; a copy is another point.

    Raises:
      InputError: k is not in 1 to n - 1.
    """
    if not 1 <= k < len(points):
        raise InputError(
            f"k is {k!r}; a neighbour is another sample, so with {len(points)} {name} give 1 to {len(points) - 1}"
        )
    found = np.empty(len(points))
    for rows, squared, _ in blocks(points, points):
        squared[np.arange(len(squared)), np.arange(rows.start, rows.stop)] = np.inf
        found[rows] = np.partition(squared, k - 1, axis=1)[:, k - 1]
    return found


def nearest_distances(points: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Distances [n] of points [n, d] to the nearest of others [m, d], exactly 0 for a copy."""
    found = np.empty(len(points))
    for rows, squared, _ in blocks(points, others):
        found[rows] = squared.min(axis=1)
    return np.sqrt(found)
