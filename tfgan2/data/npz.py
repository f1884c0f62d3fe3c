"""Images in .npz archives of NumPy."""

import functools
import os
import re
import zipfile

import numpy as np
from PIL import Image

from tfgan2.data.archives import reading
from tfgan2.data.labels import checked_labels
from tfgan2.data.reading import Contents, Item, Source
from tfgan2.errors import ArgumentError, InputError

_BESIDE = ("labels", "class_names", "centers", "std")
_HEADERS = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}

# Name of the images of a split -> name of its labels, in Keras' mnist.npz and in MedMNIST.
_OF_SPLITS = {r"x_(\w+)": "y_{}", r"(\w+)_images": "{}_labels"}


def holds_images(name, path):
    """Whether `--dataset=npz:FILE` is a set of images.

    A set of images has an array `images`, or arrays of rank 3 or 4 with the names of known files, such as `x_train` and
    `test_images`, or a single array of rank 3 or 4.

    Raises:
      InputError: The file is missing or is not an archive.
    """
    with reading(name, "images"), zipfile.ZipFile(os.path.expanduser(path)) as archive:
        keys = [member.removesuffix(".npy") for member in archive.namelist()]
        if "images" in keys or "points" in keys:
            return "images" in keys
        others = [images for images, _ in _splits(keys).values()] or [key for key in keys if key not in _BESIDE]
        is_clear = len(others) == 1 or bool(_splits(keys))
        return is_clear and all(_rank(archive, key) in (3, 4) for key in others)


def read_npz(name, path, *, split=None):
    """Returns a `Source` of the images of an archive or of one of its splits.

    The images are the array `images` or the only array that is not optional. They are [n, height, width] or
    [n, height, width, channels] with 1, 3 or 4 channels, uint8 or real numbers in [0, 1]. Optional arrays are integers
    `labels` [n] and texts `class_names` [K]. A file with splits has `x_train` and `y_train`, as Keras' mnist.npz, or
    `train_images` and `train_labels`, as MedMNIST. The function `open` of the source raises InputError if the archive
    is damaged, its arrays are different, or there is no such split.

    Args:
      name: Name for messages.
      path: Path of the .npz file.
      split: A split of a file with splits, such as "test". None takes "train".

    Raises:
      InputError: There is no such file.
    """
    path = os.path.abspath(os.path.expanduser(path))
    with reading(name, "images"):
        found = os.stat(path)
    fingerprint = (f"{path} {found.st_size} {found.st_mtime_ns}", str(split))
    return Source(fingerprint, functools.partial(_contents, name, path, split))


def _contents(name, path, split):
    with reading(name, "images"), np.lib.npyio.NpzFile(path, allow_pickle=False) as archive:
        images_key, labels_key = _keys(name, archive.files, split)
        images, labels, class_names = (
            archive[key] if key in archive.files else None for key in (images_key, labels_key, "class_names")
        )
    images = _checked_images(name, images)
    class_names = _checked_class_names(name, class_names)
    label_fault = ""
    if labels is not None and labels.ndim == 2 and labels.shape[1] > 1 and labels_key != "labels":
        labels, label_fault = None, f"{labels_key} has {labels.shape[1]} labels for each image"
    if labels is not None:
        labels = checked_labels(name, labels, len(images), class_names, array=labels_key)
    items = (
        Item(f"image {row}", functools.partial(_image, pixels), None if labels is None else int(labels[row]))
        for row, pixels in enumerate(images)
    )
    channels = min(3, images.shape[-1]) if images.ndim == 4 else 1
    return Contents(len(images), channels, class_names, items, label_fault)


def _keys(name, keys, split):
    """The names of the array of images and of the array of labels."""
    splits = {} if "images" in keys else _splits(keys)
    if splits:
        split = split or "train"
        if split not in splits:
            raise ArgumentError("split", split, f"one of {', '.join(sorted(splits))} for {name}")
        return splits[split]
    if split is not None:
        raise ArgumentError("split", split, f"left out for {name}, which has no splits")
    return "images" if "images" in keys else next(key for key in keys if key not in _BESIDE), "labels"


def _splits(keys):
    """Split -> (name of its images, name of its labels)."""
    found = {}
    for key in keys:
        for images, labels in _OF_SPLITS.items():
            if match := re.fullmatch(images, key):
                found[match[1]] = key, labels.format(match[1])
    return found


def _image(pixels):
    if pixels.dtype != np.uint8:
        pixels = np.round(pixels * 255.0).astype(np.uint8)
    return Image.fromarray(pixels[..., 0] if pixels.shape[2:] == (1,) else pixels)


def _checked_images(name, images):
    if images.ndim not in (3, 4) or 0 in images.shape:
        raise InputError(
            f"{name}: images have the shape {images.shape}; save [count, height, width, channels], none of them 0"
        )
    if images.ndim == 4 and images.shape[-1] not in (1, 3, 4):
        accepted = "save grey ones with 1, RGB ones with 3 or RGBA ones with 4"
        raise InputError(f"{name}: images have {images.shape[-1]} channels; {accepted}")
    if images.dtype != np.uint8:
        if images.dtype.kind != "f":
            raise InputError(f"{name}: images hold {images.dtype}; save uint8, or real numbers in [0, 1]")
        low, high = images.min(), images.max()
        if not (low >= 0 and high <= 1):
            raise InputError(f"{name}: images are in [{low:g}, {high:g}]; save uint8, or real numbers in [0, 1]")
    return images


def _checked_class_names(name, class_names):
    if class_names is None:
        return ()
    if class_names.ndim != 1 or class_names.dtype.kind != "U":
        raise InputError(f"{name}: class_names are {_kind(class_names)}; save texts [K]")
    return tuple(class_names.tolist())


def _kind(array):
    return f"{array.dtype} {list(array.shape)}"


def _rank(archive, key):
    """Rank of an array by its header. It is 0 if the member is not an array."""
    if f"{key}.npy" not in archive.namelist():
        return 0
    with archive.open(f"{key}.npy") as file:
        read_header = _HEADERS.get(np.lib.format.read_magic(file))
        return len(read_header(file)[0]) if read_header else 0
