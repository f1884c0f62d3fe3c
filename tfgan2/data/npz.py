"""Images in NumPy's .npz archives."""

import functools
import os
import zipfile

import numpy as np
from PIL import Image

from tfgan2.data.archives import reading
from tfgan2.data.reading import Contents, Item, Source
from tfgan2.errors import InputError

_BESIDE = ("labels", "class_names", "centers", "std")
_HEADERS = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}


def holds_images(name, path):
    """Whether `--dataset=npz:FILE` is a set of images: it has an array `images`, or one array of rank 3 or 4.

    Raises:
      InputError: the file is missing or no archive.
    """
    with reading(name, "images"), zipfile.ZipFile(os.path.expanduser(path)) as archive:
        keys = [member.removesuffix(".npy") for member in archive.namelist()]
        others = [key for key in keys if key not in _BESIDE]
        return "images" in keys or ("points" not in keys and len(others) == 1 and _rank(archive, others[0]) in (3, 4))


def read_npz(name, path):
    """The images of an archive.

    Its array `images`, or its only one beside the optional ones, holds uint8, or real numbers in [0, 1], of the shape
    [n, height, width] or [n, height, width, channels]. Optional are integers `labels` [n] and texts `class_names` [K].

    Args:
      name: for messages.
      path: the .npz file.

    Returns:
      A `Source`, whose `open` raises InputError if the archive is damaged or its arrays are others.

    Raises:
      InputError: there is no such file.
    """
    path = os.path.abspath(os.path.expanduser(path))
    with reading(name, "images"):
        found = os.stat(path)
    fingerprint = (f"{path} {found.st_size} {found.st_mtime_ns}",)
    return Source(fingerprint, functools.partial(_contents, name, path))


def _contents(name, path):
    with reading(name, "images"), np.lib.npyio.NpzFile(path, allow_pickle=False) as archive:
        arrays = {key: archive[key] for key in archive.files if key == "images" or key in _BESIDE[:2]}
        if "images" not in arrays:
            arrays["images"] = archive[next(key for key in archive.files if key not in _BESIDE)]
    images = _checked_images(name, arrays["images"])
    class_names = _checked_class_names(name, arrays.get("class_names"))
    labels = _checked_labels(name, arrays.get("labels"), len(images), class_names)
    items = (
        Item(f"image {row}", functools.partial(_image, pixels), label)
        for row, (pixels, label) in enumerate(zip(images, labels, strict=True))
    )
    return Contents(len(images), images.shape[-1] if images.ndim == 4 else 1, class_names, items)


def _image(pixels):
    if pixels.dtype != np.uint8:
        pixels = np.round(pixels * 255.0).astype(np.uint8)
    return Image.fromarray(pixels[..., 0] if pixels.shape[2:] == (1,) else pixels)


def _checked_images(name, images):
    if images.ndim not in (3, 4) or 0 in images.shape:
        raise InputError(
            f"{name}: images have the shape {images.shape}; save [count, height, width, channels], none of them 0"
        )
    if images.ndim == 4 and images.shape[-1] not in (1, 3):
        raise InputError(f"{name}: images have {images.shape[-1]} channels; save grey ones with 1 or RGB ones with 3")
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


def _checked_labels(name, labels, count, class_names):
    if labels is None:
        return [None] * count
    if labels.shape != (count,) or labels.dtype.kind not in "iu":
        raise InputError(f"{name}: labels are {_kind(labels)}; save integers [{count}], one for each image")
    if labels.min() < 0 or (class_names and labels.max() >= len(class_names)):
        accepted = f"in [0, {len(class_names)}), as there are class_names" if class_names else "from 0"
        raise InputError(f"{name}: labels are in [{labels.min()}, {labels.max()}]; save integers {accepted}")
    return labels.tolist()


def _kind(array):
    return f"{array.dtype} {list(array.shape)}"


def _rank(archive, key):
    """Dimensions of an array, by its header; 0 if the member is no array."""
    if f"{key}.npy" not in archive.namelist():
        return 0
    with archive.open(f"{key}.npy") as file:
        read_header = _HEADERS.get(np.lib.format.read_magic(file))
        return len(read_header(file)[0]) if read_header else 0
