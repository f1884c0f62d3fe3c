"""IDX files, the format of MNIST: a header of big-endian numbers, then the values of an array."""

import contextlib
import functools
import gzip
import itertools
import math
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

from tfgan2.data.reading import Contents, Item, Source
from tfgan2.errors import ArgumentError, InputError

SPLITS = {"train": "train", "test": "t10k"}
"""What `split` may be -> how the names of the files begin."""

_READ = 2**22  # bytes read at once
_LARGEST = 2**20  # pixels of an image; an IDX file with more is none


def read_idx(name, folder, *, split=None):
    """The images of one split: `train-images-idx3-ubyte`, with `train-labels-idx1-ubyte` if that is there, or `t10k-*`.

    Both may be compressed by gzip, with or without the suffix .gz.

    Args:
      name: for messages.
      folder: where the files are.
      split: a key of `SPLITS`; None is "train".

    Returns:
      A `Source`, whose `open` raises InputError if a file is no IDX file, cut short or too long.

    Raises:
      InputError: the split is unknown, or the folder or the file of images is missing.
    """
    split = "train" if split is None else split
    if split not in SPLITS:
        raise ArgumentError("split", split, f"one of {', '.join(SPLITS)} for {name}")
    folder = Path(folder).expanduser().resolve()
    if not folder.is_dir():
        raise InputError(f"{name}: there is no folder {folder}; name the one with the IDX files")
    images, labels = (_find(folder, f"{SPLITS[split]}-{kind}-ubyte") for kind in ("images-idx3", "labels-idx1"))
    if images is None:
        raise InputError(f"{name}: {folder} has no {SPLITS[split]}-images-idx3-ubyte or -ubyte.gz; name the right one")
    paths = [path for path in (images, labels) if path is not None]
    stats = [path.stat() for path in paths]
    fingerprint = [f"{path} {found.st_size} {found.st_mtime_ns}" for path, found in zip(paths, stats, strict=True)]
    return Source(tuple(fingerprint), functools.partial(_contents, images, labels))


def _find(folder, name):
    return next((folder / found for found in (name, f"{name}.gz") if (folder / found).is_file()), None)


def _contents(images_path, labels_path):
    images = _IdxFile(images_path, rank=3)
    labels = None if labels_path is None else _IdxFile(labels_path, rank=1)
    if labels is not None and labels.shape != images.shape[:1]:
        raise InputError(f"{images_path} has {images.shape[0]} images, but {labels_path} {labels.shape[0]} labels")
    return Contents(images.shape[0], 1, (), _items(images, labels))


def _items(images, labels):
    rows = max(1, _READ // math.prod(images.shape[1:]))
    pixels = itertools.chain.from_iterable(images.chunks(rows))
    if labels is None:
        classes = itertools.repeat(None, images.shape[0])
    else:
        classes = map(int, itertools.chain.from_iterable(labels.chunks(rows)))
    for row, (image, label) in enumerate(zip(pixels, classes, strict=True)):
        yield Item(f"image {row}", functools.partial(Image.fromarray, image), label)


class _IdxFile:
    """The values of an IDX file of unsigned bytes.

    Whatever reads it raises InputError if the file is not what its header says.
    """

    def __init__(self, path, rank):
        self._path = path
        with self._opened() as file:
            header = file.read(4 + 4 * rank)
        magic = bytes([0, 0, 8, rank])
        if header[:4] != magic:
            self._refuse(f"begins with 0x{header[:4].hex()}, not 0x{magic.hex()}, so it is no such IDX file of bytes")
        if len(header) < 4 + 4 * rank:
            self._refuse("is cut short within its header; copy it again")
        self._header_size = len(header)
        self.shape = struct.unpack(f">{rank}I", header[4:])
        if 0 in self.shape or math.prod(self.shape[1:]) > _LARGEST:
            self._refuse(f"claims the shape {self.shape}; no size may be 0, and an image has at most {_LARGEST} pixels")

    def chunks(self, rows):
        """Iterates over the values in arrays uint8 of `rows` rows each, fewer in the last."""
        row_size = math.prod(self.shape[1:])
        announced = math.prod(self.shape)
        with self._opened() as file:
            file.read(self._header_size)
            for first in range(0, self.shape[0], rows):
                size = min(rows, self.shape[0] - first) * row_size
                data = file.read(size)
                if len(data) < size:
                    found = first * row_size + len(data)
                    self._refuse(f"holds {found} of the {announced} bytes that its header announces; copy it again")
                yield np.frombuffer(data, np.uint8).reshape(-1, *self.shape[1:])
            if file.read(1):
                self._refuse(f"goes on behind the {announced} bytes that its header announces; copy it again")

    @contextlib.contextmanager
    def _opened(self):
        try:
            with open(self._path, "rb") as file:
                compressed = file.peek(2)[:2] == b"\x1f\x8b"
                yield gzip.GzipFile(fileobj=file) if compressed else file
        except (OSError, EOFError, zlib.error) as error:
            self._refuse(f"is cut short or damaged ({error}); copy it again", error)

    def _refuse(self, reason, cause=None):
        raise InputError(f"{self._path} {reason}") from cause
