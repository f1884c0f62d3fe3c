"""What becomes of an image of any size and mode."""

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from tfgan2.data.resizing import FILTERS, GREY_MODES, BadImage, Preparation, check_preparation, prepare
from tfgan2.errors import InputError

RANDOM = np.random.default_rng(0)


def pixels_of(image, **arguments):
    found = prepare(image, Preparation(**arguments))
    assert found.dtype == np.uint8
    return found


def photograph(height, width):
    """Smooth colours with some texture."""
    coarse = RANDOM.integers(0, 256, (4, 4, 3), np.uint8)
    fine = np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)).astype(int)
    return Image.fromarray(np.clip(fine + RANDOM.integers(-20, 21, fine.shape), 0, 255).astype(np.uint8))


def test_images_stay_as_they_are():
    rgb = RANDOM.integers(0, 256, (5, 7, 3), np.uint8)
    np.testing.assert_array_equal(pixels_of(Image.fromarray(rgb), channels=3), rgb)
    np.testing.assert_array_equal(pixels_of(Image.fromarray(rgb[..., 0]), channels=1), rgb[..., :1])
    square = rgb[:, :5]
    for resize in FILTERS:
        found = pixels_of(Image.fromarray(np.ascontiguousarray(square)), image_size=5, resize=resize, channels=3)
        np.testing.assert_array_equal(found, square)


def test_grey_becomes_colour_and_colour_grey():
    grey = np.array([[0, 100, 255]], np.uint8)
    assert pixels_of(Image.fromarray(grey), channels=3).tolist() == [[[0] * 3, [100] * 3, [255] * 3]]
    colours = Image.fromarray(np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255]]], np.uint8))
    # ITU-R 601: .299 R + .587 G + .114 B of 255.
    assert pixels_of(colours, channels=1)[0, :, 0].tolist() == [76, 150, 29]


def test_transparent_images_lie_on_white():
    image = Image.new("RGBA", (3, 1))
    for x, pixel in enumerate([(200, 100, 0, 0), (200, 100, 0, 255), (200, 100, 0, 51)]):
        image.putpixel((x, 0), pixel)
    # A fifth of the colour (51 / 255) and four fifths of white: 200 -> 244, 100 -> 224, 0 -> 204.
    assert pixels_of(image, channels=3)[0].tolist() == [[255, 255, 255], [200, 100, 0], [244, 224, 204]]
    grey = Image.new("LA", (2, 1))
    grey.putpixel((0, 0), (10, 0))
    grey.putpixel((1, 0), (10, 255))
    assert pixels_of(grey, channels=1)[0, :, 0].tolist() == [255, 10]


def test_palettes():
    image = Image.new("P", (3, 1))
    image.putpalette([255, 0, 0, 0, 255, 0, 0, 0, 255])
    for x in range(3):
        image.putpixel((x, 0), x)
    assert pixels_of(image, channels=3)[0].tolist() == [[255, 0, 0], [0, 255, 0], [0, 0, 255]]
    image.info["transparency"] = 1
    assert pixels_of(image, channels=3)[0].tolist() == [[255, 0, 0], [255, 255, 255], [0, 0, 255]]


@pytest.mark.parametrize("mode", ["I;16", "I;16B", "I"])
def test_sixteen_bits(mode):
    values = np.array([[0, 128, 129, 65406, 65407, 65535]])
    dtype = {"I;16": "<u2", "I;16B": ">u2", "I": "<i4"}[mode]
    image = Image.frombytes(mode, (6, 1), values.astype(dtype).tobytes())
    # Rounded to 257ths: 128 / 257 is below 1/2, 129 / 257 above; 65406 = 254.498 * 257.
    assert pixels_of(image, channels=1)[0, :, 0].tolist() == [0, 0, 1, 254, 255, 255]
    assert pixels_of(image, channels=3).shape == (1, 6, 3)
    assert mode in GREY_MODES


def test_other_modes():
    assert pixels_of(Image.new("1", (2, 2), 1), channels=1).tolist() == [[[255]] * 2] * 2
    assert pixels_of(Image.new("CMYK", (1, 1), (0, 255, 255, 0)), channels=3).tolist() == [[[255, 0, 0]]]
    assert pixels_of(Image.new("RGB", (1, 1), (9, 99, 199)).convert("YCbCr"), channels=3)[0, 0] == pytest.approx(
        [9, 99, 199], abs=2
    )
    for channels in (1, 3):
        white = pixels_of(Image.new("LAB", (1, 1), (255, 128, 128)), channels=channels)
        assert white.shape == (1, 1, channels) and white.min() > 250


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (Image.new("F", (2, 2)), "holds floating-point numbers with an unknown range; save it with 8 or 16 bits"),
        (Image.new("I", (2, 2), 65536), "holds 32-bit numbers with an unknown range; save it with 8 or 16 bits"),
        (Image.new("I", (2, 2), -1), "holds 32-bit numbers with an unknown range; save it with 8 or 16 bits"),
        (Image.new("La", (2, 2)), "has the mode La (conversion from La to L not supported); save it as RGB"),
    ],
)
def test_modes_that_cannot_be_used(image, message):
    with pytest.raises(BadImage) as raised:
        pixels_of(image, channels=3)
    assert str(raised.value) == message


def columns(width, height):
    """Column x has the value 10 x, row y adds y."""
    return Image.fromarray((10 * np.arange(width) + np.arange(height)[:, None]).astype(np.uint8))


def test_center_crop():
    wide = pixels_of(columns(9, 4), image_size=4, channels=1)[..., 0]
    assert wide.tolist() == [[20 + y, 30 + y, 40 + y, 50 + y] for y in range(4)]  # 2 columns left, 3 right
    tall = pixels_of(columns(4, 7), image_size=4, channels=1)[..., 0]
    assert tall.tolist() == [[y, 10 + y, 20 + y, 30 + y] for y in range(1, 5)]
    # Without a size nothing is cut.
    assert pixels_of(columns(9, 4), channels=1).shape == (4, 9, 1)


def test_without_crop_everything_is_squeezed():
    found = pixels_of(columns(8, 4), image_size=4, crop="none", resize="box", channels=1)[..., 0]
    assert found.tolist() == [[5 + y, 25 + y, 45 + y, 65 + y] for y in range(4)]  # means of 0 and 10, 20 and 30, ...


def test_crop_box_comes_first():
    found = pixels_of(columns(9, 6), crop_box=(1, 3, 4, 5), channels=1)[..., 0]
    assert found.tolist() == [[30 + y, 40 + y, 50 + y, 60 + y, 70 + y] for y in range(1, 5)]
    found = pixels_of(columns(9, 6), crop_box=(1, 3, 4, 5), image_size=4, channels=1)[..., 0]
    assert found[0].tolist() == [31, 41, 51, 61]
    # A whole image is its own box.
    assert pixels_of(columns(9, 6), crop_box=(0, 0, 6, 9), channels=1).shape == (6, 9, 1)


@pytest.mark.parametrize("box", [(1, 0, 6, 9), (0, 1, 6, 9), (6, 0, 1, 1)])
def test_crop_box_outside(box):
    with pytest.raises(BadImage, match=r"^is 6 x 9 pixels, so crop_box does not lie in it$"):
        pixels_of(columns(9, 6), crop_box=box, channels=1)


# Two independent implementations round differently, so by a grey level or two.
@pytest.mark.parametrize(("resize", "antialias"), [("bilinear", True), ("bilinear", False), ("bicubic", True)])
@pytest.mark.parametrize(("before", "after"), [(96, 48), (60, 17), (20, 33)])
def test_filters_are_those_of_tensorflow(before, after, resize, antialias):
    image = photograph(before, before)
    found = pixels_of(image, image_size=after, resize=resize, antialias=antialias, channels=3)
    expected = tf.image.resize(np.asarray(image), [after, after], method=resize, antialias=antialias)
    expected = np.clip(expected, 0, 255)
    inner = slice(3, -3)  # at the edges TensorFlow's bicubic filter weighs what lies outside differently
    assert np.abs(found - expected)[inner, inner].max() < 2
    if resize == "bilinear":
        assert np.abs(found - expected).max() < 2


def test_antialiasing_matters():
    stripes = Image.fromarray(np.tile(np.array([255, 0, 0, 0], np.uint8), (16, 4)))
    plain = pixels_of(stripes, image_size=4, antialias=False, channels=1)
    smooth = pixels_of(stripes, image_size=4, channels=1)
    # Between the second and third pixel of four, both black; and a mean of all, a quarter of them white.
    assert plain.max() == 0 and smooth.mean() == pytest.approx(64, abs=16) and smooth.min() > 20


def test_halving_is_the_mean_of_four_pixels():
    image = photograph(96, 96)
    means = np.asarray(image).reshape(48, 2, 48, 2, 3).mean(axis=(1, 3))
    for options in ({"antialias": False}, {"resize": "box"}):
        found = pixels_of(image, image_size=48, channels=3, **options)
        assert np.abs(found - means).max() <= 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"image_size": 3}, "image_size is 3; it must be in [4, 1024], or None."),
        ({"image_size": 1025}, "image_size is 1025; it must be in [4, 1024], or None."),
        ({"image_size": 32.5}, "image_size is 32.5; it must be a whole number in [4, 1024], or None."),
        ({"crop": "centre"}, "crop is 'centre'; it must be one of center, none."),
        ({"resize": "nearest"}, "resize is 'nearest'; it must be one of bilinear, bicubic, lanczos, box."),
        ({"channels": 2}, "channels is 2; it must be one of 1, 3, or None."),
        ({"channels": 4}, "channels is 4; it must be one of 1, 3, or None."),
        (
            {"antialias": False, "resize": "lanczos"},
            "antialias is False; it must be true with resize=lanczos. Set resize=bilinear.",
        ),
        ({"crop_box": (0, 0, 4)}, "crop_box is (0, 0, 4); it must be top,left,height,width of a part of the image."),
        (
            {"crop_box": (-1, 0, 4, 4)},
            "crop_box is (-1, 0, 4, 4); it must be top,left,height,width of a part of the image.",
        ),
        (
            {"crop_box": (0, 0, 4, 0)},
            "crop_box is (0, 0, 4, 0); it must be top,left,height,width of a part of the image.",
        ),
    ],
)
def test_bad_values(arguments, message):
    with pytest.raises(InputError) as raised:
        check_preparation(Preparation(**arguments))
    assert str(raised.value) == message


def test_good_values():
    for size in (None, 4, 1024):
        check_preparation(Preparation(image_size=size, antialias=False, crop_box=(0, 0, 1, 1)))
