"""Checks of the arrays that scores receive."""

import math
from numbers import Real

import numpy as np

from tfgan2.errors import ArgumentError, InputError

_ROWS = 4096  # Rows checked at a time.


def real_array(name: str, array) -> np.ndarray:
    """Converts to an array of real numbers, without a copy if it is one.

    Raises:
      InputError: The input has complex numbers, None, text, or lists of unequal lengths.
    """
    try:
        array = np.asarray(array)
    except ValueError as error:
        raise InputError(f"{name} are lists of unequal lengths; they must be an array of real numbers.") from error
    if array.dtype.kind not in "biuf":
        raise InputError(f"{name} have type {array.dtype}; they must be real numbers.")
    return array


def numbers(name: str, array) -> np.ndarray:
    """Converts floats of at most 32 bits to float32 and other real numbers to float64, without a copy if possible.

    Raises:
      InputError: As for `real_array`.
    """
    array = real_array(name, array)
    narrow = array.dtype.kind == "f" and array.dtype.itemsize <= 4
    return array.astype(np.float32 if narrow else np.float64, copy=False)


def matrix(name: str, array, *, minimum: int = 1) -> np.ndarray:
    """Converts to a matrix [n, d] of float32 or float64, as `numbers` does.

    Args:
      name: Name of the array in error messages, a plural.
      array: [n, d], finite.
      minimum: The smallest n.

    Raises:
      InputError: As for `numbers`, or the array has another rank, is empty, has too few rows, or is not finite.
    """
    array = numbers(name, array)
    if array.ndim != 2 or array.size == 0:
        raise InputError(f"{name} have shape {array.shape}; they must be [count, dimensions], none of them 0.")
    if len(array) < minimum:
        raise InputError(f"number of {name} is {len(array)}; it must be at least {minimum}.")
    blocks = (array[start : start + _ROWS] for start in range(0, len(array), _ROWS))
    bad_rows = sum(np.count_nonzero(~np.isfinite(block).all(axis=1)) for block in blocks)
    if bad_rows:
        raise InputError(f"{name} are not finite in {bad_rows} of {len(array)} rows; all values must be finite.")
    return array


def matrices(minimum: int = 1, **arrays) -> list[np.ndarray]:
    """Converts each named array with `matrix` and checks that all have the same dimension d.

    Error messages show an argument `real_features` as "real features".
    """
    arrays = {name.replace("_", " "): array for name, array in arrays.items()}
    found = {name: matrix(name, array, minimum=minimum) for name, array in arrays.items()}
    if len({array.shape[1] for array in found.values()}) > 1:
        dimensions = ", ".join(f"{name} have {array.shape[1]}" for name, array in found.items())
        raise InputError(f"dimensions differ: {dimensions}. Take the features of all sets from one network.")
    return list(found.values())


def vector(name: str, array) -> np.ndarray:
    """Converts to a list [n] of finite float64 numbers, n at least 1.

    Raises:
      InputError: As for `numbers`, or the array has another rank, is empty, or is not finite.
    """
    array = numbers(name, array).astype(np.float64)
    if array.ndim != 1 or array.size == 0:
        raise InputError(f"{name} have shape {array.shape}; they must be a list of at least one number.")
    bad = np.count_nonzero(~np.isfinite(array))
    if bad:
        raise InputError(f"{name} are not finite in {bad} of {len(array)} values; all must be finite.")
    return array


def positive(name: str, value) -> float:
    """Checks a number above 0.

    Raises:
      InputError: The value is not a finite real number above 0.
    """
    if not isinstance(value, Real) or not (math.isfinite(value) and value > 0):
        raise ArgumentError(name, value, "a finite number above 0")
    return float(value)
