"""Errors of NumPy's .npz archives."""

import contextlib
import zipfile
import zlib

from tfgan2.errors import InputError


@contextlib.contextmanager
def reading(name, array):
    """Turns what reading an archive raises into an InputError.

    Args:
      name: of the data set, which the message begins with.
      array: the name of the array that an archive of this kind has to hold.
    """
    try:
        yield
    except InputError:
        raise
    except OSError as error:
        raise InputError(
            f"{name}: cannot be read ({error.strerror or error}); give the path of a readable .npz file"
        ) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, MemoryError) as error:
        raise InputError(
            f"{name}: not a whole .npz archive of plain arrays ({error}); write it with "
            f"numpy.savez(FILE, {array}=...), copy it again if it was cut short; pickled objects are refused"
        ) from error
