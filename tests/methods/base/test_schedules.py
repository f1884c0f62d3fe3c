"""Schedules: values at known steps, in all modes."""

import numpy as np
import pytest
import tensorflow as tf
from modes import MODES

from tfgan2.methods.base.schedules import cosine, half_life_decay


@pytest.mark.parametrize("mode", MODES)
def test_cosine(mode):
    run = MODES[mode](lambda step: cosine(step, 400, 2.0, 0.2))
    found = [float(run(tf.constant(step, tf.int64))) for step in (0, 100, 200, 300, 400, 1000)]
    quarter = 0.9 * np.cos(np.pi / 4)
    assert found == pytest.approx([2.0, 1.1 + quarter, 1.1, 1.1 - quarter, 0.2, 0.2], rel=1e-5)


def test_a_constant_stays_exact():
    assert [float(cosine(step, 7, 0.3, 0.3)) for step in range(9)] == [np.float32(0.3)] * 9


def test_it_may_rise():
    # R3GAN's probability of augmentation.
    values = [float(cosine(step, 10, 0.0, 0.55)) for step in range(11)]
    assert values[0] == 0 and values == sorted(values) and values[-1] == pytest.approx(0.55)


@pytest.mark.parametrize("mode", MODES)
def test_half_life(mode):
    run = MODES[mode](lambda step: half_life_decay(step, 32, 320))
    decay = float(run(tf.constant(5)))
    # After ten batches of 32 samples half is left.
    assert decay**10 == pytest.approx(0.5, rel=1e-5)
    assert float(half_life_decay(0, 320, 320)) == pytest.approx(0.5)


@pytest.mark.parametrize("mode", MODES)
def test_ramp(mode):
    run = MODES[mode](lambda step: half_life_decay(step, 10, 1000, ramp=0.05))
    found = [float(run(tf.constant(step, tf.int64))) for step in (0, 1, 100, 2000, 5000)]
    # The half-life is 0, 0.5, 50, then 1000 samples.
    assert found == pytest.approx([0.0, 0.5 ** (10 / 0.5), 0.5 ** (10 / 50), 0.5**0.01, 0.5**0.01], rel=1e-5, abs=1e-12)
