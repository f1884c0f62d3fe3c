"""Averages of weights: the rule, and that the weights come back."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan2.methods.base.averages import Averages, HalfLife


def test_the_rule():
    weight = keras.Variable([1.0, 2.0])
    averages = Averages([weight], 0.4)
    expected = np.array([1.0, 2.0])
    for step in range(8):
        weight.assign([3.0 * step, -1.0])
        averages.update(tf.constant(step, tf.int64))
        # (1 + t) / (10 + t) is 1/10, 2/11, 3/12, 4/13, 5/14, then 6/15 = 0.4, the decay.
        decay = min(0.4, (1 + step) / (10 + step))
        expected = decay * expected + (1 - decay) * np.array([3.0 * step, -1.0])
        np.testing.assert_allclose(averages.variables[0].numpy(), expected, rtol=1e-6)


def test_the_first_decay_is_a_tenth_however_long_the_average():
    weight = keras.Variable(0.0)
    averages = Averages([weight], 0.9999)
    weight.assign(1.0)
    averages.update(tf.constant(0, tf.int64))
    np.testing.assert_allclose(averages.variables[0].numpy(), 0.9, rtol=1e-6)


@pytest.mark.parametrize("ramp", [None, 0.5])
def test_the_decay_of_a_half_life(ramp):
    weight = keras.Variable([1.0, 2.0])
    averages = Averages([weight], HalfLife(samples=100, batch_size=16, ramp=ramp))
    expected = np.array([1.0, 2.0])
    for step in range(20):
        weight.assign([3.0 * step, -1.0])
        averages.update(tf.constant(step, tf.int64))
        decay = min(0.5 ** (16 / 100), (1 + step) / (10 + step))
        if ramp is not None:  # 8 samples of half-life for each step, up to step 12
            decay = 0.5 ** (16 / min(100, 8 * step)) if step else 0.0
        expected = decay * expected + (1 - decay) * np.array([3.0 * step, -1.0])
        np.testing.assert_allclose(averages.variables[0].numpy(), expected, rtol=1e-5)


def test_a_half_life_out_of_range():
    with pytest.raises(ValueError, match=r"^samples is 0; it must be above 0\.$"):
        HalfLife(samples=0, batch_size=16)


def test_the_weights_hold_their_averages_for_a_while():
    weight = keras.Variable([1.0])
    averages = Averages([weight], 0.5)
    weight.assign([5.0])
    with averages.in_place():
        assert weight.numpy() == [1.0]
    assert weight.numpy() == [5.0]
    assert averages.variables[0].numpy() == [1.0]


def test_the_weights_come_back_after_an_error():
    weight = keras.Variable([1.0])
    averages = Averages([weight], 0.5)
    weight.assign([5.0])
    with pytest.raises(KeyError, match="inside"), averages.in_place():
        raise KeyError("inside")
    assert weight.numpy() == [5.0]
