"""Pictures of images: grids, panels side by side, and the same latents during training."""

import io
import math

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from tfgan2.data.opacity import checkerboard, laid_over

_BACKGROUND = (255, 255, 255)
_INK = (43, 47, 51)
_GAP = 2  # Pixels between images.
_MARGIN = 12  # Pixels around panels.
_FONT_SIZE = 13
_LEGIBLE = 64  # Pixels. Smaller images are enlarged by an integer factor to about this size.
_CAPTION_SIZE = 11
_FRAMES = 8


def grid(images, columns, captions=()):
    """Arranges images row by row on white. Small images are enlarged. A checkerboard shows where they are transparent.

    Args:
      images: uint8 [n, height, width, 1, 3 or 4].
      columns: Images in a row.
      captions: A text above each image, cut to its width. Empty gives no captions.

    Returns:
      uint8 [H, W, 3].
    """
    factor = max(1, _LEGIBLE // max(images.shape[1:3]))
    images = images.repeat(factor, axis=1).repeat(factor, axis=2)
    if images.shape[-1] == 4:
        images = laid_over(images, checkerboard(*images.shape[1:3]))
    images = np.broadcast_to(images, (*images.shape[:3], 3))
    if captions:
        images = np.concatenate([_strips(captions, images.shape[2]), images], axis=1)
    count, height, width, _ = images.shape
    rows = -(-count // columns)
    shape = (rows * (height + _GAP) - _GAP, min(count, columns) * (width + _GAP) - _GAP, 3)
    picture = np.full(shape, _BACKGROUND, np.uint8)
    for index, image in enumerate(images):
        top, left = index // columns * (height + _GAP), index % columns * (width + _GAP)
        picture[top : top + height, left : left + width] = image
    return picture


def square_grid(images, captions=()):
    """Arranges images in a `grid` with about equal numbers of rows and columns."""
    return grid(images, math.ceil(len(images) ** 0.5), captions)


def _strips(captions, width):
    """Pictures of the captions on white, uint8 [n, height, width, 3]."""
    font = ImageFont.load_default(_CAPTION_SIZE)

    def strip(text):
        picture = Image.new("RGB", (width, _CAPTION_SIZE + 4), _BACKGROUND)
        ImageDraw.Draw(picture).text((1, 1), text, fill=_INK, font=font)
        return np.asarray(picture)

    drawn = {text: strip(text) for text in set(captions)}
    return np.stack([drawn[text] for text in captions])


def paired(images, others, columns):
    """Orders two sets of images for a `grid` in which a row of `others` follows each row of `images`."""
    missing = -len(images) % columns if len(images) > columns else 0
    blank = np.full((missing, *images.shape[1:]), 255, np.uint8)
    halves = np.concatenate([images, blank]), np.concatenate([others, blank])
    return np.concatenate([half[at : at + columns] for at in range(0, len(halves[0]), columns) for half in halves])


def panels(titled, *, title=""):
    """Arranges grids side by side, each under its title.

    Args:
      titled: List of pairs (title, uint8 [H, W, 3]).
      title: Title of the whole picture.

    Returns:
      uint8 [H, W, 3].
    """
    font = ImageFont.load_default(_FONT_SIZE)
    head = _MARGIN + (2 * _FONT_SIZE if title else 0)
    top = head + 2 * _FONT_SIZE
    widths = [max(picture.shape[1], _text_width(font, name)) for name, picture in titled]
    width = max(sum(widths) + _MARGIN * (len(widths) + 1), _text_width(font, title) + 2 * _MARGIN)
    canvas = Image.new("RGB", (width, top + max(picture.shape[0] for _, picture in titled) + _MARGIN), _BACKGROUND)
    draw = ImageDraw.Draw(canvas)
    draw.text((_MARGIN, _MARGIN), title, fill=_INK, font=font)
    left = _MARGIN
    for (name, picture), panel_width in zip(titled, widths, strict=True):
        draw.text((left, head), name, fill=_INK, font=font)
        canvas.paste(Image.fromarray(picture), (left, top))
        left += panel_width + _MARGIN
    return np.asarray(canvas)


def shown_frames(frames, at_most=_FRAMES):
    """Chooses at most `at_most` frames: the first, the last, and evenly spaced frames between them."""
    places = np.linspace(0, len(frames) - 1, min(at_most, len(frames)))
    return [frames[place] for place in np.unique(places.round().astype(int))]


def film(frames):
    """Shows the samples of the same latents during training, with one row per frame.

    For more than eight frames see `shown_frames`.

    Args:
      frames: List of pairs (title, images uint8 [n, height, width, 1, 3 or 4]) in order of time.

    Returns:
      uint8 [H, W, 3].
    """
    titles, images = zip(*shown_frames(frames), strict=True)
    rows = [grid(row, len(row)) for row in images]
    font = ImageFont.load_default(_FONT_SIZE)
    left = 2 * _MARGIN + max(_text_width(font, title) for title in titles)
    height, width, _ = rows[0].shape
    pitch = max(height, _FONT_SIZE) + _GAP
    canvas = Image.new("RGB", (left + width + _MARGIN, len(rows) * pitch - _GAP + 2 * _MARGIN), _BACKGROUND)
    draw = ImageDraw.Draw(canvas)
    for place, (title, row) in enumerate(zip(titles, rows, strict=True)):
        top = _MARGIN + place * pitch
        draw.text((_MARGIN, top + height // 2), title, fill=_INK, font=font, anchor="lm")
        canvas.paste(Image.fromarray(row), (left, top))
    return np.asarray(canvas)


def encoded(pixels):
    """Encodes pixels, uint8 [H, W, 3], as bytes of a PNG file."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def _text_width(font, text):
    return int(font.getlength(text)) + 1
