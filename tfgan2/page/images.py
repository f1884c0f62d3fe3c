"""Pictures within the page, each of a limited size."""

import base64
import io
from pathlib import Path

import numpy as np
from PIL import Image

from tfgan2.page.elements import element

_LARGEST = 450_000  # Bytes of a picture. The page has about eight, and base64 takes four bytes for three.
_QUALITIES = (90, 80, 65)


def figure(pixels, alt, caption=None, *, sharp=False):
    """Returns a figure with a picture.

    A large picture is compressed with losses. If this does not suffice, it is halved.

    Args:
      pixels: uint8 [H, W, 3].
      alt: Text in place of the picture.
      caption: Text below the picture, or None.
      sharp: Whether the pixels stay sharp if the picture is enlarged.
    """
    kind, data = _encoded(Image.fromarray(pixels))
    height, width, _ = pixels.shape
    return framed(f"image/{kind}", data, alt, caption, width=width, height=height, class_="sharp" if sharp else None)


def framed(kind, data, alt, caption=None, **attributes):
    """Returns a figure with an encoded picture, and a caption unless it is None."""
    source = f"data:{kind};base64,{base64.b64encode(data).decode()}"
    image = element("img", src=source, alt=alt, **attributes)
    return element("figure", image, None if caption is None else element("figcaption", caption))


def read_pixels(path):
    """Reads a picture of a run as uint8 [H, W, 3]. Returns None if it is missing or damaged."""
    try:
        with Image.open(Path(path)) as image:
            return np.asarray(image.convert("RGB"))
    except (OSError, SyntaxError, ValueError):
        return None


def _encoded(image):
    """The kind and the bytes of a picture."""
    data = _saved(image, "PNG")
    if len(data) <= _LARGEST:
        return "png", data
    while True:
        for quality in _QUALITIES:
            data = _saved(image, "JPEG", quality=quality)
            if len(data) <= _LARGEST:
                return "jpeg", data
        image = image.reduce(2)


def _saved(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()
