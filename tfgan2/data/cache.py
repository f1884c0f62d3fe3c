"""Images decoded once, into memory-mapped arrays that later runs open at once.

An entry is a folder, named by a hash of where the images come from and what is done to them, with `images.npy`,
`labels.npy` where there are labels, and `entry.json`. It appears whole or not at all, so processes may share a cache.
"""

import concurrent.futures
import contextlib
import hashlib
import itertools
import json
import os
import re
import shutil
import time
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from tfgan2.data.preparation import BadImage, Preparation, prepare
from tfgan2.data.reading import Item
from tfgan2.errors import InputError, StorageError

_LAYOUT = 1  # part of every key: a higher one makes all entries anew
_ABANDONED = 24 * 3600  # seconds; what was not written to for so long belongs to a process that was killed
_PIECE = 16  # images that a thread decodes at once; by one, small images would wait for their threads
_CHUNK = 16 * _PIECE  # images decoded between two writes


class Entry(NamedTuple):
    """Prepared images.

    Attributes:
      images: uint8 [n, height, width, channels], memory-mapped; what is written to it stays in this process.
      labels: int32 [n], or None if an image has none.
      class_names: by label.
      left_out: name -> why it cannot be used, for the images that are not here.
    """

    images: np.ndarray
    labels: np.ndarray | None
    class_names: tuple[str, ...]
    left_out: dict[str, str]


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
            _fill(unfinished, name, source, preparation)
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
        return Entry(images, labels, tuple(record["class_names"]), record["left_out"])
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


def _fill(folder, name, source, preparation):
    contents = source.open()
    preparation = preparation._replace(channels=preparation.channels or contents.channels)
    labels, left_out = [], {}
    with (
        open(folder / "images.npy", "wb") as file,
        tqdm(total=contents.count, desc=f"preparing {name}", unit=" images", disable=None) as bar,
    ):
        rows = _Rows(file, name, contents.count)
        for item, result in _decoded(contents.items, preparation):
            if isinstance(result, BadImage):
                left_out[item.name] = str(result)
            else:
                rows.write(item.name, result)
                labels.append(item.label)
            bar.update()
        if not labels:
            raise InputError(f"{name} has no image that can be read" + listed(left_out))
        rows.finish()
        os.fsync(file.fileno())
    has_labels = None not in labels
    class_names = contents.class_names
    if has_labels:
        np.save(folder / "labels.npy", np.array(labels, np.int32))
        class_names = class_names or tuple(map(str, range(max(labels) + 1)))
    record = {"name": name, "preparation": preparation._asdict(), "has_labels": has_labels}
    record |= {"class_names": class_names if has_labels else (), "left_out": left_out}
    (folder / "entry.json").write_text(json.dumps(record, indent=1), encoding="utf-8")


def _decoded(items: Iterable[Item], preparation: Preparation):
    """(item, pixels or BadImage), in order, decoded by as many threads as there are processors."""

    def decode(piece):
        return [(item, _pixels(item, preparation)) for item in piece]

    items = iter(items)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as threads:
        while chunk := list(itertools.islice(items, _CHUNK)):
            pieces = [chunk[first : first + _PIECE] for first in range(0, len(chunk), _PIECE)]
            yield from itertools.chain.from_iterable(threads.map(decode, pieces))


def _pixels(item, preparation):
    try:
        return prepare(item.load(), preparation)
    except BadImage as error:
        return error


class _Rows:
    """Writes arrays of one shape behind each other as one .npy file, whose length is known at the end only.

    Not through a memory map: on a full disk that would kill the process.
    """

    def __init__(self, file, name, count):
        self._file = file
        self._name = name
        self._largest = count
        self._written = 0
        self._first = None

    def write(self, name, row):
        if self._first is None:
            self._first = name, row.shape
            self._write_header(self._largest)
        if row.shape != self._first[1]:
            sizes = [f"{shape[0]} x {shape[1]}" for shape in (self._first[1], row.shape)]
            raise InputError(
                f"image_size is None, but {self._name} has images of different sizes, such as {self._first[0]} "
                f"({sizes[0]}) and {name} ({sizes[1]}); give the size to resize them to"
            )
        self._file.write(row.tobytes())
        self._written += 1

    def finish(self):
        self._file.seek(0)
        self._write_header(self._written)

    def _write_header(self, count):
        # NumPy pads headers, so that one with a smaller count has the same length.
        header = {"descr": "|u1", "fortran_order": False, "shape": (count, *self._first[1])}
        np.lib.format.write_array_header_1_0(self._file, header)


def listed(left_out, limit=100):
    """The names with their reasons, a line each, to go behind a message."""
    lines = [f"\n  {name} {reason}" for name, reason in itertools.islice(left_out.items(), limit)]
    more = f"\n  and {len(left_out) - limit:,} more" if len(left_out) > limit else ""
    return ":" * bool(lines) + "".join(lines) + more
