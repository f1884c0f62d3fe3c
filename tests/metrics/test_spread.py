"""Standard errors by random halves: the known one of a mean, tuples, reproducible halves, errors."""

import math

import numpy as np
import pytest

from tfgan2.errors import InputError
from tfgan2.metrics.frechet import frechet_distance_of_features
from tfgan2.metrics.precision_recall import precision_recall
from tfgan2.metrics.spread import standard_error


def test_standard_error_of_a_mean():
    # The exact value is s / sqrt(n). 200 halves have a relative error of 1 / sqrt(2 * 199) = 5 %. The test allows 3
    # times this error.
    points = np.random.default_rng(0).normal(size=1000)
    found = standard_error(np.mean, points, repeats=200)
    assert type(found) is float
    assert found == pytest.approx(points.std(ddof=1) / math.sqrt(1000), rel=0.15)


def test_each_set_is_halved_by_itself():
    # The difference of two independent means has sqrt(s1^2 / n1 + s2^2 / n2) = sqrt(1 / 400 + 9 / 900) = .1118.
    random = np.random.default_rng(0)
    first, second = random.normal(size=400), 3 * random.normal(size=900)
    found = standard_error(lambda a, b: a.mean() - b.mean(), first, second, repeats=200)
    assert found == pytest.approx(0.1118, rel=0.15)


def test_scores_of_several_numbers():
    points = np.arange(12.0).reshape(6, 2)
    found = standard_error(lambda half: tuple(half.sum(axis=0)), points)
    assert isinstance(found, tuple) and [type(error) for error in found] == [float, float]
    # The second column is the first column plus 1.
    assert found[0] == pytest.approx(found[1]) and found[0] > 0


def test_standard_errors_of_scores():
    # Compared with the standard deviation over 40 fresh pairs of sets, which is accurate to 11 %.
    def sets(seed):
        random = np.random.default_rng(seed)
        return random.normal(size=(400, 4)), 0.8 * random.normal(size=(400, 4)) + 0.3

    actual = np.std([frechet_distance_of_features(*sets(seed)) for seed in range(40)], ddof=1)
    found = np.mean([standard_error(frechet_distance_of_features, *sets(seed)) for seed in range(3)])
    assert found == pytest.approx(actual, rel=0.4)
    errors = standard_error(lambda real, generated: precision_recall(real=real, generated=generated), *sets(0))
    assert len(errors) == 2 and all(0.005 < error < 0.05 for error in errors)


def test_halves_are_subsets_in_order():
    seen = []
    standard_error(lambda half: seen.append(half.tolist()) or 0.0, np.arange(9), repeats=30)
    assert all(len(half) == 4 and half == sorted(set(half)) for half in seen)
    assert set().union(*seen) == set(range(9)) and len({tuple(half) for half in seen}) > 10


def test_reproducible():
    points = np.random.default_rng(0).normal(size=50)
    errors = [standard_error(np.mean, points, seed=seed) for seed in (0, 0, 1)]
    assert errors[0] == errors[1] != errors[2]


def test_constant_score():
    assert standard_error(lambda half: 3, np.zeros(4)) == 0.0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: standard_error(np.mean),
            "sets have [] samples; there must be at least one set, with at least 4 samples each.",
        ),
        (
            lambda: standard_error(np.mean, np.zeros(9), np.zeros(3)),
            "sets have [9, 3] samples; there must be at least one set, with at least 4 samples each.",
        ),
        (
            lambda: standard_error(np.mean, 5.0),
            "sets have [0] samples; there must be at least one set, with at least 4 samples each.",
        ),
        (lambda: standard_error(np.mean, np.zeros(9), repeats=1), "repeats is 1; it must be at least 2."),
        (
            lambda: standard_error(np.mean, np.full(9, math.nan), repeats=3),
            "scores are not finite in 3 of 3 rows; all values must be finite.",
        ),
    ],
)
def test_errors(call, message):
    with pytest.raises(InputError) as raised:
        call()
    assert str(raised.value) == message
