"""Images decoded once, into memory-mapped arrays that later runs open at once.

An entry is a folder, named by a hash of where the images come from and what is done to them, with `images.npy`,
`labels.npy` where there are labels, and `entry.json`. It appears whole or not at all, so processes may share a cache.
"""

import hashlib
import json
import shutil
from typing import NamedTuple

import numpy as np

from tfgan2.data.cache_folders import cache_folder, plain_name, unfinished_folder
from tfgan2.data.filling import fill

_LAYOUT = 2  # part of every key: a higher one makes all entries anew


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


def _publish(unfinished, path):
    if path.exists() and _opened(path) is None:
        shutil.rmtree(path)
    try:
        unfinished.rename(path)
    except OSError:
        # Another process was faster; its entry is equal.
        if _opened(path) is None:
            raise
