"""Reading and writing of samples: arrays in .npz archives, and folders of images."""

import io
from pathlib import Path

import numpy as np

from tfgan2.data.archives import DAMAGE
from tfgan2.data.images import load_images
from tfgan2.errors import InputError
from tfgan2.system.files import write_whole

_BOUNDS = {"unit": (0.0, 1.0), "symmetric": (-1.0, 1.0), "levels": (0.0, 255.0)}


def read_samples(path, name="samples", *, channels=None, samples_range="auto", **preparation):
    """Reads samples of an .npz file or a folder of images.

    Args:
      path: Path of an archive or of a folder with images. Images of an archive may be [n, height, width].
      name: Name of the array, if the archive has several.
      channels: 1 or 3 channels for the images of a folder, or 4 with the opacity. None takes 1 if all are grey.
      samples_range: "unit" for [0, 1], "symmetric" for [-1, 1], "levels" for [0, 255], or "auto" for the range that the
        values show.
      **preparation: Arguments of `load_images` for the images of a folder, such as `image_size`. Without it, all images
        must have the same size.

    Returns:
      Points [n, d], or images [n, height, width, channels], uint8 or in [0, 1].

    Raises:
      InputError: The file is missing, is not a complete .npz archive, or has pickled objects. The samples have another
        shape, are not finite real numbers, or have a wrong or unknown range. The folder has no suitable images.
      ArgumentError: An argument of the preparation does not fit the images of the folder.
    """
    if Path(path).is_dir():
        preparation |= {"alpha": True} if channels == 4 else {"channels": channels}
        return np.asarray(load_images(f"folder:{path}", **preparation).samples)
    samples = _array_of(path, name)
    if samples.ndim == 2:
        return samples
    samples = samples[..., None] if samples.ndim == 3 else samples
    return samples if samples.dtype == np.uint8 else _in_unit_range(path, samples, samples_range)


def write_arrays(path, **arrays):
    """Writes arrays to an .npz file, which is complete or absent."""
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
        raise InputError(f"--{name}={path} cannot be read: {error.strerror or error}.") from error
    except DAMAGE as error:
        raise InputError(
            f"--{name}={path} is not a whole .npz archive of plain arrays ({error}); write it with "
            f"numpy.savez(FILE, {name}=...). Pickled objects are refused."
        ) from error
    if samples is None:
        raise InputError(f"{path} holds {', '.join(names) or 'nothing'}; name the array of {name} {name!r}.")
    has_form = samples.dtype.kind in "fiu" and samples.ndim in (2, 3, 4) and samples.size
    if not has_form or not np.isfinite(samples).all():
        raise InputError(
            f"{path} holds {chosen} of type {samples.dtype} and shape {list(samples.shape)}; give finite real numbers "
            "[count, dimensions], or images [count, height, width] or [count, height, width, channels]."
        )
    return samples


def _in_unit_range(path, images, samples_range):
    """Converts images of a range to numbers in [0, 1], or to uint8 for levels."""
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
    """The only range that fits the values, or None. Values slightly outside [0, 1] must not count as another range."""
    if low >= 0 and high <= 1:
        return "unit" if images.dtype.kind == "f" else None  # The integers 0 and 1 may be levels.
    if -1 <= low <= -0.9 and high <= 1:
        return "symmetric"
    return "levels" if low >= 0 and 2 < high <= 255 else None
