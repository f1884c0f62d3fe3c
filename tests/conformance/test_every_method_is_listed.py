"""The promises in this folder are tested for every method and stage."""

from tfgan2.methods import METHODS

STAGES = {stage.name for method in METHODS.values() for stage in method.stages}


def test_every_method_has_a_configuration(configurations):
    assert {configuration.method for configuration in configurations.values()} == {*METHODS, *STAGES}


def test_all_but_one_are_compared_over_replicas(configurations):
    alone = {configuration.method for configuration in configurations.values() if not configuration.separable}
    assert alone == {"pretext"}  # Its loss contrasts the samples of a replica with each other.


def test_each_method_is_compiled_and_played_in_a_graph(configurations, compiled, graphs):
    for names in (compiled, graphs):
        assert {configurations[name].method for name in names} == {*METHODS, *STAGES}
    assert {*compiled, *graphs} == configurations.keys()


def test_each_method_that_exchanges_values_is_played_in_chunks_over_replicas(configurations, chunks_of_replicas):
    games = METHODS | {stage.name: stage.game for method in METHODS.values() for stage in method.stages}
    exchanging = {name for name, game in games.items() if game.coupled_players}
    assert exchanging <= {configurations[name].method for name in chunks_of_replicas}
