"""Quality at coverage: closed forms on Gaussian samples, NumPy references, made-up failures, real data, and errors."""

import math

import numpy as np
import pytest

from tfgan2.errors import InputError
from tfgan2.metrics.mixture_quality import ideal_within, mixture_quality, modes_within

AXIS = (-4, -2, 0, 2, 4)
GRID = np.array([[x, y] for x in AXIS for y in AXIS], float)
EQUAL = np.full(25, 1 / 25)
STD = 0.05


def drawn(seed, *, count=2000, shares=EQUAL, widths=(1.0, 1.0), angle=0.0):
    """Samples of the grid. Modes have the given shares, and widths in std along two axes at an angle."""
    random = np.random.default_rng(seed)
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    return GRID[random.choice(25, count, p=shares)] + (random.normal(size=(count, 2)) * widths) @ turn * STD


def quality(samples, **options):
    return mixture_quality(samples, GRID, std=STD, **{"minimum": 20} | options)


def over_seeds(seeds=40, **options):
    """Means and standard deviations of the scores over draws."""
    scores = np.array([quality(drawn(seed, **options)) for seed in range(seeds)])
    fields = mixture_quality(GRID, GRID, std=STD)._fields
    return tuple(dict(zip(fields, row, strict=True)) for row in (scores.mean(axis=0), scores.std(axis=0, ddof=1)))


def test_real_data_have_the_ideal_values():
    mean, spread = over_seeds(100)
    ideal = {"within_3_std": 1 - math.exp(-4.5)}
    for name, value in mean.items():
        assert value == pytest.approx(ideal.get(name, 1.0), abs=4 * spread[name] / 10 + 2e-4), name
    # The errors of the docstring.
    expected = {"quality_at_coverage": 0.003, "within_3_std": 0.002, "width_match": 0.002, "balance": 0.002}
    for name, value in (expected | {"width_large": 0.02, "width_small": 0.02}).items():
        assert spread[name] == pytest.approx(value, rel=0.35), name


@pytest.mark.parametrize("widths", [(0.8, 0.8), (0.5, 1.0), (1.25, 0.9), (0.29, 0.16)])
def test_widths_by_their_closed_form(widths):
    mean, _ = over_seeds(widths=widths, angle=0.6)
    small, large = sorted(widths)
    assert mean["width_large"] == pytest.approx(large, rel=0.04)
    assert mean["width_small"] == pytest.approx(small, rel=0.04)
    match = np.prod([2 * s / (1 + s * s) for s in widths])
    assert mean["width_match"] == pytest.approx(match, abs=0.006)
    assert mean["balance"] == pytest.approx(1, abs=0.002)
    product = mean["within_3_std"] / ideal_within(2) * match
    assert mean["quality_at_coverage"] == pytest.approx(product, abs=0.01)


def test_share_near_a_mode_by_its_closed_form():
    # A Gaussian of width s has 1 - exp(-9 / (2 s^2)) of its samples within 3 std.
    mean, _ = over_seeds(10, widths=(2.0, 2.0))
    assert mean["within_3_std"] == pytest.approx(1 - math.exp(-9 / 8), abs=0.01)


def bridges(seed, share=0.1):
    """A share of the samples lies at uniform places between two neighbours in a row of the grid."""
    random, samples = np.random.default_rng(100 + seed), drawn(seed)
    rows = np.flatnonzero(random.random(len(samples)) < share)
    starts = GRID[GRID[:, 0] < 4][random.integers(20, size=len(rows))]
    samples[rows] = starts + random.random((len(rows), 1)) * [2.0, 0.0]
    return samples


def test_made_up_failures():
    missed, heavy = np.full(25, 1 / 24), np.full(25, 0.5 / 24)
    missed[3], heavy[3] = 0, 0.5
    assert quality(drawn(0, shares=missed)).quality_at_coverage == 0
    # The shares have exp(-KL) = 24 / 25.
    assert quality(drawn(0, shares=missed)).balance == pytest.approx(0.96, abs=0.01)
    on_centres = quality(drawn(0, widths=(0, 0)))
    assert (on_centres.quality_at_coverage, on_centres.within_3_std, on_centres.width_large) == (0, 1, 0)
    # KL = ln 25 - (ln 2 + ln 48) / 2, so exp(-KL) = sqrt(96) / 25 = .392.
    assert over_seeds(shares=heavy)[0]["quality_at_coverage"] == pytest.approx(math.sqrt(96) / 25, abs=0.01)
    # Of a bridge of 40 std 6 are near a mode: .9 + .1 * 6 / 40 / .9889 = .915 for the position.
    found = np.mean([quality(bridges(seed)).quality_at_coverage for seed in range(10)])
    assert 0.9 < found < 0.92
    assert quality(np.zeros((50, 2))).quality_at_coverage == 0
    assert quality(np.ones((50, 2))) == (0, 0, 0, 0, 0, 0)


def test_balance_against_numpy_and_other_shares():
    # 30 and 70 good samples: KL = .3 ln(.3 / .25) + .7 ln(.7 / .75), less 1 / 200.
    line = np.array([[0.0], [10.0]])
    samples = np.repeat(line, [30, 70], axis=0)
    expected = math.exp(-(0.3 * math.log(0.3 / 0.25) + 0.7 * math.log(0.7 / 0.75) - 1 / 200))
    for shares in ([0.25, 0.75], [10, 30]):
        assert mixture_quality(samples, line, std=1.0, shares=shares).balance == pytest.approx(expected)


def test_widths_against_a_loop():
    samples = np.random.default_rng(3).normal(size=(23, 3)) * [1, 0.5, 0.2]
    total = np.zeros(3)
    for fold in range(10):
        kept = np.delete(samples, np.s_[fold::10], axis=0)
        _, axes = np.linalg.eigh(np.cov(kept, rowvar=False))
        for row in samples[fold::10]:
            total += ((row - kept.mean(axis=0)) @ axes) ** 2 / (1 + 1 / len(kept))
    found = mixture_quality(samples, np.zeros((1, 3)), std=1.0)
    assert (found.width_small, found.width_large) == pytest.approx(tuple(np.sqrt(total[[0, 2]] / 23)))


def test_one_dimension():
    samples = np.random.default_rng(0).normal(size=(5000, 1)) * 0.7
    found = mixture_quality(samples, [[0.0]], std=1.0)
    assert found.width_large == found.width_small == pytest.approx(0.7, abs=0.02)
    assert found.width_match == pytest.approx(1.4 / 1.49, abs=0.01)
    assert ideal_within(1) == pytest.approx(0.9973, abs=1e-4)


def test_modes_by_radius():
    # At 4, 7 and 15 std from three centres.
    line = np.array([[0.0], [100.0], [200.0]])
    samples = line + np.array([[4.0], [7.0], [15.0]])
    assert modes_within(samples, line, std=1.0) == [0, 0, 0, 1, 2, 3]
    assert modes_within(2 * samples, 2 * line, std=2.0, radii=(4.5,)) == [1]
    for seed in range(5):
        assert modes_within(drawn(seed), GRID, std=STD, minimum=20) == [25] * 6
    # Of 100 samples of a mode 39 are within 1 std. 8 of 25 that are required are then too few.
    assert modes_within(np.zeros((8, 2)), [[0.0, 0.0]], std=1.0, radii=(1, 5), minimum=25) == [0, 0]
    assert modes_within(np.zeros((10, 2)), [[0.0, 0.0]], std=1.0, radii=(1, 5), minimum=25) == [1, 0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mixture_quality(GRID, GRID, std=0.0), "std is 0.0; it must be a finite number above 0."),
        (lambda: mixture_quality(GRID, GRID, std=1.0, minimum=0), "minimum is 0; it must be at least 1."),
        (
            lambda: mixture_quality(GRID, GRID[:2], std=1.0, shares=[1, 0]),
            "shares are [1.0, 0.0]; they must be 2 numbers above 0, one for each centre.",
        ),
        (
            lambda: mixture_quality(GRID, GRID[:2], std=1.0, shares=[1]),
            "shares are [1.0]; they must be 2 numbers above 0, one for each centre.",
        ),
        (lambda: modes_within(GRID, GRID, std=1.0, radii=(-1,)), "radius is -1; it must be a finite number above 0."),
        (lambda: modes_within(GRID, GRID, std=1.0, minimum=0), "minimum is 0; it must be a finite number above 0."),
        (lambda: ideal_within(0), "dimensions is 0; it must be at least 1."),
    ],
)
def test_bad_arguments(call, message):
    with pytest.raises(InputError) as raised:
        call()
    assert str(raised.value) == message
