"""The dual value of D2GAN: its formula, its divergence, and extreme logits."""

import numpy as np
import pytest
import tensorflow as tf
from analytic import softplus, tensors

from tfgan2.losses.dual import divergence_of, dual_value, even_logit, log_softplus


def test_the_formula():
    first, second = np.array([[-2.0], [0.5], [3.0]]), np.array([[1.0], [-1.0]])
    expected = 0.3 * np.log(softplus(first)).mean() - softplus(second).mean()
    assert float(dual_value(*tensors(first, second), 0.3)) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("weight", [1.0, 0.2])
def test_equal_distributions_have_no_divergence(weight):
    logits = tf.fill([4, 1], even_logit(weight))
    assert float(divergence_of(dual_value(logits, logits, weight), weight)) == pytest.approx(0.0, abs=1e-6)


def test_extreme_logits():
    logits = tf.constant([-1e4, -200.0, -15.001, -14.999, 0.0, 30.0, 1e4])
    with tf.GradientTape() as tape:
        tape.watch(logits)
        values = log_softplus(logits)
    np.testing.assert_allclose(values, [-1e4, -200, -15.001, -14.999, np.log(np.log(2)), np.log(30), np.log(1e4)], 1e-6)
    slopes = tape.gradient(values, logits)
    np.testing.assert_allclose(slopes, [1, 1, 1, 1, 0.5 / np.log(2), 1 / 30, 1e-4], rtol=1e-5)
