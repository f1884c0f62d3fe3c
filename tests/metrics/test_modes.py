"""Scores of mode coverage: values by hand, scores of real data, degenerate samples, errors."""

import math

import numpy as np
import pytest

from tfgan2.errors import InputError
from tfgan2.metrics.modes import grid_coverage, mode_quality, registered_counts, registration_radius

AXIS = (-4, -2, 0, 2, 4)
GRID = np.array([[x, y] for x in AXIS for y in AXIS], float)
LINE = np.array([[0.0], [10.0]])


def grid_samples(per_mode, seed=0):
    noise = np.random.default_rng(seed).normal(scale=0.05, size=(25, per_mode, 2))
    return (GRID[:, None, :] + noise).reshape(-1, 2)


def test_registration_radius():
    # The grid has a std of 0.05, which gives sqrt(2) * 0.1.
    assert registration_radius(0.05) == pytest.approx(0.1414214, abs=1e-7)


def test_registered_counts():
    # At centre 0: -1, 0 and 1, because a distance equal to the radius is inside. At centre 10: 9.5. 5 and 11.5 are too
    # far from both centres.
    samples = [[-1.0], [0.0], [1.0], [9.5], [5.0], [11.5]]
    counts = registered_counts(samples, LINE, 1.0)
    assert counts.tolist() == [3, 1] and counts.dtype == np.int64
    # With a radius of 6 some samples are near both centres. Each counts once, at its nearest centre.
    assert registered_counts([[4.0], [6.0], [7.0]], LINE, 6.0).tolist() == [1, 2]


def test_real_grid_registers():
    # The expected share is 1 - exp(-r^2 / (2 std^2)) = 1 - exp(-4) = .98168. This is 1963.4 of 2000 samples, with a
    # standard deviation of 6. The published file gives 1961. Each mode has 80 samples.
    coverage = grid_coverage(grid_samples(80), GRID, radius=registration_radius(0.05))
    assert coverage.registered_modes == 25
    assert 1945 <= coverage.registered_points <= 1981
    counts = registered_counts(grid_samples(2000), GRID, registration_radius(0.05))
    # The expected number is 49084 of 50000, with a standard deviation of 30.
    assert counts.sum() == pytest.approx(49_084, abs=120)
    # 2,000 samples drawn at random give 25 counts of 80 +- 8.8. The largest relative error is .2 to .3.
    drawn = np.random.default_rng(0).choice(grid_samples(2000), 2000, replace=False)
    coverage = grid_coverage(drawn, GRID, radius=registration_radius(0.05))
    assert coverage.registered_modes == 25 and 1945 <= coverage.registered_points <= 1981
    assert 0.15 < coverage.total_variation_true < 0.4
    assert 0.15 < coverage.total_variation_differential < 0.4
    assert 0.01 < coverage.total_variation < 0.08


def test_grid_coverage_by_hand():
    # N = 10, K = 2, counts 6 and 2: K c / N is 1.2 and 0.4, sum c / N is 0.8.
    # True: max(.2, .6). Differential: max(.4, .4). Standard: (|.75 - .5| + |.25 - .5|) / 2.
    samples = [[0.0]] * 6 + [[10.0]] * 2 + [[5.0]] * 2
    coverage = grid_coverage(samples, LINE, radius=1.0, minimum=3)
    assert coverage._asdict() == {
        "registered_modes": 1,
        "registered_points": 8,
        "total_variation_true": pytest.approx(0.6),
        "total_variation_differential": pytest.approx(0.4),
        "total_variation": pytest.approx(0.25),
    }
    assert [type(value) for value in coverage] == [int, int, float, float, float]
    # A mode with exactly the minimum is covered.
    assert grid_coverage(samples, LINE, radius=1.0, minimum=2).registered_modes == 2


def test_minimum_of_twenty():
    samples = np.repeat(LINE, [20, 19], axis=0)
    assert grid_coverage(samples, LINE, radius=1.0).registered_modes == 1


def test_collapse_to_one_mode():
    # All 2,000 samples at one of 25 modes: K c / N = 25, so both reconstructed values are 24. The standard one is
    # (24/25 + 24 * 1/25) / 2 = .96.
    coverage = grid_coverage(np.tile(GRID[:1], (2000, 1)), GRID, radius=0.1)
    assert coverage[:2] == (1, 2000)
    assert coverage[2:] == pytest.approx((24, 24, 0.96))


def test_nothing_registers():
    # Every count is 0. The three values are |0 - 1| = 1, |0 - 0| = 0, and 1 by definition.
    assert grid_coverage([[5.0], [6.0]], LINE, radius=1.0) == (0, 0, 1.0, 0.0, 1.0)


def test_mode_quality_by_hand():
    # With std 1 a good sample is less than 3 from a centre in each coordinate. (2.9, 2.9) is good, although its
    # distance is 4.1. (3, 0) is not good. (0, 100) is not good and nearest to the second centre. The counts are 3 and
    # 1, so reverse KL is .75 ln 1.5 + .25 ln .5 = .304099 - .173287 = .130812.
    centers = [[0.0, 0.0], [0.0, 50.0]]
    quality = mode_quality([[2.9, 2.9], [3.0, 0.0], [0.0, -2.0], [0.0, 100.0]], centers, std=1.0)
    assert quality == (0.5, 1, pytest.approx(0.130812, abs=1e-6))
    assert [type(value) for value in quality] == [float, int, float]


def test_a_sample_is_good_in_the_box_of_any_mode():
    # (2.9, 2.9) is 3.5 from (6.4, 2.9) and outside its box. It is 4.1 from the origin and inside its box.
    quality = mode_quality([[2.9, 2.9]], [[0.0, 0.0], [6.4, 2.9]], std=1.0)
    # All samples are nearest to one of two centres, so reverse KL is ln 2.
    assert quality == (1.0, 1, pytest.approx(math.log(2)))


def test_real_grid_is_good():
    # The expected share within 3 std in both coordinates is .9973^2 = .99461. Its standard deviation for 50,000 samples
    # is .00033.
    quality = mode_quality(grid_samples(2000), GRID, std=0.05)
    assert quality.good_fraction == pytest.approx(0.99461, abs=0.0015)
    assert quality.good_modes == 25
    assert quality.reverse_kl == pytest.approx(0, abs=1e-12)


def test_collapsed_and_bad_samples():
    assert mode_quality(np.zeros((5, 2)), GRID, std=0.05) == (1.0, 1, pytest.approx(math.log(25)))
    assert mode_quality(np.ones((5, 2)), GRID, std=0.05)[:2] == (0.0, 0)


def test_invariant_to_order_and_units():
    samples = np.random.default_rng(0).uniform(-4, 4, size=(500, 2))
    shuffled = np.random.default_rng(1).permutation(samples)
    coverage = grid_coverage(samples, GRID, radius=0.5)
    assert grid_coverage(shuffled, GRID, radius=0.5) == coverage
    assert grid_coverage(4 * samples, 4 * GRID, radius=2.0) == coverage
    quality = mode_quality(samples, GRID, std=0.25)
    assert mode_quality(shuffled, GRID, std=0.25) == pytest.approx(quality)
    assert mode_quality(4 * samples, 4 * GRID, std=1.0) == pytest.approx(quality)


MEASURES = {
    "registered_counts": lambda samples, centers: registered_counts(samples, centers, 1.0),
    "grid_coverage": lambda samples, centers: grid_coverage(samples, centers, radius=1.0),
    "mode_quality": lambda samples, centers: mode_quality(samples, centers, std=1.0),
}


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(
    ("samples", "centers", "message"),
    [
        (np.zeros((0, 1)), LINE, "samples have shape (0, 1); they must be [count, dimensions], none of them 0."),
        (np.zeros(3), LINE, "samples have shape (3,); they must be [count, dimensions], none of them 0."),
        (LINE, np.zeros((0, 1)), "centers have shape (0, 1); they must be [count, dimensions], none of them 0."),
        (
            np.zeros((3, 2)),
            LINE,
            "dimensions differ: samples have 2, centers have 1. Take the features of all sets from one network.",
        ),
        (
            [[math.nan], [0.0], [math.inf]],
            LINE,
            "samples are not finite in 2 of 3 rows; all values must be finite.",
        ),
        (LINE, [[math.nan]], "centers are not finite in 1 of 1 rows; all values must be finite."),
    ],
)
def test_bad_points(measure, samples, centers, message):
    with pytest.raises(InputError) as raised:
        MEASURES[measure](samples, centers)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: registration_radius(0.0), "std is 0.0; it must be a finite number above 0."),
        (lambda: registered_counts(LINE, LINE, -1.0), "radius is -1.0; it must be a finite number above 0."),
        (lambda: grid_coverage(LINE, LINE, radius=math.nan), "radius is nan; it must be a finite number above 0."),
        (lambda: mode_quality(LINE, LINE, std=math.inf), "std is inf; it must be a finite number above 0."),
        (
            lambda: grid_coverage(LINE, LINE, radius=1.0, minimum=0),
            "minimum is 0; it must be at least 1.",
        ),
    ],
)
def test_bad_arguments(call, message):
    with pytest.raises(InputError) as raised:
        call()
    assert str(raised.value) == message
