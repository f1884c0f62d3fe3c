"""Opacity, the fourth channel of images. 0 is transparent and 255 is opaque."""

import numpy as np
from PIL import ImageColor

_SQUARE = 8  # Pixels.
_LIGHT, _DARK = 255, 208


def laid_over(images, colours):
    """Lays images over colours.

    Args:
      images: uint8 [n, height, width, 4]. The colours are not multiplied by the opacity.
      colours: uint8 [3] or [height, width, 3].

    Returns:
      uint8 [n, height, width, 3].
    """
    opacity = images[..., 3:].astype(np.uint16)
    below = np.asarray(colours, np.uint16) * (255 - opacity)
    return ((images[..., :3] * opacity + below + 127) // 255).astype(np.uint8)


def without_hidden_colours(images, background):
    """Gives fully transparent pixels of images, uint8 [..., 4], the colour of the background, uint8 [3]."""
    return np.where(images[..., 3:] > 0, images, np.append(background, np.uint8(0)))


def colour_of(name):
    """Returns the colour, uint8 [3], of a name of CSS or of #RRGGBB."""
    return np.array(ImageColor.getrgb(name)[:3], np.uint8)


def random_colour(seed, number):
    """Returns #RRGGBB, a function of the seed and of the number of the image."""
    return "#{:02x}{:02x}{:02x}".format(*np.random.default_rng([seed, number]).integers(0, 256, 3))


def checkerboard(height, width):
    """Returns a board of grey and white squares, uint8 [height, width, 3]."""
    rows, columns = np.arange(height)[:, None] // _SQUARE, np.arange(width) // _SQUARE
    board = np.where((rows + columns) % 2, _DARK, _LIGHT).astype(np.uint8)
    return np.repeat(board[..., None], 3, axis=-1)
