"""Images of a folder: photographs, scans and drawings of any size and mode, classes by sub-folder."""

import contextlib
import functools
import os

from PIL import Image, ImageOps

from tfgan2.data.preparation import GREY_MODES, BadImage
from tfgan2.data.reading import Contents, Item, Source
from tfgan2.errors import InputError, StorageError

# Formats by name, so that none is read that Pillow hands to another program.
_FORMATS = ("AVIF", "BMP", "GIF", "JPEG", "JPEG2000", "PNG", "PPM", "TIFF", "WEBP")


def read_folder(name, path, *, max_pixels):
    """The images in a folder and its sub-folders, in the order of their paths.

    If all images lie in sub-folders, the first level of these are their classes. Names that begin with a dot are passed
    over. Rotated photographs are turned upright; of several frames, the first one counts.

    Args:
      name: for messages.
      path: the folder.
      max_pixels: an image with more is refused before it is decoded.

    Returns:
      A `Source`.

    Raises:
      InputError: the folder is missing, not a folder, cannot be read or holds no files.
      StorageError: reading failed; only when the images are decoded.
    """
    root = os.path.abspath(os.path.expanduser(path))
    files = sorted(_files(name, root))
    if not files:
        raise InputError(f"{name} has no files; name a folder with images, or with sub-folders of images")
    paths = [os.path.join(root, file) for file in files]
    fingerprint = [root, str(max_pixels)]
    fingerprint += [f"{file} {_version(path)}" for file, path in zip(files, paths, strict=True)]
    return Source(tuple(fingerprint), functools.partial(_contents, files, paths, max_pixels))


def _contents(files, paths, max_pixels):
    class_names = sorted({file.partition(os.sep)[0] for file in files if os.sep in file})
    labels = {class_name: label for label, class_name in enumerate(class_names)}
    items = (
        # A file beside the classes has no label: its name is none of theirs.
        Item(file, functools.partial(_upright, path, max_pixels), labels.get(file.partition(os.sep)[0]))
        for file, path in zip(files, paths, strict=True)
    )
    channels = 1 if all(_is_grey(path, max_pixels) for path in paths) else 3
    return Contents(len(files), channels, tuple(class_names), items)


def _files(name, root):
    """Paths of all files, relative to the root."""

    def refuse(error):
        raise InputError(f"{name} cannot be read ({error.filename}: {error.strerror}); name a folder with images")

    for folder, subfolders, files in os.walk(root, onerror=refuse, followlinks=True):
        # Linked folders may be classes, but not one that holds itself.
        above = os.path.join(os.path.realpath(folder), "")
        subfolders[:] = [
            subfolder
            for subfolder in subfolders
            if not subfolder.startswith(".")
            and not above.startswith(os.path.join(os.path.realpath(os.path.join(folder, subfolder)), ""))
        ]
        for file in files:
            if not file.startswith("."):
                yield os.path.relpath(os.path.join(folder, file), root)


def _version(path):
    try:
        found = os.stat(path)
    except OSError as error:
        return error.strerror
    return f"{found.st_size} {found.st_mtime_ns} {os.access(path, os.R_OK)}"


def _is_grey(path, max_pixels):
    """Whether an image has no colour, by its header; one that cannot be read has none."""
    try:
        with _opened(path, max_pixels) as image:
            return image.mode in GREY_MODES
    except BadImage:
        return True


def _upright(path, max_pixels):
    with _opened(path, max_pixels) as image, _judging(path):
        image.load()
        return ImageOps.exif_transpose(image)


def _opened(path, max_pixels):
    """The Pillow image of a file, of which only the header was read."""
    if not os.path.isfile(path):
        raise BadImage("is a broken link" if os.path.islink(path) else "is no file")
    with _judging(path):
        image = Image.open(path, formats=_formats())
    if image.width * image.height > max_pixels:
        image.close()
        raise BadImage(f"has {image.height} x {image.width} pixels, more than max_pixels, {max_pixels}")
    return image


@functools.cache
def _formats():
    """The formats that this build of Pillow reads."""
    Image.init()
    return tuple(name for name in _FORMATS if name in Image.OPEN)


@contextlib.contextmanager
def _judging(path):
    """Turns what Pillow raises into BadImage if the file is to blame, and into StorageError if the disk is."""
    try:
        yield
    except MemoryError:
        raise
    except Image.UnidentifiedImageError as error:
        raise BadImage("is not an image") from error
    except Image.DecompressionBombError as error:
        raise BadImage(f"has too many pixels ({error})") from error
    except PermissionError as error:
        raise BadImage("must not be read") from error
    except Exception as error:  # decoders raise anything
        if getattr(error, "errno", None) is not None:
            raise StorageError(f"{path} could not be read: {error.strerror}; try again") from error
        raise BadImage(f"is damaged ({error})") from error
