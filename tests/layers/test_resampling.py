"""Bilinear upsampling and blur: values, and the second derivatives that TensorFlow's own upsampling does not have."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy import ndimage

from tfgan2.layers.resampling import BilinearDouble, Blur

IMAGES = np.random.default_rng(0).normal(size=(2, 3, 5, 4)).astype("float32")


def test_values():
    expected = keras.layers.UpSampling2D(2, interpolation="bilinear")(IMAGES)
    np.testing.assert_allclose(BilinearDouble()(IMAGES), expected, rtol=1e-5, atol=1e-6)
    ramp = np.arange(4, dtype="float32")[None, :, None, None]
    found = BilinearDouble()(ramp)
    assert found.shape == (1, 8, 2, 1)
    assert found[0, :, 0, 0].numpy().tolist() == [0, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3]


def test_values_of_the_blur():
    weights = np.outer([0.25, 0.5, 0.25], [0.25, 0.5, 0.25])[None, :, :, None]
    expected = ndimage.convolve(IMAGES, weights, mode="nearest")
    np.testing.assert_allclose(Blur()(IMAGES), expected, rtol=1e-5, atol=1e-6)
    chessboard = np.indices((6, 6)).sum(0).astype("float32")[None, :, :, None] % 2
    np.testing.assert_array_equal(Blur()(chessboard)[:, 1:-1, 1:-1], np.full((1, 4, 4, 1), 0.5))


def second_derivative(layer, images):
    """The squared slope of sum(up(x)^3), and its gradient. The Hessian of this sum is not constant."""
    with tf.GradientTape() as outer:
        outer.watch(images)
        with tf.GradientTape() as inner:
            inner.watch(images)
            value = tf.reduce_sum(layer(images) ** 3)
        slope = tf.reduce_sum(inner.gradient(value, images) ** 2)
    return slope, outer.gradient(slope, images)


@pytest.mark.parametrize("layer", [BilinearDouble(), Blur()], ids=["double", "blur"])
@pytest.mark.parametrize("jit_compile", [None, False, True])
def test_second_derivatives(jit_compile, layer):
    images = tf.constant(IMAGES)
    run = second_derivative
    if jit_compile is not None:
        run = tf.function(second_derivative, jit_compile=jit_compile, autograph=False)
    _, gradient = run(layer, images)
    direction = tf.constant(np.random.default_rng(1).normal(size=IMAGES.shape), tf.float32)
    there, back = (float(run(layer, images + sign * 1e-3 * direction)[0]) for sign in (1, -1))
    assert float(tf.reduce_sum(gradient * direction)) == pytest.approx((there - back) / 2e-3, rel=0.02)


def test_tensorflows_own_has_none():
    # An upgrade that changes this makes the layer unnecessary.
    assert second_derivative(keras.layers.UpSampling2D(2, interpolation="bilinear"), tf.constant(IMAGES))[1] is None


@pytest.mark.parametrize("kind", [BilinearDouble, Blur])
def test_half_precision_and_saving(kind, tmp_path):
    layer = kind(dtype="mixed_bfloat16")
    outputs = layer(IMAGES)
    assert outputs.dtype == tf.bfloat16
    np.testing.assert_allclose(tf.cast(outputs, tf.float32), kind()(IMAGES), rtol=0.02, atol=0.03)
    model = keras.Sequential([keras.Input((3, 5, 4)), kind()])
    model.save(tmp_path / "model.keras")
    np.testing.assert_array_equal(keras.saving.load_model(tmp_path / "model.keras")(IMAGES), model(IMAGES))
