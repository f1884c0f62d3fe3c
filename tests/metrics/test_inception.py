"""Inception Score: answers by hand, its ends, splits, invariances, errors."""

import math

import numpy as np
import pytest

from tfgan2.errors import InputError
from tfgan2.metrics.inception import inception_score


def probabilities(count, classes, seed=0):
    logits = np.random.default_rng(seed).normal(scale=2, size=(count, classes))
    return np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)


def test_by_hand():
    # The mean is (.5, .5), both KL .9 ln 1.8 + .1 ln .2 = .529008 - .160944 = .368064, exp of it 1.444935.
    score = inception_score([[0.9, 0.1], [0.1, 0.9]], splits=1)
    assert score == pytest.approx((1.444935, 0), abs=1e-6)
    assert [type(value) for value in score] == [float, float]


def test_ends():
    # No prediction depends on the sample: 1. Each certain, classes equally frequent: K. All in one class: 1.
    assert inception_score(np.full((20, 5), 0.2)) == pytest.approx((1, 0), abs=1e-12)
    assert inception_score(np.tile(np.eye(5), (20, 1))) == pytest.approx((5, 0), abs=1e-12)
    assert inception_score(np.eye(5)[[2] * 20]) == pytest.approx((1, 0), abs=1e-12)
    assert inception_score([[0.3, 0.7]], splits=1) == (1, 0)


def test_splits():
    # First half of one class: 1. Second of two, equally: 2. Mean 1.5, deviation (divisor 2) .5. All: shares .75, .25,
    # so exp(.75 ln (1 / .75) + .25 ln 4) = exp(.562335) = 1.754765.
    certain = np.eye(2)[[0, 0, 0, 1]]
    assert inception_score(certain, splits=2) == pytest.approx((1.5, 0.5))
    assert inception_score(certain, splits=1) == pytest.approx((1.754765, 0), abs=1e-6)
    # 5 rows in 2 splits: 0, 1 and 2, 3, 4.
    assert inception_score(np.eye(2)[[0, 1, 0, 0, 0]], splits=2) == pytest.approx((1.5, 0.5))


def test_against_the_entropies():
    # ln IS = H(mean) - mean H.
    rows = probabilities(200, 7)
    mean = rows.mean(axis=0)
    expected = math.exp(-np.sum(mean * np.log(mean)) + np.sum(rows * np.log(rows), axis=1).mean())
    assert inception_score(rows, splits=1).mean == pytest.approx(expected, rel=1e-12)


def test_invariant_to_the_order_of_samples_and_classes():
    rows = probabilities(200, 7)
    expected = inception_score(rows, splits=1).mean
    random = np.random.default_rng(0)
    assert inception_score(random.permutation(rows), splits=1).mean == pytest.approx(expected, rel=1e-12)
    assert inception_score(random.permutation(rows, axis=1), splits=1).mean == pytest.approx(expected, rel=1e-12)
    assert inception_score(np.tile(rows, (3, 1)), splits=3) == pytest.approx((expected, 0), rel=1e-9, abs=1e-12)
    assert inception_score(rows.astype(np.float16), splits=1).mean == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize(
    ("rows", "splits", "message"),
    [
        (np.zeros((0, 3)), 1, "probabilities have shape (0, 3); expected [count, dimensions], neither of them 0"),
        ([[math.nan, 1]], 1, "1 of 1 rows of probabilities are not finite; the score is undefined for them"),
        (
            [[3.0, -2.0]],
            1,
            "probabilities go from -2 and rows sum to 1 to 1; give those of a softmax, not logits",
        ),
        (
            [[0.5, 0.5], [0.5, 0.4]],
            1,
            "probabilities go from 0.4 and rows sum to 0.9 to 1; give those of a softmax, not logits",
        ),
        (np.full((9, 2), 0.5), 10, "splits is 10; with 9 samples give 1 to 9"),
        (np.full((9, 2), 0.5), 0, "splits is 0; with 9 samples give 1 to 9"),
    ],
)
def test_refused(rows, splits, message):
    with pytest.raises(InputError) as raised:
        inception_score(rows, splits=splits)
    assert str(raised.value) == message
