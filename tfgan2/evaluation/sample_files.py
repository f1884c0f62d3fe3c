"""Samples in files: arrays in .npz archives, and folders of images."""

import io
import zipfile
import zlib
from pathlib import Path

import numpy as np

from tfgan2.data.images import load_images
from tfgan2.errors import InputError
from tfgan2.system.files import write_whole

_BOUNDS = {"unit": (0.0, 1.0), "symmetric": (-1.0, 1.0), "levels": (0.0, 255.0)}


def read_samples(path, name="samples", *, channels=None, samples_range="auto"):
    """Samples [n, d], or images [n, height, width, channels] as uint8 or in [0, 1], of an .npz file or a folder.

    Args:
      path: of an archive, whose images may lack the channels' axis, or of a folder of images of one size.
      name: of the array that is taken, if it is not the only one.
      channels: of the images of a folder, 1 or 3; None is 1 if all are grey.
      samples_range: "unit" [0, 1], "symmetric" [-1, 1], "levels" [0, 255], or "auto", the one that the values show.

    Raises:
      InputError: the file is missing, not a whole .npz archive or holds pickled objects; or the samples are no finite
        real numbers of such a shape, or images of another or of an unknown range; or the folder has no such images.
    """
    if Path(path).is_dir():
        return np.asarray(load_images(f"folder:{path}", channels=channels).samples)
    samples = _array_of(path, name)
    if samples.ndim == 2:
        return samples
    samples = samples[..., None] if samples.ndim == 3 else samples
    return samples if samples.dtype == np.uint8 else _in_unit_range(path, samples, samples_range)


def write_arrays(path, **arrays):
    """Writes arrays as an .npz file, whole or not at all."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    write_whole(path, buffer.getvalue())


def _array_of(path, name):
    try:
        with np.lib.npyio.NpzFile(path, allow_pickle=False) as archive:
            names = archive.files
            chosen = name if name in names or len(names) != 1 else names[0]
            samples = np.asarray(archive[chosen]) if chosen in names else None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError) as error:
        raise InputError(
            f"{path} is not a whole .npz archive of plain arrays ({error}); write it with "
            f"numpy.savez(FILE, {name}=...). Pickled objects are refused."
        ) from error
    if samples is None:
        raise InputError(f"{path} holds {', '.join(names) or 'nothing'}; call the array that is meant {name!r}.")
    has_form = samples.dtype.kind in "fiu" and samples.ndim in (2, 3, 4) and samples.size
    if not has_form or not np.isfinite(samples).all():
        raise InputError(
            f"{path} holds {chosen} of type {samples.dtype} and shape {list(samples.shape)}; give finite real numbers "
            "[count, dimensions], or images [count, height, width] or [count, height, width, channels]."
        )
    return samples


def _in_unit_range(path, images, samples_range):
    """Images of a range as numbers in [0, 1], or as uint8 where they are levels."""
    low, high = float(images.min()), float(images.max())
    found = f"{path} holds images of {images.dtype} from {low:g} to {high:g}"
    chosen = _range_shown(images, low, high) if samples_range == "auto" else samples_range
    if chosen is None:
        raise InputError(
            f"{found}; give them as uint8 or in [0, 1], or say what they are by --samples_range=unit, symmetric "
            "([-1, 1]) or levels ([0, 255])."
        )
    smallest, largest = _BOUNDS[chosen]
    if low < smallest or high > largest:
        raise InputError(f"{found}; --samples_range={chosen} is [{smallest:g}, {largest:g}]: scale or clip them.")
    if chosen == "levels":
        return np.rint(images).astype(np.uint8)
    return (images + 1) / 2 if chosen == "symmetric" else images


def _range_shown(images, low, high):
    """The range that values can only be of, or None: [0, 1] with an overshoot must not pass for another."""
    if low >= 0 and high <= 1:
        return "unit" if images.dtype.kind == "f" else None  # whole numbers 0 and 1 may be levels
    if -1 <= low <= -0.9 and high <= 1:
        return "symmetric"
    return "levels" if low >= 0 and 2 < high <= 255 else None
