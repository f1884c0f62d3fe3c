"""Views of images: what each augmentation does, how often, and that it is the same in eager mode, graphs and XLA."""

import colorsys
import typing

import numpy as np
import pytest
import tensorflow as tf

from tfgan2.layers.views import AUGMENTATIONS, NOISE, Augmentations, cropped, jittered, view

RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.random((5, 8, 12, 3)).astype(np.float32)


def unit(*shape):
    return RANDOM.random(shape).astype(np.float32)


def ramp(count, height, width):
    """Images of two channels: the distances of a pixel's centre from the top and from the left, in pixels."""
    places = np.meshgrid(np.arange(height) + 0.5, np.arange(width) + 0.5, indexing="ij")
    return np.broadcast_to(np.stack(places, axis=2), (count, height, width, 2)).astype(np.float32)


def test_the_opacity_has_the_crop_and_the_flip_but_no_colours():
    opacity = IMAGES[..., :1]
    images, noise = np.concatenate([IMAGES, opacity], axis=3), unit(5, NOISE)
    noise[:, [5, 10]] = 0.0  # so that all colours change
    found = view(images, noise, output_range="unit").numpy()
    np.testing.assert_allclose(found[..., :3], view(IMAGES, noise, output_range="unit"), atol=1e-6)
    np.testing.assert_allclose(found[..., 3:], view(opacity, noise, ("crop", "flip"), output_range="unit"), atol=1e-6)


def test_a_crop_of_everything_changes_nothing():
    noise = np.tile(np.float32([0.3, 0.5, 0.7, 0.2]), (5, 1))
    square = IMAGES[:, :, :8]
    np.testing.assert_allclose(cropped(square, noise, smallest=1.0), square, atol=1e-5)


def test_a_crop_is_a_stretched_part():
    # Half of the area of 8 x 12 pixels, as wide as high: 6.928 x 6.928.
    side = np.sqrt(8 * 12 / 2)
    noise = np.float32([[0.5, 0.5, 0.0, 0.0], [0.5, 0.5, 0.5, 0.25]])
    found = cropped(ramp(2, 8, 12), noise, smallest=0.0).numpy()
    for image, (top, left) in zip(found, [(0, 0), ((8 - side) / 2, (12 - side) / 4)], strict=True):
        rows = np.clip(top + (np.arange(8) + 0.5) * side / 8, 0.5, 7.5)  # no pixel lies beyond the outermost centres
        columns = np.clip(left + (np.arange(12) + 0.5) * side / 12, 0.5, 11.5)
        np.testing.assert_allclose(image[:, :, 0], np.tile(rows[:, None], (1, 12)), atol=1e-5)
        np.testing.assert_allclose(image[:, :, 1], np.tile(columns, (8, 1)), atol=1e-5)


@pytest.mark.parametrize("size", [8, 28, 32])
def test_areas_and_shapes_of_crops(size):
    count = 4000
    found = cropped(ramp(count, size, size), unit(count, 4)).numpy()
    # Between two pixels in the middle, clear of the edges, the step is the side over the size.
    middle = size // 2
    heights = (found[:, middle, 0, 0] - found[:, middle - 1, 0, 0]) * size
    widths = (found[:, 0, middle, 1] - found[:, 0, middle - 1, 1]) * size
    areas, aspects = heights * widths / size**2, widths / heights
    assert areas.min() > 0.19 and areas.max() <= 1 + 1e-4
    # Uniform in [.2, 1] but for the few that are cut: mean .6 (standard error .0037), a quarter below .4.
    assert areas.mean() == pytest.approx(0.59, abs=0.02) and np.mean(areas < 0.4) == pytest.approx(0.25, abs=0.03)
    assert 0.745 < aspects.min() < 0.76 and 1.32 < aspects.max() < 1.34
    assert np.mean(np.log(aspects)) == pytest.approx(0, abs=0.02)
    # Every part is as likely as its mirror image, and none leaves the image.
    centers = found.mean(axis=(1, 2))
    assert centers.mean(axis=0) == pytest.approx([size / 2, size / 2], rel=0.02)
    assert found.min() >= 0.5 - 1e-4 and found.max() <= size - 0.5 + 1e-4


def test_colours_one_by_one():
    noise = np.full((5, 4), 0.5, np.float32)  # the middle of every range changes nothing
    noise[1, 0], noise[2, 1], noise[3, 2], noise[4, 3] = 0.75, 0.75, 0.0, 0.75
    images = 0.25 + IMAGES / 2  # nothing is clipped
    found = jittered(images, noise).numpy()
    np.testing.assert_allclose(found[0], images[0], atol=1e-6)
    np.testing.assert_allclose(found[1], np.minimum(1.2 * images[1], 1), atol=1e-6)
    grey = images @ np.float32([0.299, 0.587, 0.114])
    np.testing.assert_allclose(found[2], np.clip(1.2 * images[2] - 0.2 * grey[2].mean(), 0, 1), atol=1e-6)
    np.testing.assert_allclose(found[3], 0.6 * images[3] + 0.4 * grey[3][..., None], atol=1e-6)
    for pixel, result in zip(images[4].reshape(-1, 3), found[4].reshape(-1, 3), strict=True):
        hue, saturation, value = colorsys.rgb_to_hsv(*map(float, pixel))
        np.testing.assert_allclose(result, colorsys.hsv_to_rgb((hue + 0.05) % 1, saturation, value), atol=1e-5)


def test_grey_images_keep_to_brightness_and_contrast():
    images = 0.25 + IMAGES[..., :1] / 2
    noise = np.tile(np.float32([0.5, 0.75, 0.0, 0.9]), (5, 1))
    expected = np.clip(1.2 * images - 0.2 * images.mean(axis=(1, 2, 3), keepdims=True), 0, 1)
    np.testing.assert_allclose(jittered(images, noise), expected, atol=1e-6)
    always_grey = np.zeros((5, NOISE), np.float32)
    np.testing.assert_array_equal(view(images, always_grey, ("grey",)), images)


def test_how_often():
    images = np.broadcast_to(IMAGES[:1], (4000, 8, 12, 3))
    changes = {}
    for name in ("flip", "color", "grey"):
        found = view(images, unit(4000, NOISE), (name,), output_range="unit").numpy()
        changes[name] = found, np.any(np.abs(found - images) > 1e-3, axis=(1, 2, 3))
    # The standard errors are .008, .006 and .006.
    assert changes["flip"][1].mean() == pytest.approx(0.5, abs=0.03)
    assert changes["color"][1].mean() == pytest.approx(0.8, abs=0.03)
    assert changes["grey"][1].mean() == pytest.approx(0.2, abs=0.03)
    found, changed = changes["flip"]
    np.testing.assert_array_equal(found[changed][0], IMAGES[0][:, ::-1])
    found, changed = changes["grey"]
    grey = IMAGES[0] @ np.float32([0.299, 0.587, 0.114])
    np.testing.assert_allclose(found[changed][0], np.repeat(grey[..., None], 3, axis=2), atol=1e-6)


def test_the_augmentations_follow_each_other_in_one_order():
    noise = unit(5, NOISE)
    together = view(IMAGES, noise, ("grey", "crop"), smallest_crop=0.5)
    one_by_one = view(view(IMAGES, noise, ("crop",), smallest_crop=0.5), noise, ("grey",))
    np.testing.assert_allclose(together, one_by_one, atol=1e-6)
    np.testing.assert_array_equal(view(IMAGES, noise, ()), IMAGES)


def test_ranges():
    noise = unit(5, NOISE)
    found = view(IMAGES, noise, output_range="unit").numpy()
    assert found.min() >= 0 and found.max() <= 1
    np.testing.assert_allclose(view(2 * IMAGES - 1, noise), 2 * found - 1, atol=1e-5)


@pytest.mark.parametrize(("size", "channels"), [(8, 1), (28, 3)])
def test_equal_in_eager_graph_and_xla(size, channels):
    images, noise = tf.constant(unit(6, size, size, channels) * 2 - 1), tf.constant(unit(6, NOISE))
    eager = view(images, noise).numpy()
    assert eager.shape == images.shape and np.abs(eager - images).max(axis=(1, 2, 3)).min() > 0.1
    for jit_compile in (False, True):
        found = tf.function(view, jit_compile=jit_compile, autograph=False)(images, noise)
        np.testing.assert_allclose(found, eager, rtol=0, atol=5e-5)


def test_refusals():
    points = tf.zeros([4, 2])
    assert view(points, unit(4, NOISE), ()) is points
    with pytest.raises(ValueError) as raised:
        view(points, unit(4, NOISE), ("crop", "flip"))
    assert str(raised.value) == (
        "augmentations is ('crop', 'flip'); it must be empty for samples of the shape [2], because they are not images."
    )
    with pytest.raises(ValueError) as raised:
        view(IMAGES, unit(5, NOISE), ("crop", "blur"))
    assert str(raised.value) == "augmentations is ('crop', 'blur'); it must be made of crop, flip, color, grey."
    assert typing.get_args(typing.get_args(Augmentations)[0]) == AUGMENTATIONS
