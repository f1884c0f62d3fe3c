"""Density and coverage: values by hand, SciPy's distances, expectations, degenerate sets, outliers, errors."""

import math

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from tfgan2.errors import InputError
from tfgan2.metrics import distances
from tfgan2.metrics.density_coverage import density_coverage
from tfgan2.metrics.precision_recall import precision_recall


def normal(count, seed, dimensions=8):
    return np.random.default_rng(seed).normal(size=(count, dimensions))


def test_by_hand():
    # The neighbourhoods of the real 0, 1, 3 are (-1, 1), (0, 2), (1, 5). 0.5 lies in two of them, 1.5 in two, and 5 on
    # an edge. The density is 4 / (1 * 3).
    score = density_coverage(real=[[0], [1], [3]], generated=[[0.5], [1.5], [5]], k=1)
    assert score == pytest.approx((4 / 3, 1)) and [type(value) for value in score] == [float, float]
    # A single generated sample is valid. 1.5 lies outside the first neighbourhood.
    assert density_coverage(real=[[0], [1], [3]], generated=[[1.5]], k=1) == pytest.approx((2, 2 / 3))
    # k = 2: the neighbourhoods are (-3, 3), (-1, 3), (0, 6). 4 lies in one of them.
    assert density_coverage(real=[[0], [1], [3]], generated=[[4]], k=2) == pytest.approx((1 / 2, 1 / 3))


@pytest.mark.parametrize("k", [1, 5])
def test_against_scipy(k, monkeypatch):
    monkeypatch.setattr(distances, "BLOCK", 1000)
    real, generated = normal(200, 0), 0.8 * normal(150, 1)
    radii = np.sort(cdist(real, real), axis=1)[:, k]
    inside = cdist(generated, real) < radii
    expected = inside.sum() / (k * 150), inside.any(axis=0).mean()
    assert density_coverage(real=real, generated=generated, k=k) == pytest.approx(expected, abs=1e-12)


def test_equal_distributions():
    # The expected density is 1. A neighbourhood has no generated sample with probability about 2^-k, so the expected
    # coverage is 1 - 1/32 = .969 for k = 5. Its standard error is about .006 for 1,000 samples.
    density, coverage = density_coverage(real=normal(1000, 0, 3), generated=normal(1000, 1, 3))
    assert density == pytest.approx(1, abs=0.1) and coverage == pytest.approx(0.969, abs=0.02)


@pytest.mark.parametrize("k", [1, 5, 99])
def test_equal_sets(k):
    # Each neighbourhood contains its own sample and k - 1 others. The k-th neighbour lies on the edge, outside.
    points = normal(100, 0, 300) + 10
    assert density_coverage(real=points, generated=points[::-1], k=k) == (1, 1)


def test_no_overlap():
    assert density_coverage(real=normal(100, 0), generated=normal(100, 1) + 100) == (0, 0)


def test_one_mode_of_two():
    real = normal(400, 0, 2) + 50 * (np.arange(400) % 2)[:, None]
    density, coverage = density_coverage(real=real, generated=normal(400, 1, 2))
    # A neighbourhood contains k of the 200 real samples of its mode, so it contains the share k / 200 of the generated
    # samples. Each generated sample then lies in 200 * k / 200 = k neighbourhoods, so the density is 1. Half of the
    # real samples are covered.
    assert density == pytest.approx(1, abs=0.1) and 0.45 < coverage <= 0.5


def test_collapsed_generator():
    real = normal(500, 0)
    density, coverage = density_coverage(real=real, generated=np.tile(real[:1], (500, 1)))
    # One point lies in a share k / n of the real neighbourhoods on average. This point is near the middle.
    assert coverage < 0.1 and density == pytest.approx(coverage * 500 / 5)


def test_constant_features():
    # A real sample with k copies has an empty neighbourhood.
    same = np.full((10, 3), 0.1)
    assert density_coverage(real=same, generated=same) == (0, 0)
    # A collapsed generator.
    assert density_coverage(real=[[0], [1], [3]], generated=np.ones((4, 1)), k=1) == pytest.approx((1, 1 / 3))


def test_an_outlier_does_not_inflate_density():
    # The ball of one distant real sample reaches to its fifth nearest neighbour. It contains a large share of any
    # noise. The outlier raises precision by this share, but density by a fifth of it only.
    real, noise = normal(200, 0), 6 * normal(200, 1)

    def scores():
        sets = {"real": real, "generated": noise}
        return precision_recall(**sets, k=5).precision, density_coverage(**sets).density

    before = scores()
    real[0] = 40
    after = scores()
    assert before[0] < 0.01 and after[0] > 0.2
    assert before[1] < 0.01 and after[1] == pytest.approx(before[1] + after[0] / 5, abs=0.005)


def test_invariances():
    real, generated = normal(200, 0), 0.9 * normal(200, 1)
    expected = density_coverage(real=real, generated=generated)
    random = np.random.default_rng(0)
    for change in (random.permutation, lambda rows: 7 * rows - 30, lambda rows: rows[:, ::-1]):
        assert density_coverage(real=change(real), generated=change(generated)) == expected


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"real": np.zeros((5, 2)), "generated": np.zeros((9, 2))},
            "k is 5; it must be in [1, 4] for 5 real features, because no point is its own neighbour.",
        ),
        (
            {"real": np.zeros((9, 2)), "generated": np.zeros((0, 2))},
            "generated features have shape (0, 2); they must be [count, dimensions], none of them 0.",
        ),
        (
            {"real": np.full((9, 2), math.inf), "generated": np.zeros((9, 2))},
            "real features are not finite in 9 of 9 rows; all values must be finite.",
        ),
    ],
)
def test_errors(arguments, message):
    with pytest.raises(InputError) as raised:
        density_coverage(**arguments)
    assert str(raised.value) == message
