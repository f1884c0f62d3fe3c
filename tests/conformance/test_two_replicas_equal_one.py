"""Promise: two replicas with half of a batch each equal one replica with the whole batch."""

import functools

import numpy as np
import pytest


@pytest.fixture
def compare(configurations, build, iterator, play, trained, values, two_replicas):
    return functools.partial(_compare, configurations, build, iterator, play, trained, values, two_replicas)


def test_twenty_steps_on_two_replicas_equal_twenty_on_one(separable_configuration, compare):
    compare(separable_configuration, jit_compile=False)


def test_twenty_compiled_steps_on_two_replicas_equal_twenty_on_one(one_of_each_method, compare):
    compare(one_of_each_method, jit_compile=True)


@pytest.mark.parametrize("synchronized", [False, True])
def test_batch_norm_uses_the_whole_batch_only_if_synchronized(synchronized, trained_images, two_replicas):
    one = trained_images(synchronized=False)
    two = trained_images(synchronized=synchronized, strategy=two_replicas)
    assert two.keys() == one.keys()
    equal = [np.allclose(two[name], value, rtol=1e-3, atol=1e-5) for name, value in one.items()]
    assert all(equal) is synchronized


def _compare(configurations, build, iterator, play, trained, values, two_replicas, configuration, *, jit_compile):
    # Neighbour embedding is left out, because it is computed per replica by design.
    arguments = configurations[configuration].per_replica
    one = trained(configuration, "graph", **arguments)
    game = build(configuration, strategy=two_replicas, jit_compile=jit_compile, **arguments)
    steps = iterator(game)
    logs = play(game, steps, 3)
    play(game, steps, 20)
    for name, value in values(game).items():
        np.testing.assert_allclose(value, one.values[20][name], rtol=1e-4, atol=1e-6, err_msg=name)
    for name, value in logs.items():
        if not name.endswith("/gradient_norm"):  # This is a mean over the replicas of their own norms.
            np.testing.assert_allclose(value, one.logs[3][name], rtol=1e-4, atol=1e-6, err_msg=name)
    for name, variable in game.state().items():
        first, second = (copy.numpy() for copy in variable.values)
        np.testing.assert_array_equal(first, second, err_msg=name)
