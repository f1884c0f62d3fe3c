"""Changes of colour: each alone, together as one matrix, and by the number of channels."""

import numpy as np
import pytest
import tensorflow as tf

from tfgan2.layers.color_shifts import color_shifted

RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.uniform(-1, 1, (4, 5, 3, 3)).astype(np.float32)
NEUTRAL = {"brightness": 0.0, "contrast": 1.0, "luma": 1.0, "hue": 0.0, "saturation": 1.0}
GREY = IMAGES.mean(axis=3, keepdims=True)


def shifted(images, **changes):
    values = {name: tf.fill([len(images)], float(value)) for name, value in (NEUTRAL | changes).items()}
    return color_shifted(tf.constant(images), **values).numpy()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, IMAGES),
        ({"brightness": 0.3}, IMAGES + 0.3),
        ({"contrast": 0.5}, 0.5 * IMAGES),
        ({"luma": -1.0}, IMAGES - 2 * GREY),
        ({"saturation": 0.0}, np.broadcast_to(GREY, IMAGES.shape)),
        ({"saturation": 2.0}, 2 * IMAGES - GREY),
        ({"hue": 2 * np.pi / 3}, IMAGES[..., [2, 0, 1]]),  # red becomes green, green blue, blue red
        ({"hue": 2 * np.pi}, IMAGES),
    ],
)
def test_one_change(changes, expected):
    np.testing.assert_allclose(shifted(IMAGES, **changes), expected, atol=1e-6)


def test_all_changes_are_one_affine_map():
    # As the authors compose it, of 4 x 4 matrices: brightness, contrast, flip of the luma, hue, saturation.
    axis, eye = np.ones((3, 1)) / 3**0.5, np.eye(3)
    along = axis @ axis.T
    cross = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]]) / 3**0.5
    changes = {"brightness": 0.2, "contrast": 1.3, "luma": -1.0, "hue": 0.7, "saturation": 0.6}
    turn = along + np.cos(0.7) * (eye - along) + np.sin(0.7) * cross
    matrix = (along + 0.6 * (eye - along)) @ turn @ (eye - 2 * along) * 1.3
    expected = (IMAGES + 0.2) @ matrix.T
    np.testing.assert_allclose(shifted(IMAGES, **changes), expected, atol=1e-5)


def test_grey_images_have_no_colours_and_opacity_stays():
    changes = {"brightness": 0.2, "contrast": 1.3, "luma": -1.0, "hue": 0.7, "saturation": 0.6}
    np.testing.assert_allclose(shifted(IMAGES[..., :1], **changes), -1.3 * (IMAGES[..., :1] + 0.2), atol=1e-6)
    opaque = np.concatenate([IMAGES, IMAGES[..., :1]], axis=3)
    found = shifted(opaque, **changes)
    np.testing.assert_array_equal(found[..., :3], shifted(IMAGES, **changes))
    np.testing.assert_array_equal(found[..., 3], IMAGES[..., 0])


def test_each_image_has_its_own_change():
    values = {name: tf.fill([4], value) for name, value in NEUTRAL.items()}
    found = color_shifted(tf.constant(IMAGES), **values | {"brightness": tf.constant([0.0, 1.0, 2.0, 3.0])}).numpy()
    np.testing.assert_allclose(found, IMAGES + np.arange(4)[:, None, None, None], atol=1e-6)
