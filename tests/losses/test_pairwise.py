"""The pair-wise gradient penalty: linear logits, coinciding pairs, and what its gradient reaches."""

import numpy as np
import pytest
import tensorflow as tf
from analytic import linear_logits
from modes import MODES

from tfgan2.losses.penalties import pairwise

# From (0, 0) to (3, 4) and from (1, 1) to (1, 3): unit vectors (.6, .8) and (0, 1).
TARGETS = tf.constant([[3.0, 4.0], [1.0, 3.0]])
OTHERS = tf.constant([[0.0, 0.0], [1.0, 1.0]])
MIXING = tf.constant([0.3, 1.0])


@pytest.mark.parametrize(
    ("weights", "norms"),
    [
        ([0.6, 0.8], [0.0, 0.4**0.5]),  # off by (.6, -.2), of square .4
        ([0.0, 2.0], [(0.36 + 1.44) ** 0.5, 1.0]),  # magnitude counts, too
        ([0.0, -1.0], [(0.36 + 3.24) ** 0.5, 2.0]),  # and so does direction
    ],
)
def test_linear_logits(weights, norms):
    logits = linear_logits(tf.constant(weights))
    found = float(pairwise(logits, TARGETS, OTHERS, MIXING))
    assert found == pytest.approx(np.mean(norms), abs=2e-6)
    found = float(pairwise(logits, TARGETS, OTHERS, MIXING, squared=True))
    assert found == pytest.approx(np.mean(np.square(norms)), rel=1e-5)


def test_zero_for_the_ideal_logit():
    for squared in (False, True):
        found = pairwise(linear_logits(tf.constant([0.6, 0.8])), TARGETS[:1], OTHERS[:1], MIXING[:1], squared=squared)
        assert float(found) == pytest.approx(0, abs=2e-6)


def test_images():
    # 2 x 2 pixels, all brighter by 3: the unit vector is (1, 1, 1, 1) / 2, and the sum has the gradient (1, 1, 1, 1).
    found = pairwise(lambda x: tf.reduce_sum(x, [1, 2, 3]), tf.ones([2, 2, 2, 1]), tf.fill([2, 2, 2, 1], -2.0), MIXING)
    assert float(found) == pytest.approx(1.0, rel=1e-6)


def test_where_the_penalty_looks():
    # The gradient of ||x||^2 / 2 is x: at 1 it looks at the target (1, 3), at 0 at the other (1, 1); u = (0, 1).
    square = lambda x: tf.reduce_sum(x**2, axis=1) / 2  # noqa: E731
    for mixing, expected in ((1.0, 5**0.5), (0.0, 1.0), (0.5, 2**0.5)):
        found = pairwise(square, TARGETS[1:], OTHERS[1:], tf.constant([mixing]))
        assert float(found) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("mode", MODES)
def test_coinciding_pairs(mode):
    first, second = tf.constant([[0.5, -1.0, 2.0], [1.0, 0.3, 0.7]]), tf.constant([[1.0], [-0.4], [0.2]])

    def penalty_and_gradient(first, second, targets, others):
        with tf.GradientTape() as tape:
            tape.watch([first, second])
            value = pairwise(lambda x: tf.tanh(x @ first) @ second, targets, others, MIXING)
        return value, tape.gradient(value, [first, second])

    function = MODES[mode](penalty_and_gradient)
    for targets, others in ((TARGETS, TARGETS), (TARGETS, OTHERS)):
        value, gradients = function(first, second, targets, others)
        expected, expected_gradients = penalty_and_gradient(first, second, targets, others)
        np.testing.assert_allclose(value, expected, rtol=1e-5)
        for gradient, wanted in zip(gradients, expected_gradients, strict=True):
            assert np.isfinite(gradient).all() and np.abs(gradient).max() > 1e-3
            np.testing.assert_allclose(gradient, wanted, rtol=1e-4, atol=1e-6)
    # Where a pair coincides the penalty is the norm of the gradient.
    assert float(pairwise(linear_logits(tf.constant([3.0, 4.0])), TARGETS, TARGETS, MIXING)) == pytest.approx(
        5, rel=1e-6
    )
    # A flat logit there has nothing left to pay, and can still be differentiated.
    value, gradients = function(tf.zeros([2, 3]), second, TARGETS, TARGETS)
    assert float(value) == pytest.approx(0, abs=2e-6) and all(np.isfinite(g).all() for g in gradients)


def test_only_the_function_is_moved():
    weights, bias = tf.Variable([0.5, 0.2]), tf.Variable([0.1, 0.1])
    with tf.GradientTape() as tape:
        others = OTHERS + bias
        targets = TARGETS * (1 + bias)
        value = pairwise(lambda x: linear_logits(weights)(x) ** 2, targets, others, MIXING)
    moved, fixed = tape.gradient(value, [weights, bias])
    assert np.abs(moved).max() > 0.1 and fixed is None
