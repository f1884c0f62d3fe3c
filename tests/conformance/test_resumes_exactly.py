"""Promise: a run that is saved, rebuilt, restored and continued is bit-equal to one that was never stopped."""

import numpy as np
import pytest
import tensorflow as tf

from tfgan2.system import checkpoints


def test_a_resumed_run_equals_one_that_never_stopped(configuration, build, iterator, play, trained, values):
    never_stopped = trained(configuration, "eager")
    reports = _resume(never_stopped, build(configuration, weights_seed=1), iterator, play, values, 5, eager=True)
    assert reports == never_stopped.reports[5]


# A chunk traces and compiles a step anew after a restart: that of a loss with an exchange, and one with averages of its
# own and a branch on the number of the step.
@pytest.mark.parametrize("name", ["distgan_features", "cgan_pd_lazily"])
def test_a_resumed_compiled_run_equals_one_that_never_stopped(name, build, iterator, play, trained, values):
    never_stopped = trained(name, "xla")
    game = build(name, weights_seed=1, jit_compile=True)
    assert _resume(never_stopped, game, iterator, play, values, 6) == never_stopped.logs[6]


def _resume(never_stopped, game, iterator, play, values, last_step, **how):
    assert checkpoints.restore(game, never_stopped.folder.name) == 3
    reported = play(game, iterator(game, first_step=3), last_step, **how)
    for name, value in values(game).items():
        np.testing.assert_array_equal(value, never_stopped.values[last_step][name], err_msg=name)
    return reported


def test_a_checkpoint_restores_every_variable(configuration, trained, values, tmp_path):
    game = trained(configuration, "eager").game
    kept = values(game)
    checkpoints.save(game, tmp_path)
    for variable in game.state().values():
        variable.assign(variable + tf.ones_like(variable))
    for name, value in values(game).items():
        assert np.all(value != kept[name]), name
    assert checkpoints.restore(game, tmp_path) == 5
    for name, value in values(game).items():
        np.testing.assert_array_equal(value, kept[name], err_msg=name)


def test_the_state_has_every_variable_that_training_changes(configuration, watched):
    seen = watched(configuration)
    held = {id(variable) for variable in seen.game.state().values()}
    assert held <= set(map(id, seen.created))
    assert id(seen.game.step) in map(id, seen.moved)
    assert [variable.name for variable in seen.moved if id(variable) not in held] == []


def test_the_state_has_only_networks_optimizers_and_averages(configuration, configurations, watched):
    game = watched(configuration).game
    weights = sum(len(network.weights) for network in game.networks.values())
    averages = sum(len(game.networks[role].weights) for role in game.averaged_roles if role in game.networks)
    moved = [game.networks[name.partition("/")[0]] for name in game.network_optimizers]
    momenta = sum(len(network.trainable_weights) for network in moved)
    iterations_and_learning_rates = 2 * len(moved)
    own = hasattr(game, "shares")  # PGMGAN also saves the share of each partition in the data.
    judges = sum(role.endswith("discriminator") for role in game.networks)
    own += 3 * judges * ("lecam_weight" in configurations[configuration].regularizers)  # averages of logits
    assert len(game.state()) == 1 + weights + averages + momenta + iterations_and_learning_rates + own
