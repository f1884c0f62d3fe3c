"""Errors of NumPy's .npz archives."""

import contextlib
import tokenize
import zipfile
import zlib

from tfgan2.errors import InputError

_OF_THE_ARCHIVE = (zipfile.BadZipFile, zlib.error, EOFError)
_OF_AN_ARRAY = (ValueError, RuntimeError, MemoryError, OverflowError, tokenize.TokenError)
DAMAGE = (*_OF_THE_ARCHIVE, *_OF_AN_ARRAY)
"""Errors of reading a file that is not a whole archive of plain arrays.

One with a password or an unknown compression gives RuntimeError. An array that claims to have 2^63 numbers or more
gives OverflowError. An open bracket in the header of an array gives TokenError.
"""


@contextlib.contextmanager
def reading(name, array):
    """Context that converts errors of reading an archive to InputError.

    Args:
      name: Name of the dataset. The message begins with it.
      array: Name of the array that the archive must have.
    """
    try:
        yield
    except InputError:
        raise
    except OSError as error:
        raise InputError(
            f"{name}: cannot be read ({error.strerror or error}); give the path of a readable .npz file"
        ) from error
    except DAMAGE as error:
        raise InputError(
            f"{name}: not a whole .npz archive of plain arrays ({error}); write it with "
            f"numpy.savez(FILE, {array}=...), copy it again if it was cut short; pickled objects are refused"
        ) from error
