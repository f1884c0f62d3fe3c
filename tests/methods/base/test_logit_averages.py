"""Moving averages of logits: the rule, over many steps and in all modes."""

import numpy as np
import pytest
import tensorflow as tf
from modes import MODES

from tfgan2.methods.base.logit_averages import LogitAverages


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("decay", [0.0, 0.5, 0.99])
def test_many_updates(decay, mode):
    averages = LogitAverages(decay)
    update = MODES[mode](averages.update)
    values = np.random.default_rng(0).normal(size=(150, 2)).astype("float32")
    expected = np.zeros(2)
    for index, (real, fake) in enumerate(values):
        update(tf.constant(real), tf.constant(fake))
        # The mean of all values, until it would forget more slowly than the decay.
        rate = min(decay, index / (index + 1))
        expected = rate * expected + (1 - rate) * np.array([real, fake])
        if decay == 0.99 and index < 99:
            np.testing.assert_allclose(expected, values[: index + 1].mean(axis=0), rtol=1e-4, atol=1e-6)
    found = [float(averages.real), float(averages.fake)]
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)
    assert int(averages.updates) == 150


def test_state():
    averages = LogitAverages()
    averages.update(tf.constant(2.0), tf.constant(-1.0))
    assert {name: float(value) for name, value in averages.state().items()} == {"real": 2.0, "fake": -1.0, "updates": 1}
    assert not any(value.trainable for value in averages.state().values())


@pytest.mark.parametrize("decay", [-0.1, 1.0, float("nan")])
def test_decay_out_of_range(decay):
    with pytest.raises(ValueError, match=rf"^decay is {decay}; it must be in \[0, 1\)\.$"):
        LogitAverages(decay)


def test_on_two_replicas(two_replicas):
    with two_replicas.scope():
        averages = LogitAverages(0.9)

    @tf.function
    def run(value):
        two_replicas.run(lambda: averages.update(value, -value))

    for value in (1.0, 3.0):
        run(tf.constant(value))
    for copy in averages.real.values:
        assert float(copy) == 2.0
    assert [int(copy) for copy in averages.updates.values] == [2, 2]
