"""Which real images are compared with what."""

import numpy as np
import pytest

from tfgan2.evaluation.reference import reference_split


def sizes(found):
    return [len(rows) for rows in found]


def test_reference_and_floor_where_there_are_enough_images():
    found = reference_split(1797, real=898, generated=898, repeat=0, copies=2000)
    assert sizes(found) == [898, 898, 898, 899, 898]
    np.testing.assert_array_equal(found.held_out, found.floor)
    np.testing.assert_array_equal(found.reference, found.floor_reference)
    assert not np.isin(found.floor, found.reference).any() and not np.isin(found.floor, found.training).any()
    assert np.isin(found.reference, found.training).all()
    assert sorted([*found.floor, *found.training]) == list(range(1797))


@pytest.mark.parametrize(
    ("count", "real", "generated", "expected"),
    [
        (50_000, None, 50_000, [50_000, 25_000, 25_000]),
        (50_000, None, 10_000, [50_000, 10_000, 25_000]),
        (12_000, 10_000, 5_000, [10_000, 5_000, 6_000]),
        (15_000, 10_000, 5_000, [10_000, 5_000, 10_000]),
        (7, None, 5, [7, 3, 3]),
    ],
)
def test_else_one_half_is_measured_against_the_other(count, real, generated, expected):
    found = reference_split(count, real=real, generated=generated, repeat=0)
    assert sizes(found) == [*expected, 0, expected[1]]
    assert not np.isin(found.floor, found.floor_reference).any()
    for rows in found:
        assert len(np.unique(rows)) == len(rows)


def test_repeats_differ_and_are_the_same_again():
    first, again, second = (reference_split(100, real=40, generated=40, repeat=repeat) for repeat in (0, 0, 1))
    np.testing.assert_array_equal(first.reference, again.reference)
    assert set(first.reference) != set(second.reference)
    # In random order: an Inception Score of splits would see sorted images class by class.
    assert (np.diff(first.floor) < 0).any()


def test_copies_are_looked_for_among_as_many_as_are_asked_for():
    assert len(reference_split(100, real=40, generated=40, repeat=0, copies=50).training) == 50


@pytest.mark.parametrize(("real", "is_enough"), [(30, True), (31, False)])
def test_held_out_samples_are_the_reference_if_there_are_enough(real, is_enough):
    held_out = np.arange(5, 35)
    found = reference_split(100, real=real, generated=40, repeat=0, copies=1000, held_out=held_out)
    assert (set(found.reference) == set(held_out)) == is_enough
    assert np.isin(found.floor, held_out).any() != is_enough
    assert sorted(found.held_out) == list(held_out)
    assert sorted([*found.training, *held_out]) == list(range(100))
    assert not np.isin(found.floor, found.floor_reference).any()
