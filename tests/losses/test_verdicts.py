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


def test_where_only_differences_count_a_shift_changes_nothing():
    values = found(None)
    assert (values["real_called_real"], values["fake_called_real"]) == (0.75, 0.5)  # The boundary is -0.375.
    shifted = verdicts(tf.constant(REAL) + 100.0, tf.constant(FAKE) + 100.0, None)
    np.testing.assert_allclose(list(values.values()), [float(value) for value in shifted.values()], rtol=1e-4)
