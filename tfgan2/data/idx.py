"""IDX files, the format of MNIST: a header of big-endian numbers, followed by the values of an array."""

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
"""Split -> first part of the file names."""

_READ = 2**22  # Bytes read at a time.
_LARGEST = 2**20  # Largest number of pixels of an image. A larger number means that the file is not an IDX file.


def read_idx(name, folder, *, split=None):
    """Returns a `Source` of the images of one split.

    The files of the split "train" are `train-images-idx3-ubyte` and, optionally, `train-labels-idx1-ubyte`. Those of
    "test" begin with `t10k`. Files may be compressed by gzip, with or without the suffix .gz. The function `open` of
    the source raises InputError if a file is not an IDX file, or is too short or too long.

    Args:
      name: Name for messages.
      folder: Folder of the files.
      split: A key of `SPLITS`. None takes "train".

    Raises:
      InputError: The split is unknown, or the folder or the file of images is missing.
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

    Methods that read the file raise InputError if it does not match its header.
    """

    def __init__(self, path, rank):
        self._path = path
        with self._opened() as file:
            header = file.read(4 + 4 * rank)
        magic = bytes([0, 0, 8, rank])
        if header[:4] != magic:
            self._refuse(
                f"begins with 0x{header[:4].hex()}, not 0x{magic.hex()}, so it is not such an IDX file of bytes"
            )
        if len(header) < 4 + 4 * rank:
            self._refuse("is cut short within its header; copy it again")
        self._header_size = len(header)
        self.shape = struct.unpack(f">{rank}I", header[4:])
        if 0 in self.shape or math.prod(self.shape[1:]) > _LARGEST:
            self._refuse(f"claims the shape {self.shape}; no size may be 0, and an image has at most {_LARGEST} pixels")

    def chunks(self, rows):
        """Yields the values in arrays, uint8 [rows, ...]. The last array may have fewer rows."""
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
                self._refuse(f"continues after the {announced} bytes that its header announces; copy it again")

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
