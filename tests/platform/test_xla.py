"""Behaviour of XLA on which this package relies. After an upgrade, a failure shows which code to review."""

import numpy as np
import pytest
import tensorflow as tf

SEED = tf.constant([7, 5], tf.int64)


def in_three_modes(function):
    return [f().numpy() for f in (function, tf.function(function), tf.function(function, jit_compile=True))]


def test_philox_bits_are_the_same_in_all_modes():
    """random_numbers.py makes its numbers from these bits."""
    eager, graph, xla = in_three_modes(
        lambda: tf.random.stateless_uniform([1001], SEED, None, None, tf.uint32, alg="philox")
    )
    np.testing.assert_array_equal(graph, eager)
    np.testing.assert_array_equal(xla, eager)


def test_the_first_philox_bits_do_not_depend_on_how_many_are_drawn():
    """Replicas take slices of a global draw, and methods/base/latents.py draws in blocks."""
    few, many = (tf.random.stateless_uniform([n], SEED, None, None, tf.uint32, alg="philox").numpy() for n in (5, 1000))
    np.testing.assert_array_equal(many[:5], few)


@pytest.mark.parametrize("draw", [tf.random.stateless_uniform, tf.random.stateless_normal])
def test_floats_from_philox_differ_under_xla(draw):
    """So random_numbers.py makes floats from bits."""
    eager, graph, xla = in_three_modes(lambda: draw([100], SEED, alg="philox"))
    np.testing.assert_array_equal(graph, eager)
    assert np.abs(xla - eager).max() > 0.1


def test_second_order_gradients_are_the_same_in_all_modes():
    """Gradient penalties and gradient matching rely on it."""
    weight = tf.Variable([[0.5, -1.0], [2.0, 0.25]])
    inputs = tf.constant([[1.0, 2.0], [-0.5, 0.25], [0.3, -0.7]])

    def gradient():
        with tf.GradientTape() as outer:
            with tf.GradientTape() as inner:
                inner.watch(inputs)
                values = tf.nn.leaky_relu(tf.tanh(inputs @ weight))
            slopes = inner.gradient(values, inputs)
            loss = tf.reduce_mean(tf.square(tf.norm(slopes, axis=1) - 1.0))
        return outer.gradient(loss, weight)

    eager, graph, xla = in_three_modes(gradient)
    assert np.abs(eager).max() > 0.1
    np.testing.assert_allclose(graph, eager, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(xla, eager, rtol=1e-5, atol=1e-6)
