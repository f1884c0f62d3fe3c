"""Scores by nearest neighbours: values by hand, SciPy's test, direction, degenerate sets, errors."""

import math

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from scipy.stats import mannwhitneyu

from tfgan2.errors import InputError
from tfgan2.metrics.nearest_neighbors import neighbor_spread, training_distances

TRAINING, HELD_OUT, FRESH = (np.random.default_rng(seed).normal(size=(500, 4)) for seed in range(3))


def compare(generated, **options):
    return training_distances(training=TRAINING, held_out=HELD_OUT, generated=generated, **options)


def test_training_distances_by_hand():
    # The training data are 0 and 10. The distances are 1, 2, 3 and 4 for held-out samples and 0, .5, 2 and 5 for
    # generated samples. The threshold for quantile .5 is 2, so 2 of 4 generated samples are duplicates. Nearer pairs:
    # 4 + 4 + (2 + 1/2 for the tie) + 0 of 16.
    sets = {"training": [[0], [10]], "held_out": [[1], [2], [13], [14]], "generated": [[0], [10.5], [2], [5]]}
    found = training_distances(**sets, quantile=0.5)
    assert found == pytest.approx((0.5, 10.5 / 16)) and [type(value) for value in found] == [float, float]
    # The thresholds for quantiles .51, .25 and 0 are 3, 1 and 1.
    assert [training_distances(**sets, quantile=share).duplicates for share in (0.51, 0.25, 0)] == [0.75, 0.5, 0.5]


def test_against_the_mann_whitney_statistic():
    generated = 0.5 * FRESH
    held_out, distances = (cdist(points, TRAINING).min(axis=1) for points in (HELD_OUT, generated))
    expected = mannwhitneyu(held_out, distances).statistic / 500**2
    assert compare(generated).nearer == pytest.approx(expected, abs=1e-12)


def test_fresh_real_samples():
    # With 500 samples the standard error is .004 for the share of .01 and sqrt(1 / (6 * 500)) = .018 for the
    # probability.
    found = compare(FRESH)
    assert found.duplicates == pytest.approx(0.01, abs=0.02) and found.nearer == pytest.approx(0.5, abs=0.06)


def test_copies():
    assert compare(TRAINING[::-1]) == (1, 1)
    # All samples are near copies, or half of them are copies.
    assert compare(TRAINING + 1e-3) == (1, 1)
    mixed = compare(np.concatenate([TRAINING[:250], FRESH[:250]]))
    assert mixed.duplicates == pytest.approx(0.505, abs=0.02) and mixed.nearer == pytest.approx(0.75, abs=0.05)


def test_noise_lies_away_from_the_data():
    found = compare(FRESH + 100)
    assert found == (0, 0)


def test_held_out_copies():
    # 2 % of the held-out samples are training samples. The threshold is 0 for a quantile of 1 % and above 0 for 5 %.
    held_out = np.concatenate([TRAINING[:10], HELD_OUT[:490]])
    sets = {"training": TRAINING, "held_out": held_out, "generated": TRAINING}
    assert training_distances(**sets).duplicates == 0
    # Each tie with one of 10 held-out samples out of 500 counts as one half.
    assert training_distances(**sets, quantile=0.05) == (1, pytest.approx(1 - 0.02 / 2))


def test_one_sample_each():
    assert training_distances(training=[[0]], held_out=[[2]], generated=[[1]]) == (1, 1)
    assert training_distances(training=[[0]], held_out=[[1]], generated=[[1]]) == (0, 0.5)


def test_invariances():
    generated = 0.8 * FRESH
    expected = compare(generated)
    random = np.random.default_rng(0)
    for change in (random.permutation, lambda rows: 3 * rows + 7):
        changed = [change(rows) for rows in (TRAINING, HELD_OUT, generated)]
        assert training_distances(**dict(zip(("training", "held_out", "generated"), changed, strict=True))) == expected


def test_neighbor_spread_by_hand():
    # Distances are 1, 1, 2 for the real 0, 1, 3 and .5, .5, 1.5 for the generated 0, .5, 2. The ratio is 2.5 / 4.
    found = neighbor_spread(real=[[0], [1], [3]], generated=[[0], [0.5], [2]])
    assert found == pytest.approx(0.625) and type(found) is float


def test_neighbor_spread_direction():
    assert neighbor_spread(real=TRAINING, generated=FRESH) == pytest.approx(1, abs=0.1)
    assert neighbor_spread(real=TRAINING, generated=3 * TRAINING + 1) == pytest.approx(3)
    # One image, ten images, and ten images with slight changes.
    assert neighbor_spread(real=TRAINING, generated=np.full((500, 4), 0.1)) == 0
    assert neighbor_spread(real=TRAINING, generated=np.tile(FRESH[:10], (50, 1))) == 0
    assert neighbor_spread(real=TRAINING, generated=np.tile(FRESH[:10], (50, 1)) + 0.01 * HELD_OUT) < 0.02


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: compare(FRESH[:, :2]),
            "dimensions differ: training have 4, held out have 4, generated have 2. Take the "
            "features of all sets from one network.",
        ),
        (
            lambda: compare([[math.nan] * 4]),
            "generated are not finite in 1 of 1 rows; all values must be finite.",
        ),
        (
            lambda: compare(np.zeros((0, 4))),
            "generated have shape (0, 4); they must be [count, dimensions], none of them 0.",
        ),
        (lambda: compare(FRESH, quantile=1), "quantile is 1; it must be in [0, 1)."),
        (lambda: compare(FRESH, quantile=math.nan), "quantile is nan; it must be in [0, 1)."),
        (lambda: neighbor_spread(real=[[0]], generated=[[0]]), "number of real samples is 1; it must be at least 2."),
        (
            lambda: neighbor_spread(real=FRESH, generated=FRESH[:99]),
            "numbers of real and generated samples are 500 and 99; they must be equal.",
        ),
        (
            lambda: neighbor_spread(real=np.zeros((5, 2)), generated=np.zeros((5, 2))),
            "real samples all have a copy among themselves; at least one must be unique.",
        ),
    ],
)
def test_errors(call, message):
    with pytest.raises(InputError) as raised:
        call()
    assert str(raised.value) == message
