"""Files that are whole or absent, also where the disk is full."""

import contextlib
import errno
import os
import tempfile
from pathlib import Path

import tensorflow as tf

from tfgan2.errors import StorageError

_KEPT = 50  # letters of a name in its temporary one, as file systems take 255 bytes


@contextlib.contextmanager
def storing(path):
    """Turns what the file system refuses within this context into a StorageError that names the path."""
    try:
        yield
    except (OSError, tf.errors.OpError) as error:
        text = getattr(error, "strerror", None) or str(error)
        reason = text.strip().splitlines()[0]
        raise StorageError(
            f"{path} could not be written: {reason}. Make room or mend the rights; the same command goes on."
        ) from error


def check_writable(path):
    """Raises StorageError if a file could not be written, and leaves nothing behind; folders may be missing."""
    path = Path(path)
    with storing(path):
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        folder = next(parent for parent in path.absolute().parents if parent.exists())
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".writable-"):
            pass


def write_whole(path, data):
    """Writes bytes to a temporary name in the same folder, which is made if need be, and renames it.

    Raises:
      StorageError: the file system refuses; what was there before stays.
    """
    path = Path(path)
    unfinished = path.with_name(f".{path.name[:_KEPT]}.unfinished")
    with storing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            unfinished.write_bytes(data)
            unfinished.replace(path)
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise
