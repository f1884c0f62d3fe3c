"""Promise: a step has the same result in eager mode, in a graph and with XLA."""

import numpy as np


def test_three_steps_in_a_graph_equal_three_eager_ones(graph_configuration, trained):
    _compare(trained(graph_configuration, "graph"), trained(graph_configuration, "eager"))


def test_three_compiled_steps_equal_three_eager_ones(compiled_configuration, trained):
    _compare(trained(compiled_configuration, "xla"), trained(compiled_configuration, "eager"))


def _compare(other, eager):
    assert other.values[3].keys() == eager.values[3].keys()
    for name, value in eager.values[3].items():
        np.testing.assert_allclose(other.values[3][name], value, rtol=1e-5, atol=1e-6, err_msg=name)
    assert other.logs[3].keys() == eager.logs[3].keys()
    for name, value in eager.logs[3].items():
        np.testing.assert_allclose(other.logs[3][name], value, rtol=1e-5, atol=1e-6, err_msg=name)
