"""Packing: which samples come together, in which order, and their gradients."""

import numpy as np
import pytest
import tensorflow as tf

from tfgan2.layers.packing import packed


@pytest.mark.parametrize("jit_compile", [None, False, True])
def test_images(jit_compile):
    images = np.random.default_rng(0).normal(size=(6, 4, 5, 3)).astype("float32")
    run = packed if jit_compile is None else tf.function(packed, jit_compile=jit_compile, autograph=False)
    found = run(tf.constant(images), 2).numpy()
    assert found.shape == (3, 4, 5, 6)
    for place in range(3):
        np.testing.assert_array_equal(found[place, ..., :3], images[2 * place])
        np.testing.assert_array_equal(found[place, ..., 3:], images[2 * place + 1])


def test_points():
    points = tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0]])
    assert packed(points, 4).numpy().tolist() == [[1, 2, 3, 4, 5, 6, 7, 8]]
    assert packed(points, 1).numpy().tolist() == points.numpy().tolist()


def test_gradients_reach_each_sample():
    points = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    with tf.GradientTape() as tape:
        tape.watch(points)
        value = tf.reduce_sum(packed(points, 2) * [[1.0, 10.0, 100.0, 1000.0]])
    assert tape.gradient(value, points).numpy().tolist() == [[1, 10], [100, 1000]]


def test_a_batch_that_packs_do_not_fill():
    with pytest.raises(ValueError, match=r"^count is 4; it must be a divisor of 6, the samples of a batch\.$"):
        packed(tf.zeros([6, 2]), 4)
