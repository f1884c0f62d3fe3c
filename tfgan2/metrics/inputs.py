"""What every score requires of its input."""

import numpy as np

from tfgan2.errors import InputError

_ROWS = 4096  # checked at a time


def real_array(name: str, array) -> np.ndarray:
    """The array as it is, of real numbers.

    Raises:
      InputError: complex numbers, None, text, or lists of unequal lengths.
    """
    try:
        array = np.asarray(array)
    except ValueError as error:
        raise InputError(f"{name} are lists of unequal lengths; give an array of real numbers") from error
    if array.dtype.kind not in "biuf":
        raise InputError(f"{name} are of type {array.dtype}; give real numbers")
    return array


def numbers(name: str, array) -> np.ndarray:
    """The array as float32 if it has floats of at most 32 bits, else as float64; not copied if it is one of these.

    Raises:
      InputError: as `real_array`.
    """
    array = real_array(name, array)
    narrow = array.dtype.kind == "f" and array.dtype.itemsize <= 4
    return array.astype(np.float32 if narrow else np.float64, copy=False)


def matrix(name: str, array, *, minimum: int = 1) -> np.ndarray:
    """The array [n, d] as `numbers` returns it, for n at least `minimum`.

    Raises:
      InputError: as `numbers`; another rank, empty, too few rows, or rows that are not finite.
    """
    array = numbers(name, array)
    if array.ndim != 2 or array.size == 0:
        raise InputError(f"{name} have shape {array.shape}; expected [count, dimensions], neither of them 0")
    if len(array) < minimum:
        raise InputError(f"{name} are {len(array)}; give at least {minimum}")
    blocks = (array[start : start + _ROWS] for start in range(0, len(array), _ROWS))
    bad_rows = sum(np.count_nonzero(~np.isfinite(block).all(axis=1)) for block in blocks)
    if bad_rows:
        raise InputError(f"{bad_rows} of {len(array)} rows of {name} are not finite; the score is undefined for them")
    return array


def matrices(minimum: int = 1, **arrays) -> list[np.ndarray]:
    """The named arrays as `matrix` returns them, all of the same dimension. A name's `_` is a space in messages."""
    arrays = {name.replace("_", " "): array for name, array in arrays.items()}
    found = {name: matrix(name, array, minimum=minimum) for name, array in arrays.items()}
    if len({array.shape[1] for array in found.values()}) > 1:
        told = ", ".join(f"{name} have {array.shape[1]}" for name, array in found.items())
        raise InputError(f"dimensions differ: {told}; give all in one space, as of one feature extractor")
    return list(found.values())


def vector(name: str, array) -> np.ndarray:
    """The array [n] as float64, n at least 1.

    Raises:
      InputError: as `numbers`; another rank, empty, or values that are not finite.
    """
    array = numbers(name, array).astype(np.float64)
    if array.ndim != 1 or array.size == 0:
        raise InputError(f"{name} have shape {array.shape}; give a list of at least one number")
    bad = np.count_nonzero(~np.isfinite(array))
    if bad:
        raise InputError(f"{bad} of {len(array)} {name} are not finite; the score is undefined for them")
    return array
