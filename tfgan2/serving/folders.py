"""The numbered folders of exports. An export is complete or absent."""

import re
import tempfile
from pathlib import Path

import tensorflow as tf

from tfgan2.errors import InputError, StorageError
from tfgan2.system.paths import pattern_in

_OPERATION = re.compile(r"\{\{.*?\}\} | \[Op:\w+\]")  # Additions of TensorFlow to the message of a failed operation.


def check_folder(directory):
    """Raises InputError for a path from which TensorFlow could not load a SavedModel."""
    letter = pattern_in(directory)
    if letter is not None:
        raise InputError(
            f"cannot export to {directory}: TensorFlow reads {letter} in a path as part of a pattern, and could not "
            "load the model. Name a folder whose path has none of * ? [ ] and backslash."
        )


def publish(directory, write):
    """Calls `write` for a new folder, renames the folder to the next free number, and returns its path.

    Raises:
      InputError: The directory is not a folder, or is not writable.
      StorageError: Writing failed, for example on a full disk. Nothing of the export is kept.
    """
    directory = Path(directory)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=directory, prefix=".export-", ignore_cleanup_errors=True) as parent:
            unfinished = Path(parent, "model")
            write(unfinished)
            return unfinished.rename(directory / str(last_number(directory) + 1))
    except (FileExistsError, NotADirectoryError, PermissionError) as error:
        raise InputError(
            f"cannot export to {directory} ({error.strerror}); name a folder that may be written to, or a new one."
        ) from error
    except (OSError, tf.errors.OpError) as error:
        reason = _OPERATION.sub("", error.message) if isinstance(error, tf.errors.OpError) else error.strerror
        raise StorageError(f"{directory}: writing the export failed ({reason}); nothing of it was kept.") from error


def last_number(directory):
    """Returns the highest number of an export in a folder, or 0."""
    names = (path.name for path in Path(directory).iterdir())
    return max((int(name) for name in names if name.isascii() and name.isdecimal()), default=0)
