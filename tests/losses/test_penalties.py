"""Gradient penalties of discriminators with known gradients."""

import numpy as np
import pytest
import tensorflow as tf
from analytic import linear_logits

from tfgan2.losses.gradients import GRADIENT_NORMS
from tfgan2.losses.penalties import GRADIENT_PENALTIES, interpolate, two_sided

PENALTIES = [GRADIENT_PENALTIES[name] for name in ("two_sided", "one_sided", "zero_centered")]


def points(count=32, dimension=2, seed=0):
    return tf.constant(np.random.default_rng(seed).normal(size=(count, dimension)), tf.float32)


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        # ||w|| = 5: (5 - 1)^2, the same, 5^2.
        ([3.0, 4.0], [16.0, 16.0, 25.0]),
        # ||w|| = 1/2: (1/2 - 1)^2, nothing below 1, 1/4.
        ([0.3, 0.4], [0.25, 0.0, 0.25]),
    ],
)
def test_linear_discriminator(weights, expected):
    weights = tf.constant(weights)
    found = [float(penalty(linear_logits(weights), points())) for penalty in PENALTIES]
    assert found == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(
    ("slope", "dimension", "expected"),
    [
        # The norm 5 over sqrt(2), and the norm 1 over sqrt(3072), as of images of 32 x 32 x 3 pixels.
        (5.0, 2, (5 / 2**0.5 - 1) ** 2),
        (1.0, 3072, (1 - 1 / 3072**0.5) ** 2),
    ],
)
def test_root_mean_square_of_a_linear_discriminator(slope, dimension, expected):
    weights, inputs = np.zeros(dimension, "float32"), points(4, dimension)
    weights[0] = slope
    assert float(two_sided(linear_logits(weights), inputs, norm=GRADIENT_NORMS["rms"])) == pytest.approx(
        expected, rel=1e-5
    )
    norm_of_all = float(two_sided(linear_logits(weights), inputs, norm=GRADIENT_NORMS["l2"]))
    assert norm_of_all == pytest.approx((slope - 1) ** 2, abs=1e-6)


def test_images():
    # The sum of 2 x 2 x 1 pixels has the gradient (1, 1, 1, 1), of norm 2.
    images, total = tf.zeros([3, 2, 2, 1]), lambda x: tf.reduce_sum(x, [1, 2, 3])
    found = [float(penalty(total, images)) for penalty in PENALTIES]
    assert found == pytest.approx([1, 1, 4], rel=1e-5)
    assert float(two_sided(total, images, norm=GRADIENT_NORMS["rms"])) == pytest.approx(0, abs=1e-6)


def test_logistic_linear_discriminator():
    # D = sigmoid(w.x) has the gradient D (1 - D) w.
    weights, inputs = np.array([6.0, -8.0]), points(seed=1).numpy().astype(np.float64)
    probability = 1 / (1 + np.exp(-inputs @ weights))
    norms = probability * (1 - probability) * 10
    assert norms.min() < 1 < norms.max()  # on both sides, so that the one-sided penalty has something to leave alone
    expected = [np.mean((norms - 1) ** 2), np.mean(np.maximum(norms - 1, 0) ** 2), np.mean(norms**2)]
    logit = linear_logits(tf.constant(weights, tf.float32))
    found = [float(penalty(lambda x: tf.sigmoid(logit(x)), points(seed=1))) for penalty in PENALTIES]
    assert found == pytest.approx(expected, rel=1e-5)


def test_gradient_by_the_weights():
    # d/dw (||w|| - 1)^2 = 2 (||w|| - 1) w / ||w|| = 8 (.6, .8) twice, and d/dw ||w||^2 = 2 w.
    weights = tf.Variable([3.0, 4.0])
    for penalty, expected in zip(PENALTIES, ([4.8, 6.4], [4.8, 6.4], [6, 8]), strict=True):
        with tf.GradientTape() as tape:
            value = penalty(linear_logits(weights), points())
        np.testing.assert_allclose(tape.gradient(value, weights), expected, rtol=1e-5)


@pytest.mark.parametrize("penalty", PENALTIES)
def test_zero_gradient(penalty):
    # Without slope the two-sided penalty is (0 - 1)^2 = 1, the others are 0, and all can be differentiated.
    expected = 1.0 if penalty is two_sided else 0.0
    first, second = tf.Variable(tf.zeros([2, 3])), tf.Variable(tf.zeros([3, 1]))
    with tf.GradientTape() as tape:
        value = penalty(lambda x: tf.tanh(x @ first) @ second + 0.5, points())
    assert float(value) == pytest.approx(expected, abs=1e-5)
    for gradient in tape.gradient(value, [first, second]):
        assert np.isfinite(gradient).all()
    assert float(penalty(lambda x: tf.ones([32, 1]), points())) == pytest.approx(expected, abs=1e-5)


def test_interpolation():
    real, fake = tf.constant([[0.0, 8.0], [0.0, 8.0], [0.0, 8.0]]), tf.constant([[4.0, 0.0], [4.0, 0.0], [4.0, 0.0]])
    # 0 is all fake, 1 all real, 1/4 is 1/4 real + 3/4 fake = (3, 2).
    mixed = interpolate(real, fake, tf.constant([0.0, 0.25, 1.0]))
    assert mixed.numpy().tolist() == [[4, 0], [3, 2], [0, 8]]
    images = interpolate(tf.ones([2, 3, 3, 1]), tf.zeros([2, 3, 3, 1]), tf.constant([0.25, 0.75]))
    np.testing.assert_array_equal(images, np.repeat([0.25, 0.75], 9).reshape(2, 3, 3, 1))
