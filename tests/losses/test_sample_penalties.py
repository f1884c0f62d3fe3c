"""R1 and R2: discriminators with known gradients, differences, lazy computation, modes and precisions."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from analytic import linear_logits
from modes import MODES

from tfgan2.losses.sample_penalties import lazily, penalized
from tfgan2.methods.base.gradient_functions import make_gradient_function

RANDOM = np.random.default_rng(0)
FIRST, SECOND = RANDOM.normal(size=(3, 5)), RANDOM.normal(size=(5, 1))
POINTS = RANDOM.normal(size=(6, 3))


def test_linear_discriminator():
    # The gradient is w everywhere: 1/2 ||w||^2 = 25/2, and its gradient by w is w. All numbers are exact in float32.
    weights = tf.Variable([3.0, 4.0])
    points = tf.constant([[1.0, 2.0], [-5.0, 0.5], [0.0, 0.0]])
    with tf.GradientTape() as tape:
        logits, penalty = penalized(linear_logits(weights), points)
    assert float(penalty) == 12.5
    assert logits.numpy().tolist() == [[11.0], [-13.0], [0.0]]
    assert tape.gradient(penalty, weights).numpy().tolist() == [3.0, 4.0]


def test_quadratic_discriminator():
    # 1/2 sum a x^2 has the gradient a x: 1/2 of the mean of 4 + 0 and 36 + 16 is 14; by a it is the mean of a x^2.
    scales = tf.Variable([2.0, 4.0])
    points = tf.constant([[1.0, 0.0], [3.0, -1.0]])
    with tf.GradientTape() as tape:
        _, penalty = penalized(lambda x: tf.reduce_sum(scales * x**2, axis=1) / 2, points)
    assert float(penalty) == 14.0
    assert tape.gradient(penalty, scales).numpy().tolist() == [10.0, 2.0]


def test_images():
    # The sum of 2 x 2 x 1 pixels has the gradient (1, 1, 1, 1), of square 4.
    _, penalty = penalized(lambda x: tf.reduce_sum(x, [1, 2, 3]), tf.zeros([3, 2, 2, 1]))
    assert float(penalty) == 2.0


def reference(first, second):
    """The penalty of tanh(x A) B in float64."""
    slopes = ((1 - np.tanh(POINTS @ first) ** 2) * second[:, 0]) @ first.T
    return (slopes**2).sum(axis=1).mean() / 2


@pytest.mark.parametrize("mode", MODES)
def test_gradient_by_weights_against_differences(mode):
    def value_and_gradients(first, second, points):
        with tf.GradientTape() as tape:
            tape.watch([first, second])
            _, penalty = penalized(lambda x: tf.tanh(x @ first) @ second, points)
        return penalty, tape.gradient(penalty, [first, second])

    tensors = [tf.constant(array, tf.float32) for array in (FIRST, SECOND, POINTS)]
    penalty, gradients = MODES[mode](value_and_gradients)(*tensors)
    assert float(penalty) == pytest.approx(reference(FIRST, SECOND), rel=1e-5)
    for place, gradient in enumerate(gradients):
        for index in np.ndindex(*gradient.shape):
            there, back = [FIRST.copy(), SECOND.copy()], [FIRST.copy(), SECOND.copy()]
            there[place][index] += 1e-5
            back[place][index] -= 1e-5
            expected = (reference(*there) - reference(*back)) / 2e-5
            assert float(gradient[index]) == pytest.approx(expected, rel=1e-3, abs=1e-4)


def test_sums_are_float32_in_half_precision():
    # 4,096 slopes of 1/16: their squares add up to 16. In bfloat16 a sum of them stops growing at 1.
    samples = tf.zeros([2, 4096], tf.bfloat16)
    logits, penalty = penalized(lambda x: tf.reduce_sum(x, axis=1) / 16, samples)
    assert (logits.dtype, penalty.dtype) == (tf.float32, tf.float32)
    assert float(penalty) == 8.0


@pytest.mark.parametrize("mode", MODES)
def test_lazy_penalty_in_a_players_gradients(mode):
    # D(x) = w x with w = 2: the penalty is 2 and its gradient 2. The rest of the loss, w, has the gradient 1.
    weight = keras.Variable(2.0)

    def loss(step, points):
        penalty = lazily(lambda: penalized(lambda x: weight.value * x, points)[1], step, 3)
        return penalty + weight.value, {"penalty": penalty}

    run = MODES[mode](make_gradient_function("discriminator", loss, {"discriminator": [weight]}))
    for step, expected in enumerate([(6.0, 7.0), (0.0, 1.0), (0.0, 1.0), (6.0, 7.0)]):
        _, terms, gradients = run(tf.constant(step, tf.int64), tf.constant([[1.0], [5.0]]))
        assert (float(terms["penalty"]), float(gradients["discriminator"][0])) == expected


@pytest.mark.parametrize("mode", MODES)
def test_lazy_penalty_of_a_convolutional_network(mode):
    keras.utils.set_random_seed(0)
    network = keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Conv2D(3, 3, activation="tanh"),
                                keras.layers.Flatten(), keras.layers.Dense(1)])  # fmt: skip
    variables = {"discriminator": network.trainable_variables}
    images = tf.constant(np.random.default_rng(1).normal(size=(5, 4, 4, 1)), tf.float32)

    def loss(step, images, every):
        penalty = lazily(lambda: penalized(network, images)[1], step, every)
        return penalty + 1e-3 * tf.reduce_sum(network(images)), {}

    plain = make_gradient_function("discriminator", lambda step, images: loss(step, images, 1), variables)
    lazy = MODES[mode](make_gradient_function("discriminator", lambda step, images: loss(step, images, 4), variables))
    expected, without = plain(tf.constant(0), images)[2], lazy(tf.constant(1), images)[2]
    for each, once, never in zip(
        expected["discriminator"], lazy(tf.constant(4), images)[2]["discriminator"], without["discriminator"],
        strict=True,
    ):  # fmt: skip
        np.testing.assert_allclose(once - never, 4 * (each - never), rtol=1e-4, atol=1e-5)
    kernel = expected["discriminator"][0] - without["discriminator"][0]
    assert np.abs(kernel).max() > 1e-2
