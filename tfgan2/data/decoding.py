"""Decoding of image files by Pillow. Faulty metadata does not matter if the pixels can be read."""

import contextlib
import functools
import io
import os
import re
import struct
import warnings
import zlib

from PIL import Image

from tfgan2.data.resizing import GREY_MODES, BadImage
from tfgan2.errors import StorageError

# An explicit list, because Pillow passes some other formats to external programs.
_FORMATS = ("AVIF", "BMP", "GIF", "JPEG", "JPEG2000", "PNG", "PPM", "TIFF", "WEBP")

_ORIENTATION = 0x0112  # EXIF tag.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

_PNG = b"\x89PNG\r\n\x1a\n"
_PIXEL_CHUNKS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")


@functools.cache
def formats():
    """Names of the accepted formats that this build of Pillow can read."""
    Image.init()
    return tuple(name for name in _FORMATS if name in Image.OPEN)


@contextlib.contextmanager
def pixels_alone():
    """Context in which Pillow does not warn of metadata and has no limit of pixels, in all threads."""
    limit = Image.MAX_IMAGE_PIXELS
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"PIL\.|tfgan2\.data\.")
        Image.MAX_IMAGE_PIXELS = None
        try:
            yield
        finally:
            Image.MAX_IMAGE_PIXELS = limit


def upright(path, max_pixels):
    """Returns the first frame of an image, turned upright by its EXIF or XMP metadata, if these can be read.

    Args:
      path: Path of the file.
      max_pixels: An image with more pixels is rejected before it is decoded.

    Raises:
      BadImage: The file is not an image, is damaged, or is too large.
      StorageError: The file cannot be read.
    """

    def turned(image):
        image.load()
        turn = _turn(image)
        return image if turn is None else image.transpose(turn)

    return _read(path, max_pixels, turned)


def is_grey(path, max_pixels):
    """Whether an image is grey by its header. An image that cannot be read counts as grey."""
    try:
        return _read(path, max_pixels, lambda image: image.mode in GREY_MODES)
    except BadImage:
        return True


def size_of(path, max_pixels):
    """Returns (width, height) of an image by its header, as stored. Raises as `upright`."""
    return _read(path, max_pixels, lambda image: image.size)


def _read(path, max_pixels, get):
    """Applies `get` to the Pillow image of a file. If this fails, applies it to the file without metadata."""
    if not os.path.isfile(path):
        raise BadImage("is a broken link" if os.path.islink(path) else "is not a file")
    with _judging(path):
        try:
            return _get(path, max_pixels, get)
        except (BadImage, MemoryError):
            raise
        except Exception as error:  # decoders raise anything
            pixels = None if _is_of_disk(error) else _without_metadata(path)
            if pixels is None:
                raise
        return _get(pixels, max_pixels, get)


def _get(file, max_pixels, get):
    with Image.open(file, formats=formats()) as image:
        if image.width * image.height > max_pixels:
            raise BadImage(f"has {image.height} x {image.width} pixels, more than max_pixels, {max_pixels}")
        return get(image)


def _turn(image):
    try:
        return _TURNS.get(image.getexif().get(_ORIENTATION))
    except MemoryError:
        raise
    except Exception:  # Readers of metadata can raise any error.
        return None


def _without_metadata(path):
    """A PNG or AVIF file without metadata, because their decoders reject damaged metadata. None for other formats."""
    with open(path, "rb") as file:
        content = file.read(12)
        if content[:8] == _PNG:
            file.seek(8)
            return io.BytesIO(_PNG + b"".join(_pixel_chunks(file)))
        if content[4:8] == b"ftyp":
            # The file lists its items with their types. Decoders ignore an item of an unknown type.
            return io.BytesIO(re.sub(rb"(infe\x02.{7})Exif", rb"\1none", content + file.read(), flags=re.DOTALL))
    return None


def _pixel_chunks(file):
    """Yields the chunks of a PNG file with pixels, and the chunk with the orientation if its checksum is right."""
    while len(head := file.read(8)) == 8:
        size, kind = struct.unpack(">I4s", head)
        body = file.read(size + 4)
        is_whole = len(body) == size + 4 and zlib.crc32(kind + body[:-4]) == int.from_bytes(body[-4:])
        if kind in _PIXEL_CHUNKS or (kind == b"eXIf" and is_whole):
            yield head + body


def _is_of_disk(error):
    return getattr(error, "errno", None) is not None


@contextlib.contextmanager
def _judging(path):
    """Context that converts errors of Pillow to BadImage for a bad file, and to StorageError for a failing disk."""
    try:
        yield
    except (BadImage, MemoryError):
        raise
    except Image.UnidentifiedImageError as error:
        raise BadImage("is not an image of a format that is read") from error
    except PermissionError as error:
        raise BadImage("must not be read") from error
    except Exception as error:  # decoders raise anything
        if _is_of_disk(error):
            raise StorageError(f"{path} could not be read: {error.strerror}; try again") from error
        raise BadImage(f"is damaged ({error})") from error
