"""SimCLR has random views of images. They are equal in all modes and after a resume, as every game promises."""

import keras
import numpy as np
import pytest

from tfgan2.data.pipeline import batch_stream
from tfgan2.methods.pgmgan.simclr import SimCLR
from tfgan2.system import checkpoints

RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.uniform(-1, 1, (32, 8, 8, 3)).astype("float32")


def build(*, weights_seed=0, jit_compile=False):
    keras.utils.set_random_seed(weights_seed)
    layers = [keras.layers.Flatten(), keras.layers.Dense(6, "tanh"), keras.layers.Dense(3)]
    game = SimCLR(keras.Sequential([keras.Input((8, 8, 3)), *layers]))
    optimizers = {role: keras.optimizers.SGD(0.05, momentum=0.9) for role in game.trained_roles}
    game.compile(optimizers, jit_compile=jit_compile, ema_decay=0.9)
    return game


def dataset(first_step=0):
    return batch_stream({"real": IMAGES}, batch_size=8, seed=0, first_step=first_step)


def values_of(game):
    return {name: variable.numpy().copy() for name, variable in game.state().items()}


@pytest.mark.parametrize("jit_compile", [False, True])
def test_three_steps_equal_three_eager_ones(jit_compile):
    eager, other = build(), build(jit_compile=jit_compile)
    steps = iter(dataset())
    reports = [eager.update(next(steps)) for _ in range(3)]
    logs = other.train_chunk(iter(dataset()), 3)
    for name, value in values_of(eager).items():
        np.testing.assert_allclose(values_of(other)[name], value, rtol=1e-4, atol=1e-5, err_msg=name)
    for name, value in logs.items():
        assert value == pytest.approx(np.mean([report[name] for report in reports]), rel=1e-4, abs=1e-6)
    assert all(np.isfinite(value) for value in logs.values())


@pytest.mark.parametrize("jit_compile", [False, True])
def test_a_resumed_run_equals_one_that_never_stopped(jit_compile, tmp_path):
    first = build(jit_compile=jit_compile)
    steps = iter(dataset())
    first.train_chunk(steps, 2)
    checkpoints.save(first, tmp_path)
    logs = first.train_chunk(steps, 2)
    again = build(weights_seed=1, jit_compile=jit_compile)
    assert checkpoints.restore(again, tmp_path) == 2
    assert again.train_chunk(iter(dataset(first_step=2)), 2) == logs
    for name, value in values_of(first).items():
        np.testing.assert_array_equal(values_of(again)[name], value, err_msg=name)
