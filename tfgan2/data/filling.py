"""Decoding of images into an entry of the cache."""

import concurrent.futures
import hashlib
import itertools
import json
import os
from collections.abc import Iterable

import numpy as np
from tqdm import tqdm

from tfgan2.data.decoding import pixels_alone
from tfgan2.data.reading import Item
from tfgan2.data.resizing import BadImage, Preparation, has_opacity, is_transparent, prepare
from tfgan2.data.survey import Surveyor
from tfgan2.errors import ArgumentError, InputError
from tfgan2.system.file_versions import versioned

_PIECE = 16  # Images per task of a thread. With single images, small images would wait for threads.
_CHUNK = 16 * _PIECE  # Images decoded between two writes.


def fill(folder, name, source, preparation):
    """Writes `images.npy`, `entry.json` and, if all images have labels, `labels.npy`. Shows a progress bar.

    Args:
      folder: An empty folder.
      name: Name of the source, for messages.
      source: A `Source`.
      preparation: A `Preparation`.

    Raises:
      InputError: No image can be read, or sizes differ and `preparation` sets no size. The opacity is wanted, and no
        image has any.
    """
    with pixels_alone():
        _fill(folder, name, source.open(), preparation)


def _fill(folder, name, contents, preparation):
    preparation = preparation._replace(channels=preparation.channels or contents.channels)
    labels, unlabelled, left_out, surveyor, with_opacity = [], [], {}, Surveyor(), 0
    with (
        open(folder / "images.npy", "wb") as file,
        tqdm(total=contents.count, desc=f"preparing {name}", unit=" images", disable=None) as bar,
    ):
        rows = _Rows(file, name, contents.count)
        for item, result in _decoded(contents.items, preparation):
            if isinstance(result, BadImage):
                left_out[item.name] = str(result)
            else:
                size, pixels, shows_background, has_alpha = result
                rows.write(item.name, pixels)
                surveyor.add(pixels, size=size, transparent=shows_background)
                labels.append(item.label)
                with_opacity += has_alpha
                if item.label is None:
                    unlabelled.append(item.name)
            bar.update()
        if not labels:
            raise InputError(f"{name} has no image that can be read" + listed(left_out))
        if preparation.alpha and not with_opacity:
            raise ArgumentError("alpha", True, f"false for {name}, where no image has an alpha channel")
        rows.finish()
        os.fsync(file.fileno())
    has_labels = not unlabelled
    class_names = contents.class_names
    if has_labels:
        labels = np.array(labels, np.int32)
        np.save(folder / "labels.npy", labels)
        rows.digest.update(labels.tobytes())
        class_names = class_names or tuple(map(str, range(labels.max() + 1)))
    some = len(unlabelled) < len(labels)
    record = {
        "name": name,
        "preparation": preparation._asdict(),
        "has_labels": has_labels,
        "class_names": class_names if has_labels else (),
        "left_out": left_out,
        "digest": rows.digest.hexdigest(),
        "survey": surveyor.survey(len(left_out))._asdict(),
        "label_fault": contents.label_fault or (_without_class(unlabelled) if unlabelled and some else ""),
    }
    record = versioned("prepared images", record)
    (folder / "entry.json").write_text(json.dumps(record, indent=1), encoding="utf-8")


def _without_class(names):
    others = f" and {len(names) - 3:,} others" * (len(names) > 3)
    return f"{', '.join(names[:3])}{others} {'has' if len(names) == 1 else 'have'} no class"


def _decoded(items: Iterable[Item], preparation: Preparation):
    """Yields (item, result of `_pixels`) in order. It uses one thread per processor."""

    def decode(piece):
        return [(item, _pixels(item, preparation, number)) for number, item in piece]

    items = enumerate(items)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as threads:
        while chunk := list(itertools.islice(items, _CHUNK)):
            pieces = [chunk[first : first + _PIECE] for first in range(0, len(chunk), _PIECE)]
            yield from itertools.chain.from_iterable(threads.map(decode, pieces))


def _pixels(item, preparation, number):
    """The size of the image, its pixels, and whether it has transparent pixels and opacity; or a BadImage."""
    try:
        image = item.load()
        return image.size, prepare(image, preparation, number), is_transparent(image), has_opacity(image)
    except BadImage as error:
        return error


class _Rows:
    """Writes arrays of one shape to one .npy file. The number of arrays is known only at the end.

    `digest` is the SHA-256 of the shape and the written bytes. The file is not memory-mapped, because a full disk would
    then kill the process.
    """

    def __init__(self, file, name, count):
        self._file = file
        self._name = name
        self._largest = count
        self._written = 0
        self._first = None
        self.digest = hashlib.sha256()

    def write(self, name, row):
        if self._first is None:
            self._first = name, row.shape
            self.digest.update(str(row.shape).encode())
            self._write_header(self._largest)
        if row.shape != self._first[1]:
            sizes = [f"{shape[0]} x {shape[1]}" for shape in (self._first[1], row.shape)]
            accepted = f"a number of pixels for {self._name}, which has images of different sizes"
            advice = f"For example {self._first[0]} ({sizes[0]}) and {name} ({sizes[1]})."
            raise ArgumentError("image_size", None, accepted, advice)
        data = row.tobytes()
        self._file.write(data)
        self.digest.update(data)
        self._written += 1

    def finish(self):
        self._file.seek(0)
        self._write_header(self._written)

    def _write_header(self, count):
        # NumPy pads headers, so that one with a smaller count has the same length.
        header = {"descr": "|u1", "fortran_order": False, "shape": (count, *self._first[1])}
        np.lib.format.write_array_header_1_0(self._file, header)


def listed(left_out, limit=100):
    """Lists names with reasons, one per line, as the end of a message."""
    lines = [f"\n  {name} {reason}" for name, reason in itertools.islice(left_out.items(), limit)]
    more = f"\n  and {len(left_out) - limit:,} more" if len(left_out) > limit else ""
    return ":" * bool(lines) + "".join(lines) + more
