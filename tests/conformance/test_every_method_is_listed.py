"""The promises in this folder are tested for every method and stage."""

from tfgan2.methods import METHODS

STAGES = {stage.name for method in METHODS.values() for stage in method.stages}


def test_every_method_has_a_configuration(configurations):
    assert {configuration.method for configuration in configurations.values()} == {*METHODS, *STAGES}


def test_the_shorter_list_has_each_separable_method(configurations, one_of_each):
    alone = {configuration.method for configuration in configurations.values() if not configuration.separable}
    assert alone == {"pretext"}  # Its loss contrasts the samples of a replica with each other.
    assert {configurations[name].method for name in one_of_each} == {*METHODS, *STAGES} - alone


def test_one_configuration_of_each_method_is_compiled(configurations, compiled, compiled_losses, one_of_each):
    assert {configurations[name].method for name in compiled} == {*METHODS, *STAGES}
    assert set(compiled_losses) <= set(one_of_each)
