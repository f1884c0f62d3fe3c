"""Affine maps of images: exact ones, bilinear ones, mirrored edges, derivatives."""

import numpy as np
import pytest
import tensorflow as tf

from tfgan2.layers.warping import warped

RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.normal(size=(3, 6, 6, 2)).astype(np.float32)


def warp(images, matrix, offset):
    count = len(images)
    matrices = tf.constant(np.tile(np.array(matrix, np.float32), (count, 1, 1)))
    return warped(tf.constant(images), matrices, tf.constant(np.tile(np.array(offset, np.float32), (count, 1))))


@pytest.mark.parametrize("size", [5, 6])
@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        ([[1, 0], [0, 1]], lambda images: images),
        ([[1, 0], [0, -1]], lambda images: images[:, :, ::-1]),
        ([[-1, 0], [0, 1]], lambda images: images[:, ::-1]),
        ([[0, 1], [-1, 0]], lambda images: np.rot90(images, axes=(1, 2))),
        ([[0, -1], [1, 0]], lambda images: np.rot90(images, axes=(2, 1))),
    ],
)
def test_flips_and_turns_change_no_value(matrix, expected, size):
    images = IMAGES[:, :size, :size]
    np.testing.assert_array_equal(warp(images, matrix, [0, 0]), expected(images))


def test_shifts_mirror_at_the_edges():
    found = warp(IMAGES, np.eye(2), [2, 0]).numpy()  # two rows further down in the input
    np.testing.assert_array_equal(found[:, :4], IMAGES[:, 2:])
    np.testing.assert_array_equal(found[:, 4:], IMAGES[:, :3:-1])
    found = warp(IMAGES, np.eye(2), [0, -1]).numpy()
    np.testing.assert_array_equal(found[:, :, 1:], IMAGES[:, :, :-1])
    np.testing.assert_array_equal(found[:, :, 0], IMAGES[:, :, 0])


def test_far_shifts_come_back():
    # Mirrored twice an image repeats after 12 pixels.
    for pixels in (-24, 12, 120):
        np.testing.assert_array_equal(warp(IMAGES, np.eye(2), [pixels, 0]), IMAGES)


def test_between_pixels():
    expected = (IMAGES[:, :-1] + IMAGES[:, 1:]) / 2
    np.testing.assert_allclose(warp(IMAGES, np.eye(2), [0.5, 0])[:, :-1], expected, rtol=1e-5, atol=1e-6)
    # A plane stays a plane: value = 2 row + 3 column, measured from the centre, read at A p + b.
    rows, columns = np.mgrid[:6, :6] - 2.5
    plane = (2 * rows + 3 * columns).astype(np.float32)[None, ..., None]
    matrix, offset = np.array([[0.5, 0.2], [-0.1, 0.4]]), np.array([0.3, -0.2])
    places = np.einsum("ij,jhw->ihw", matrix, np.stack([rows, columns])) + offset[:, None, None]
    assert np.abs(places).max() < 2.5
    found = warp(plane, matrix, offset)[0, ..., 0]
    np.testing.assert_allclose(found, 2 * places[0] + 3 * places[1], rtol=1e-4, atol=1e-5)


def test_each_image_has_its_own_map():
    matrices = tf.constant([np.eye(2), [[1, 0], [0, -1]], np.eye(2)], tf.float32)
    found = warped(tf.constant(IMAGES), matrices, tf.constant([[0, 0], [0, 0], [1.0, 0]])).numpy()
    np.testing.assert_array_equal(found[0], IMAGES[0])
    np.testing.assert_array_equal(found[1], IMAGES[1, :, ::-1])
    np.testing.assert_array_equal(found[2, :5], IMAGES[2, 1:])


@pytest.mark.parametrize("jit_compile", [False, True])
def test_second_derivatives(jit_compile):
    weights = tf.constant(RANDOM.normal(size=(72, 1)), tf.float32)
    turned = tf.constant(np.tile(np.array([[0.8, -0.6], [0.6, 0.8]], np.float32), (3, 1, 1)))

    def penalty(images, weights):
        with tf.GradientTape() as outer:
            outer.watch(weights)
            with tf.GradientTape() as inner:
                inner.watch(images)
                logits = tf.tanh(tf.reshape(warped(images, turned, tf.ones([3, 2]) / 4), [3, 72]) @ weights / 10)
            value = tf.reduce_sum(inner.gradient(logits, images) ** 2)
        return value, outer.gradient(value, weights)

    images = tf.constant(IMAGES)
    found, expected = (
        tf.function(penalty, jit_compile=jit_compile, autograph=False)(images, weights),
        penalty(images, weights),
    )
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-6)
    direction = tf.constant(RANDOM.normal(size=(72, 1)), tf.float32)
    there, back = (float(penalty(images, weights + sign * 1e-2 * direction)[0]) for sign in (1, -1))
    assert float(tf.reduce_sum(expected[1] * direction)) == pytest.approx((there - back) / 2e-2, rel=0.02)
