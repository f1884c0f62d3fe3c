"""Held-out samples: their number, their classes, and their absence from all parts that a run trains on."""

import numpy as np
import pytest

from tfgan2.data.images import ImageSet
from tfgan2.data.selection import select
from tfgan2.data.synthetic import ring8
from tfgan2.errors import ArgumentError


def images(*sizes):
    """Images with classes of these sizes, in mixed order. A single size has no labels."""
    labels = np.random.default_rng(0).permutation(np.repeat(np.arange(len(sizes), dtype=np.int32), sizes))
    pixels = np.arange(len(labels), dtype=np.uint8).repeat(16).reshape(-1, 4, 4, 1)
    names = tuple("abcdefgh"[: len(sizes)])
    return ImageSet("mine", pixels, *((labels, names) if len(sizes) > 1 else (None, ())))


def held_out(data, share, seed=0, **chosen):
    return select(data, seed, held_out=share, **chosen).positive.data.held_out


@pytest.mark.parametrize(
    ("sizes", "share", "expected"),
    [
        ((200,), 0.1, [20]),
        ((40,), 0.01, [10]),  # at least ten
        ((20,), 0.5, [10]),
        ((100, 50, 50), 0.1, [10, 5, 5]),
        ((97, 61, 33, 1), 0.2, [19, 12, 7, 0]),  # largest remainders; a single image stays
        ((3, 3, 3, 3, 3, 3, 3, 3), 0.4, [2, 2, 1, 1, 1, 1, 1, 1]),
    ],
)
def test_each_class_has_its_share(sizes, share, expected):
    data = images(*sizes)
    rows = held_out(data, share)
    assert (np.diff(rows) > 0).all()
    found = [len(rows)] if data.labels is None else np.bincount(data.labels[rows], minlength=len(sizes)).tolist()
    assert sorted(found, reverse=True) == expected if len(set(sizes)) == 1 else found == expected


def test_the_choice_depends_on_the_seed():
    data = ring8(points_per_mode=20)
    first, again, other = (held_out(data, 0.2, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert len(first) == len(other) == 32 and set(first) != set(other)


def test_no_part_has_them_and_the_target_has():
    data = ring8(points_per_mode=40)
    classes = {"positive_classes": ("1", "2", "3"), "negative_classes": ("3", "4"), "auxiliary_classes": ("1",)}
    chosen = select(data, 0, held_out=0.25, minority=("2:9",), contamination=0.1, **classes)
    rows = chosen.target.data.held_out
    for part in (chosen.positive, chosen.negative, chosen.auxiliary, chosen.everything):
        assert part.data is chosen.target.data and not np.isin(part.rows, rows).any()
    assert np.isin(rows[np.isin(data.labels[rows], (1, 2, 3))], chosen.target.rows).all()
    assert np.count_nonzero(data.labels[chosen.positive.rows] == 2) == 9
    plain = select(data, 0, held_out=0.25)
    np.testing.assert_array_equal(np.union1d(plain.positive.rows, rows), np.arange(320))
    assert plain.target.rows is None


def test_a_subset_knows_its_own():
    data = select(images(30, 30), 0, held_out=0.2).positive.data
    rows = np.flatnonzero(data.labels == 1)
    taken = data.taken(rows)
    np.testing.assert_array_equal(rows[taken.held_out], data.held_out[data.labels[data.held_out] == 1])


def test_a_share_of_0_changes_nothing():
    data, chosen = ring8(points_per_mode=9), {"minority": ("3:4",)}
    assert held_out(data, 0) is None
    np.testing.assert_array_equal(
        select(data, 5, held_out=0, **chosen).positive.rows, select(data, 5, **chosen).positive.rows
    )


@pytest.mark.parametrize(
    ("data", "share", "message"),
    [
        (images(19), 0.1, "0 for mine: 10 of its 19 samples cannot be held out. Take 20 samples or more, and several"),
        (ring8(points_per_mode=3)._replace(labels=np.arange(24)), 0.4, "0 for ring8: 10 of its 24 samples cannot"),
        (images(100), 0.6, "in [0, 0.5]."),
        (images(100), -0.1, "in [0, 0.5]."),
    ],
)
def test_shares_that_do_not_fit(data, share, message):
    with pytest.raises(ArgumentError) as raised:
        held_out(data, share)
    assert str(raised.value).startswith(f"held_out is {share}; it must be {message}")
