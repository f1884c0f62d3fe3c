"""Writing of files that are complete or absent, also on a full disk."""

import contextlib
import errno
import json
import os
import tempfile
from pathlib import Path

import tensorflow as tf

from tfgan2.errors import StorageError
from tfgan2.system.file_versions import check_version

_LONGEST_NAME = 50  # Letters of a name in its temporary name. File systems have a limit of 255 bytes.


@contextlib.contextmanager
def storing(path):
    """Context that converts errors of the file system to a StorageError that names the path."""
    try:
        yield
    except (OSError, tf.errors.OpError) as error:
        text = getattr(error, "strerror", None) or str(error)
        reason = text.strip().splitlines()[0]
        raise StorageError(
            f"{path} could not be written: {reason}. Free space or correct the permissions, then run the command again."
        ) from error


def check_writable(path):
    """Checks that a file can be written, without writing it. Its folders may be missing.

    Raises:
      StorageError: The file cannot be written.
    """
    path = Path(path)
    with storing(path):
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        folder = next(parent for parent in path.absolute().parents if parent.exists())
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".writable-"):
            pass


def write_whole(path, data):
    """Writes a file that is always complete: first under a temporary name in its folder, then renamed.

    Missing folders are created.

    Args:
      path: Path of the file.
      data: Bytes.

    Raises:
      StorageError: The file cannot be written. An earlier file with this path is unchanged.
    """
    path = Path(path)
    unfinished = path.with_name(f".{path.name[:_LONGEST_NAME]}.unfinished")
    with storing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            unfinished.write_bytes(data)
            unfinished.replace(path)
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise


def read_json(kind, path):
    """Returns the content of a JSON file, or None if it is missing or damaged.

    Args:
      kind: A key of `file_versions.VERSIONS`.
      path: Path of the file.

    Raises:
      InputError: The file has a newer version.
    """
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    check_version(kind, path, content)
    return content
