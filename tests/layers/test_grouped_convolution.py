"""Grouped convolutions: values, derivatives, and the way round TensorFlow's gap on some machines."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan2.layers import grouped_convolution
from tfgan2.layers.grouped_convolution import GroupedConv2D, differentiates_groups

RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.normal(size=(2, 5, 5, 6)).astype("float32")


@pytest.fixture(params=["of this machine", "group by group"])
def way(request, monkeypatch):
    """The way that fits this machine, which most often is TensorFlow's operation, and the one that fits all."""
    if request.param == "group by group":
        monkeypatch.setattr(grouped_convolution, "differentiates_groups", lambda: False)


def layer_of(groups=3, **options):
    layer = GroupedConv2D(6, 3, groups=groups, padding="same", bias_initializer="random_normal", **options)
    layer.build(IMAGES.shape)
    return layer


def test_each_group_sees_its_own_channels(way):
    layer = layer_of()
    kernel, bias = (weight.numpy() for weight in layer.weights)
    assert kernel.shape == (3, 3, 2, 6)
    padded = np.pad(IMAGES.astype("float64"), ((0, 0), (1, 1), (1, 1), (0, 0)))
    expected = np.zeros((2, 5, 5, 6)) + bias
    for group in range(3):
        own = slice(2 * group, 2 * group + 2)
        for row, column in np.ndindex(3, 3):
            part = padded[:, row : row + 5, column : column + 5, own]
            expected[..., own] += part @ kernel[row, column, :, own]
    np.testing.assert_allclose(layer(IMAGES), expected, rtol=1e-4, atol=1e-5)
    whole = layer_of(groups=1)
    plain = keras.layers.Conv2D(6, 3, padding="same")
    plain.build(IMAGES.shape)
    plain.set_weights(whole.get_weights())
    np.testing.assert_allclose(whole(IMAGES), plain(IMAGES), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("jit_compile", [None, False, True])
def test_second_derivatives(way, jit_compile):
    keras.utils.set_random_seed(0)
    layer, images = layer_of(), tf.constant(IMAGES)

    def penalty(kernel, images):
        with tf.GradientTape() as outer:
            outer.watch(kernel)
            with tf.GradientTape() as inner:
                inner.watch(images)
                outputs = tf.reduce_sum(tf.tanh(layer.convolution_op(images, kernel)))
            value = tf.reduce_sum(inner.gradient(outputs, images) ** 2)
        return value, outer.gradient(value, kernel)

    run = penalty if jit_compile is None else tf.function(penalty, jit_compile=jit_compile, autograph=False)
    kernel = tf.convert_to_tensor(layer.kernel)
    gradient = run(kernel, images)[1]
    direction = tf.constant(RANDOM.normal(size=kernel.shape), tf.float32)
    there, back = (float(run(kernel + sign * 1e-2 * direction, images)[0]) for sign in (1, -1))
    assert float(tf.reduce_sum(gradient * direction)) == pytest.approx((there - back) / 2e-2, rel=0.02)


def test_strides_and_bfloat16(way):
    layer = layer_of(strides=2, dtype="mixed_bfloat16")
    exact = layer_of(strides=2)
    exact.set_weights(layer.get_weights())
    outputs = layer(IMAGES)
    assert outputs.dtype == tf.bfloat16 and outputs.shape == (2, 3, 3, 6)
    np.testing.assert_allclose(tf.cast(outputs, tf.float32), exact(IMAGES), rtol=0.05, atol=0.05)


def test_what_the_machine_can_is_found_by_trying():
    assert isinstance(differentiates_groups(), bool)

    @tf.function
    def within_a_graph():
        return tf.constant(differentiates_groups.__wrapped__())

    assert bool(within_a_graph()) is differentiates_groups()


def test_saved_layer_is_equal(tmp_path):
    model = keras.Sequential([keras.Input((5, 5, 6)), GroupedConv2D(9, 3, groups=3, activation="relu")])
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert type(loaded.layers[0]) is GroupedConv2D
    np.testing.assert_array_equal(loaded(IMAGES), model(IMAGES))
