"""Files of pictures, opened by Pillow: what counts are their pixels, and what is wrong with their metadata does not."""

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

# Formats by name, so that none is read that Pillow hands to another program.
_FORMATS = ("AVIF", "BMP", "GIF", "JPEG", "JPEG2000", "PNG", "PPM", "TIFF", "WEBP")

_ORIENTATION = 0x0112  # of EXIF
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
    """The names of the formats that are read, as far as this build of Pillow can."""
    Image.init()
    return tuple(name for name in _FORMATS if name in Image.OPEN)


@contextlib.contextmanager
def pixels_alone():
    """Within it, in all threads, Pillow warns of no metadata, and its own limit of pixels does not hold."""
    limit = Image.MAX_IMAGE_PIXELS
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"PIL\.|tfgan2\.data\.")
        Image.MAX_IMAGE_PIXELS = None
        try:
            yield
        finally:
            Image.MAX_IMAGE_PIXELS = limit


def upright(path, max_pixels):
    """The first frame of a picture, turned as its EXIF or XMP metadata say, if these can be read.

    Args:
      path: of the file.
      max_pixels: a picture with more is refused before it is decoded.

    Raises:
      BadImage: the file is no picture, damaged, or too large.
      StorageError: reading it failed.
    """

    def turned(image):
        image.load()
        turn = _turn(image)
        return image if turn is None else image.transpose(turn)

    return _read(path, max_pixels, turned)


def is_grey(path, max_pixels):
    """Whether a picture has no colour, by its header; one that cannot be read has none."""
    try:
        return _read(path, max_pixels, lambda image: image.mode in GREY_MODES)
    except BadImage:
        return True


def _read(path, max_pixels, get):
    """`get` of the Pillow image of a file; where that fails, of the file without metadata."""
    if not os.path.isfile(path):
        raise BadImage("is a broken link" if os.path.islink(path) else "is no file")
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
    except Exception:  # readers of metadata raise anything
        return None


def _without_metadata(path):
    """The pixels of a PNG or AVIF file alone, as decoders of these refuse damaged metadata; None of other files."""
    with open(path, "rb") as file:
        content = file.read(12)
        if content[:8] == _PNG:
            file.seek(8)
            return io.BytesIO(_PNG + b"".join(_pixel_chunks(file)))
        if content[4:8] == b"ftyp":
            # The items of the file are listed with their types; one of an unknown type is passed over.
            return io.BytesIO(re.sub(rb"(infe\x02.{7})Exif", rb"\1none", content + file.read(), flags=re.DOTALL))
    return None


def _pixel_chunks(file):
    """The chunks of a PNG file that hold pixels, and orientation, if it can be trusted."""
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
    """Turns what Pillow raises into BadImage if the file is to blame, and into StorageError if the disk is."""
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
