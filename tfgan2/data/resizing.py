"""Conversion of images of any size and mode to arrays with the size and channels of the networks."""

import re
from typing import Annotated, Literal, NamedTuple, get_type_hints

import numpy as np
from PIL import Image, ImageColor

from tfgan2.data.opacity import colour_of, random_colour, without_hidden_colours
from tfgan2.errors import ArgumentError
from tfgan2.ranges import In, Seed, check

FILTERS = {
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
    "box": Image.Resampling.BOX,
}
"""Resampling filters by name."""

GREY_MODES = ("1", "L", "LA", "La", "I", "I;16", "I;16B", "I;16L", "I;16N")
"""The modes of Pillow that have no colour."""

ImageSize = Annotated[int, In("[4, 1024]")]
Crop = Literal["center", "none"]
Filter = Literal["bilinear", "bicubic", "lanczos", "box"]
Channels = Literal[1, 3]
_CODE = re.compile("#[0-9a-fA-F]{6}")


class BadImage(Exception):
    """An image cannot be used. The message is a reason that follows the name of the file."""


class Preparation(NamedTuple):
    """Preparation of every image, in this order: box, crop, channels, resizing.

    Attributes:
      image_size: Final height and width in pixels. None keeps those of the image.
      crop: "center" cuts out the largest centred square and resizes it. The filter does not see pixels beyond the cut.
        "none" squeezes the whole image into the square.
      crop_box: Top, left, height and width in pixels of a box that is cut out first, or None.
      resize: A key of `FILTERS`.
      antialias: Whether the filter is widened by the factor by which an image shrinks. Without it, the bilinear filter
        reads only the four pixels around each point. Shrinking by two is then the mean of 2 x 2 pixels.
      channels: 1 for grey by the luma of ITU-R 601, 3 for RGB, or None for that of the source.
      background: Colour behind transparent pixels: "#RRGGBB", a name of CSS, or "random" for one of each image.
      alpha: Whether the opacity is kept as a fourth channel. Nothing then lies behind the images, and the background is
        the colour of fully transparent pixels.
      background_seed: Seed of random backgrounds.
    """

    image_size: ImageSize | None = None
    crop: Crop = "center"
    crop_box: tuple[int, ...] | None = None
    resize: Filter = "bilinear"
    antialias: bool = True
    channels: Channels | None = None
    background: str = "white"
    alpha: bool = False
    background_seed: Seed = 0


def check_preparation(preparation):
    """Raises ArgumentError if a value is out of range or does not fit another value."""
    for name, declared in get_type_hints(Preparation, include_extras=True).items():
        check(name, declared, getattr(preparation, name))
    _check_background(preparation)
    if not preparation.antialias and preparation.resize != "bilinear":
        raise ArgumentError("antialias", False, f"true with resize={preparation.resize}", "Set resize=bilinear.")
    box = preparation.crop_box
    if box is not None and not (len(box) == 4 and min(box[:2]) >= 0 and min(box[2:]) >= 1):
        accepted = "top,left,height,width of a part of the image"
        raise ArgumentError("crop_box", tuple(box), accepted)


def _check_background(preparation):
    background, alpha = preparation.background, preparation.alpha
    if background not in ("random", *ImageColor.colormap) and not _CODE.fullmatch(background):
        accepted = "random, the name of a colour such as white or navy, or #RRGGBB, such as #808080"
        raise ArgumentError("background", background, accepted)
    if alpha and background == "random":
        raise ArgumentError("background", background, "one colour with alpha=true, where no image lies on a background")
    if alpha and preparation.channels is not None:
        accepted = "None with alpha=true, where images have 3 channels of colour and one of opacity"
        raise ArgumentError("channels", preparation.channels, accepted)
    if preparation.background_seed and background != "random":
        accepted = f"0 with background={background}, where nothing is drawn"
        raise ArgumentError("background_seed", preparation.background_seed, accepted)


def prepared_shape(shape, preparation):
    """Returns the shape (height, width, channels) of an image after its preparation. Unknown sizes are None."""
    height, width, channels = shape
    if preparation.crop_box is not None:
        height, width = preparation.crop_box[2:]
    if preparation.image_size is not None:
        height = width = preparation.image_size
    return height, width, 4 if preparation.alpha else preparation.channels or channels


def prepare(image, preparation, number=0):
    """Converts a Pillow image to pixels, uint8 [height, width, channels].

    Transparent pixels show the background. 16-bit values are divided by 257 and rounded.

    With `alpha` the colours are not multiplied by the opacity, as in PNG files. Resizing weights colours by the
    opacity. The colour of fully transparent pixels is the background, so that a network sees no hidden colours.

    Args:
      image: A Pillow image.
      preparation: A `Preparation`.
      number: Number of the image in its source, for a random background.

    Raises:
      BadImage: The box is not inside the image, or Pillow cannot convert the mode.
    """
    if preparation.crop_box is not None:
        image = _boxed(image, *preparation.crop_box)
    if preparation.image_size is not None and preparation.crop == "center":
        side = min(image.size)
        left, top = (image.width - side) // 2, (image.height - side) // 2
        image = image.crop((left, top, left + side, top + side))
    background = preparation.background
    if background == "random":
        background = random_colour(preparation.background_seed, number)
    mode = "RGBA" if preparation.alpha else "L" if preparation.channels == 1 else "RGB"
    image = _in_mode(image, mode, background)
    size = preparation.image_size
    if size is not None and image.size != (size, size):
        image = _resized(image, size, FILTERS[preparation.resize], preparation.antialias)
    pixels = np.asarray(image).reshape(image.height, image.width, -1)
    if preparation.alpha:
        return without_hidden_colours(pixels, colour_of(background))
    return pixels


def has_opacity(image):
    """Whether a Pillow image says how opaque its pixels are."""
    return not image.mode.startswith("I") and image.has_transparency_data


def is_transparent(image):
    """Whether a Pillow image has a pixel that is at least partly transparent."""
    if not has_opacity(image):
        return False
    return image.convert("RGBA").getchannel("A").getextrema()[0] < 255


def _boxed(image, top, left, height, width):
    if top + height > image.height or left + width > image.width:
        raise BadImage(f"is {image.height} x {image.width} pixels, so crop_box does not lie in it")
    return image.crop((left, top, left + width, top + height))


def _in_mode(image, mode, background):
    if image.mode.startswith("I"):
        image = _eight_bits(image)
    if image.mode == "F":
        raise BadImage("holds floating-point numbers with an unknown range; save it with 8 or 16 bits")
    try:
        if image.has_transparency_data:
            image = image.convert("RGBA")
        if mode == "RGBA":
            return image.convert("RGB").convert(mode) if image.mode != mode else image
        if image.mode == "RGBA":
            image = Image.alpha_composite(Image.new("RGBA", image.size, background), image)
        if image.mode not in GREY_MODES:
            image = image.convert("RGB")
        return image.convert(mode)
    except ValueError as error:
        raise BadImage(f"has the mode {image.mode} ({error}); save it as RGB") from error


def _eight_bits(image):
    values = np.asarray(image)
    if values.min() < 0 or values.max() > 65535:
        raise BadImage("holds 32-bit numbers with an unknown range; save it with 8 or 16 bits")
    return Image.fromarray(np.round(values / 257.0).astype(np.uint8))


def _resized(image, size, resampling, antialias):
    if antialias:
        return image.resize((size, size), resampling)
    matrix = (image.width / size, 0, 0, 0, image.height / size, 0)
    return image.transform((size, size), Image.Transform.AFFINE, matrix, resampling)
