"""Promise: two replicas with half of a batch each equal one replica with the whole batch."""

import functools

import numpy as np
import pytest

from tfgan2.methods import METHODS


@pytest.fixture
def compare(configurations, compiled_losses, build, iterator, play, trained, values, two_replicas):
    return functools.partial(
        _compare, configurations, compiled_losses, build, iterator, play, trained, values, two_replicas
    )


def test_three_steps_on_two_replicas_equal_three_on_one(separable_configuration, chunks_of_replicas, compare):
    compare(separable_configuration, eager=separable_configuration not in chunks_of_replicas)


def test_losses_that_exchange_values_are_named(configuration, watched):
    """XLA cannot compile them over several replicas, and leaves out those that `coupled_players` names."""
    seen = watched(configuration)
    if type(seen.game) in METHODS.values():
        assert len(seen.exchanging) == len(set(seen.exchanging)), "a loss exchanges all of its means at once"
    assert set(seen.exchanging) <= set(seen.game.coupled_players) <= set(seen.game.players)


@pytest.mark.parametrize("synchronized", [False, True])
def test_batch_norm_uses_the_whole_batch_only_if_synchronized(synchronized, trained_images, two_replicas):
    one = trained_images(synchronized=False)
    two = trained_images(synchronized=synchronized, strategy=two_replicas)
    assert two.keys() == one.keys()
    equal = [np.allclose(two[name], value, rtol=1e-3, atol=1e-5) for name, value in one.items()]
    assert all(equal) is synchronized


def _compare(configurations, compiled_losses, build, iterator, play, trained, values, two_replicas, name, *, eager):
    # Neighbour embedding is left out, because it is computed per replica by design.
    arguments = configurations[name].per_replica
    one = trained(name, "eager", **arguments)
    game = build(name, strategy=two_replicas, jit_compile=not eager and name in compiled_losses, **arguments)
    reported = play(game, iterator(game), 3, eager=eager)
    for entry, value in values(game).items():
        np.testing.assert_allclose(value, one.values[3][entry], rtol=1e-4, atol=1e-6, err_msg=entry)
    pairs = zip(reported, one.reports[3], strict=True) if eager else [(reported, one.logs[3])]
    for report, expected in pairs:
        for entry, value in report.items():
            if not entry.endswith("/gradient_norm"):  # This is a mean over the replicas of their own norms.
                np.testing.assert_allclose(value, expected[entry], rtol=1e-4, atol=1e-6, err_msg=entry)
    for entry, variable in game.state().items():
        first, second = (copy.numpy() for copy in variable.values)
        np.testing.assert_array_equal(first, second, err_msg=entry)
