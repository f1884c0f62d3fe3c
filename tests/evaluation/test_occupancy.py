"""Modes of each generator of a mixture: its rows, its counts, and their text."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
import tensorflow as tf

from tfgan2.evaluation.occupancy import (
    acceptance_errors,
    acceptance_of,
    counts_of_each,
    measured_occupancy,
    occupancy_errors,
    occupancy_of,
)


def model(choice, sampled):
    return SimpleNamespace(
        choice=choice, sampled_choices=sampled, choices=lambda seed, count: tf.range(seed, seed + count) % 3
    )


def test_rows_of_each_that_is_sampled():
    rows = occupancy_of(model("partition", (0, 2)), 1, 5)
    assert {name: np.flatnonzero(mine).tolist() for name, mine in rows.items()} == {
        "partition_0": [2],
        "partition_2": [1, 4],
    }


def test_those_without_a_sample_are_left_out():
    assert list(occupancy_of(model("partition", (0, 1, 2)), 0, 2)) == ["partition_0", "partition_1"]


@pytest.mark.parametrize("choice", ["label", None])
def test_what_is_no_mixture(choice):
    assert occupancy_of(model(choice, (0, 1)), 0, 5) == {}


def test_what_is_told():
    found = measured_occupancy({"generator_0": [3, 0, 0], "generator_1": [0, 5, 1]})
    assert found == {
        "modes_of_generator_0": 1,
        "modes_of_generator_1": 2,
        "specialization": pytest.approx(math.log(2)),
    }
    assert measured_occupancy({"generator_0": [3, 0]}) == measured_occupancy({}) == {}


def test_of_many_no_list():
    found = measured_occupancy({f"partition_{number}": [number, 1] for number in range(21)})
    assert list(found) == ["specialization"]


def test_acceptance_is_of_parts():
    partitioned = SimpleNamespace(choice="partition", networks={"partitioner": 0}, acceptance_rate=lambda s, n: s / n)
    assert acceptance_of(partitioned, 3, 4) == {"acceptance_rate": 0.75}
    for other in ({"choice": "generator"}, {"networks": {}}):
        assert acceptance_of(SimpleNamespace(**vars(partitioned) | other), 3, 4) == {}


def test_errors():
    assert acceptance_errors({"acceptance_rate": 0.75}, 12) == {"acceptance_rate": pytest.approx(0.125)}
    assert acceptance_errors({}, 12) == {}
    # Two generators of the same distribution, and one: a sample of mode 2 is of none of two.
    labels = np.random.default_rng(0).integers(3, size=400)
    rows_of = {"generator_0": np.arange(400) % 2 == 0, "generator_1": np.arange(400) % 2 == 1}
    counts = counts_of_each(labels, 2, rows_of)
    assert counts["generator_1"] == [np.sum(labels[1::2] == mode) for mode in (0, 1)]
    found = occupancy_errors(labels, 2, rows_of)
    assert list(found) == list(measured_occupancy(counts))
    assert found["modes_of_generator_0"] == 0 and 0 < found["specialization"] < 0.02
    assert occupancy_errors(labels, 2, {"generator_0": rows_of["generator_0"]}) == {}
