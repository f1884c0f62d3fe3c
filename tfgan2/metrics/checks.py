"""What every score asks of its input."""

import numpy as np

from tfgan2.errors import InputError


def matrix(name: str, array, *, minimum: int = 1) -> np.ndarray:
    """The array as float64 [n, d], for n at least `minimum`.

    Raises:
      InputError: another rank, empty, too few rows, or rows that are not finite.
    """
    array = np.asarray(array, np.float64)
    if array.ndim != 2 or array.size == 0:
        raise InputError(f"{name} have shape {array.shape}; expected [count, dimensions], neither of them 0")
    if len(array) < minimum:
        raise InputError(f"{name} are {len(array)}; give at least {minimum}")
    bad_rows = np.count_nonzero(~np.isfinite(array).all(axis=1))
    if bad_rows:
        raise InputError(f"{bad_rows} of {len(array)} rows of {name} are not finite; the score is undefined for them")
    return array


def matrices(minimum: int = 1, **arrays) -> list[np.ndarray]:
    """The named arrays as `matrix` does it, all of the same dimension. A name's `_` is a space in messages."""
    arrays = {name.replace("_", " "): array for name, array in arrays.items()}
    found = {name: matrix(name, array, minimum=minimum) for name, array in arrays.items()}
    if len({array.shape[1] for array in found.values()}) > 1:
        told = ", ".join(f"{name} have {array.shape[1]}" for name, array in found.items())
        raise InputError(f"dimensions differ: {told}; give all in one space, as of one feature extractor")
    return list(found.values())
