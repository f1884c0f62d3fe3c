"""The folder of the cache, and safe creation of new entries."""

import contextlib
import errno
import functools
import os
import re
import shutil
import stat
import tempfile
import time
import uuid
import warnings
from pathlib import Path

from tfgan2.errors import ArgumentError, InputError, SettingWarning, StorageError

_ABANDONED = 24 * 3600  # Seconds after which an unfinished folder without changes is from a killed process.


def cache_folder(cache_dir=None):
    """Returns the folder of the cache: `cache_dir`, else $TFGAN2_CACHE, else ~/.cache/tfgan2.

    Without a writable home folder, the cache is in the folder of temporary files, and a warning says so.

    Raises:
      InputError: There is no writable folder.
    """
    named = cache_dir or os.environ.get("TFGAN2_CACHE")
    if named:
        return Path(os.path.expanduser(named))
    folder = Path(os.path.expanduser("~"), ".cache", "tfgan2")
    with contextlib.suppress(OSError):
        if folder.is_absolute():
            folder.mkdir(parents=True, exist_ok=True)
            if os.access(folder, os.W_OK | os.X_OK):
                return folder
    return _temporary_folder(os.getuid())


@functools.cache
def _temporary_folder(user):
    """A temporary folder to which no other user can write."""
    try:
        folder = Path(tempfile.gettempdir(), f"tfgan2-{user}")
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if found.st_uid != user or not stat.S_ISDIR(found.st_mode):
            raise FileExistsError(errno.EEXIST, f"{folder} is another user's")
    except OSError as error:
        raise InputError(
            f"there is no folder for the cache: no home folder and no temporary one can be written to "
            f"({error.strerror}); name one by --data.cache_dir or the environment variable TFGAN2_CACHE"
        ) from error
    warnings.warn(
        f"no home folder can be written to, so the cache is in {folder}; --data.cache_dir or the environment variable "
        "TFGAN2_CACHE names another folder",
        SettingWarning,
        stacklevel=3,
    )
    return folder


def plain_name(name):
    """The end of a dataset's name, with letters, digits, hyphens and underscores only."""
    return re.sub(r"[^A-Za-z0-9_]+", "-", name)[-60:].strip("-")


@contextlib.contextmanager
def unfinished_folder(folder):
    """Context with a new folder in the cache. It is removed at the end, unless it was renamed.

    Raises:
      InputError: The cache cannot be used.
      StorageError: Writing in the context failed, for example on a full disk.
    """
    unfinished = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(folder)
        unfinished = folder / f".unfinished-{uuid.uuid4().hex}"
        unfinished.mkdir()
        yield unfinished
    except (FileExistsError, NotADirectoryError, PermissionError) as error:
        accepted = f"a folder that may be written to ({error.strerror})"
        advice = "The environment variable TFGAN2_CACHE names it, too."
        raise ArgumentError("cache_dir", str(folder), accepted, advice) from error
    except StorageError:
        raise  # This error is from the source of the images.
    except OSError as error:
        raise StorageError(
            f"{folder}: what is prepared could not be written ({error.strerror or error}); make room, or name a folder "
            "on another disk by --data.cache_dir"
        ) from error
    finally:
        if unfinished is not None:
            shutil.rmtree(unfinished, ignore_errors=True)


def _remove_abandoned(folder):
    for path in folder.glob(".unfinished-*"):
        with contextlib.suppress(OSError):
            if time.time() - max(part.stat().st_mtime for part in (path, *path.iterdir())) > _ABANDONED:
                shutil.rmtree(path, ignore_errors=True)
