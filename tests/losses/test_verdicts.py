"""The terms that methods report of real and generated samples."""

import numpy as np
import tensorflow as tf

from tfgan2.losses.verdicts import verdicts

REAL, FAKE = [[2.0], [0.0], [4.0], [-1.0]], [[1.0], [-5.0]]


def found(boundary):
    return {name: float(value) for name, value in verdicts(tf.constant(REAL), tf.constant(FAKE), boundary).items()}


def test_means_and_shares_on_each_side_of_the_boundary():
    values = found(1.5)
    sigmoids = {side: 1 / (1 + np.exp(1.5 - np.array(logits))) for side, logits in (("real", REAL), ("fake", FAKE))}
    for side, expected in sigmoids.items():
        np.testing.assert_allclose(values[f"{side}_probability"], expected.mean(), rtol=1e-6)
    assert (values["real_called_real"], values["fake_called_real"]) == (0.5, 0.0)
    # A logit on the boundary is not above it.
    assert found(0.0)["real_called_real"] == 0.5


def test_where_only_differences_count_pairs_are_compared():
    real, fake = tf.constant(REAL), tf.constant([[1.0], [0.0], [5.0], [-5.0]])
    values = verdicts(real, fake, None)
    differences = np.array([1.0, 0.0, -1.0, 4.0])
    for side, logits in (("real", differences), ("fake", -differences)):
        np.testing.assert_allclose(values[f"{side}_probability"], np.mean(1 / (1 + np.exp(-logits))), rtol=1e-6)
        assert values[f"{side}_called_real"] == np.mean(logits > 0)
    # A shift changes nothing. Nor do replicas: the means of two halves of the batch are those of the whole.
    shifted = verdicts(real + 100.0, fake + 100.0, None)
    halves = [verdicts(real[rows], fake[rows], None) for rows in (slice(2), slice(2, 4))]
    for name, value in values.items():
        np.testing.assert_allclose(shifted[name], value, rtol=1e-4)
        np.testing.assert_allclose((halves[0][name] + halves[1][name]) / 2, value, rtol=1e-6)
