"""Images decoded once, into memory-mapped arrays that later runs open at once.

An entry is a folder, named by a hash of where the images come from and what is done to them, with `images.npy`,
`labels.npy` where there are labels, and `entry.json`. It appears whole or not at all, so processes may share a cache.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import time
import uuid
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tfgan2.data.filling import fill
from tfgan2.errors import InputError, StorageError

_LAYOUT = 2  # part of every key: a higher one makes all entries anew
_ABANDONED = 24 * 3600  # seconds; what was not written to for so long belongs to a process that was killed


class Entry(NamedTuple):
    """Prepared images.

    Attributes:
      images: uint8 [n, height, width, channels], memory-mapped; what is written to it stays in this process.
      labels: int32 [n], or None if an image has none.
      class_names: by label.
      left_out: name -> why it cannot be used, for the images that are not here.
      digest: SHA-256 of the images and labels, hexadecimal.
      transparent: how many images had transparent pixels.
      label_fault: why there are no labels although some images have one, a clause; empty otherwise.
    """

    images: np.ndarray
    labels: np.ndarray | None
    class_names: tuple[str, ...]
    left_out: dict[str, str]
    digest: str
    transparent: int
    label_fault: str


def prepared(name, source, preparation, *, cache_dir=None) -> Entry:
    """The prepared images of a source, from the cache, or into it with a progress bar.

    Args:
      name: of the source, for messages and the entry's folder.
      source: a `Source`.
      preparation: a `Preparation`.
      cache_dir: folder of the cache; None is $TFGAN2_CACHE, or ~/.cache/tfgan2 without that.

    Raises:
      InputError: the cache cannot be used, no image can be read, or they differ in size and none is asked for.
      StorageError: writing failed, as on a full disk; nothing half written stays.
    """
    folder = cache_folder(cache_dir)
    path = folder / f"{plain_name(name)}-{_key(source, preparation)}"
    entry = _opened(path)
    if entry is None:
        with unfinished_folder(folder) as unfinished:
            fill(unfinished, name, source, preparation)
            _publish(unfinished, path)
        entry = _opened(path)
    return entry


def cache_folder(cache_dir=None):
    """The folder of the cache: `cache_dir`, or without one $TFGAN2_CACHE, or without that ~/.cache/tfgan2."""
    return Path(cache_dir or os.environ.get("TFGAN2_CACHE") or "~/.cache/tfgan2").expanduser()


def plain_name(name):
    """The end of a data set's name, in letters, digits, hyphens and underscores."""
    return re.sub(r"[^A-Za-z0-9_]+", "-", name)[-60:].strip("-")


def _key(source, preparation):
    text = json.dumps([_LAYOUT, source.fingerprint, preparation._asdict()])
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def _opened(path):
    """The entry in a folder, or None if there is none or it was damaged."""
    try:
        record = json.loads((path / "entry.json").read_text(encoding="utf-8"))
        # Copy on write: TensorFlow takes no read-only memory without copying it.
        images = np.load(path / "images.npy", mmap_mode="c")
        labels = np.load(path / "labels.npy") if record["has_labels"] else None
        others = {field: record[field] for field in ("left_out", "digest", "transparent", "label_fault")}
        return Entry(images, labels, tuple(record["class_names"]), **others)
    except (OSError, ValueError, KeyError, EOFError):
        return None


@contextlib.contextmanager
def unfinished_folder(folder):
    """A new folder beside the entries; it is gone afterwards, unless it was renamed.

    Raises:
      InputError: the cache cannot be used.
      StorageError: writing within the context failed, as on a full disk.
    """
    unfinished = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(folder)
        unfinished = folder / f".unfinished-{uuid.uuid4().hex}"
        unfinished.mkdir()
        yield unfinished
    except (FileExistsError, NotADirectoryError, PermissionError) as error:
        raise InputError(
            f"cache_dir is {folder}, which cannot hold what is prepared ({error.strerror}); name a folder that may be "
            "written to, also by the environment variable TFGAN2_CACHE"
        ) from error
    except StorageError:
        raise  # of the source
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


def _publish(unfinished, path):
    if path.exists() and _opened(path) is None:
        shutil.rmtree(path)
    try:
        unfinished.rename(path)
    except OSError:
        # Another process was faster; its entry is equal.
        if _opened(path) is None:
            raise
