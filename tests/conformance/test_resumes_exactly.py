"""Promise: a run that is saved, rebuilt, restored and continued is bit-equal to one that was never stopped."""

import numpy as np
import tensorflow as tf

from tfgan2 import checkpoints


def test_a_resumed_run_equals_one_that_never_stopped(configuration, build, iterator, play, trained, values):
    _resume(configuration, "graph", build, iterator, play, trained, values)


def test_a_resumed_compiled_run_equals_one_that_never_stopped(
    one_of_each_method, build, iterator, play, trained, values
):
    _resume(one_of_each_method, "xla", build, iterator, play, trained, values)


def _resume(configuration, mode, build, iterator, play, trained, values):
    never_stopped = trained(configuration, mode)
    game = build(configuration, weights_seed=1, jit_compile=mode == "xla")
    assert checkpoints.restore(game, never_stopped.folder.name) == 3
    logs = play(game, iterator(game, first_step=3), 6)
    for name, value in values(game).items():
        np.testing.assert_array_equal(value, never_stopped.values[6][name], err_msg=name)
    assert logs == never_stopped.logs[6]


def test_a_checkpoint_restores_every_variable(configuration, trained, values, tmp_path):
    game = trained(configuration, "eager").game
    kept = values(game)
    checkpoints.save(game, tmp_path)
    for variable in game.state().values():
        variable.assign(variable + tf.ones_like(variable))
    for name, value in values(game).items():
        assert np.all(value != kept[name]), name
    assert checkpoints.restore(game, tmp_path) == 3
    for name, value in values(game).items():
        np.testing.assert_array_equal(value, kept[name], err_msg=name)


def test_the_state_has_every_variable_that_training_changes(configuration, complete, iterator):
    created = []

    def recorded(create, **options):
        created.append(create(**options))
        return created[-1]

    with tf.variable_creator_scope(recorded):
        game = complete(configuration)
        steps = iterator(game)
        before = {id(variable): variable.numpy().copy() for variable in created}
        for _ in range(2):
            game.update(next(steps))
    held = {id(variable) for variable in game.state().values()}
    assert held <= set(map(id, created))
    moved = [v for v in created if not np.array_equal(v.numpy(), before.get(id(v)))]
    assert id(game.step) in map(id, moved)
    assert [variable.name for variable in moved if id(variable) not in held] == []


def test_the_state_has_only_networks_optimizers_and_averages(configuration, configurations, build):
    game = build(configuration)
    weights = sum(len(network.weights) for network in game.networks.values())
    averages = sum(len(game.networks[role].weights) for role in game.averaged_roles if role in game.networks)
    moved = [game.networks[name.partition("/")[0]] for name in game.network_optimizers]
    momenta = sum(len(network.trainable_weights) for network in moved)
    iterations_and_learning_rates = 2 * len(moved)
    own = hasattr(game, "shares")  # PGMGAN also saves the share of each partition in the data.
    judges = sum(role.endswith("discriminator") for role in game.networks)
    own += 3 * judges * ("lecam_weight" in configurations[configuration].regularizers)  # averages of logits
    assert len(game.state()) == 1 + weights + averages + momenta + iterations_and_learning_rates + own
