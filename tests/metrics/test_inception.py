"""Inception Score: values by hand, smallest and largest values, splits, invariances, errors."""

import math

import numpy as np
import pytest

from tfgan2.errors import InputError
from tfgan2.metrics.inception import inception_score


def probabilities(count, classes, seed=0):
    logits = np.random.default_rng(seed).normal(scale=2, size=(count, classes))
    return np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)


def test_by_hand():
    # The mean is (.5, .5). Both divergences are .9 ln 1.8 + .1 ln .2 = .529008 - .160944 = .368064, and the score is
    # exp(.368064) = 1.444935.
    score = inception_score([[0.9, 0.1], [0.1, 0.9]], splits=1)
    assert score == pytest.approx((1.444935, 0), abs=1e-6)
    assert [type(value) for value in score] == [float, float]


def test_smallest_and_largest_value():
    # The score is 1 if no prediction depends on the sample, and if all samples are in one class. It is K if each
    # prediction is certain and the classes are equally frequent.
    assert inception_score(np.full((20, 5), 0.2)) == pytest.approx((1, 0), abs=1e-12)
    assert inception_score(np.tile(np.eye(5), (20, 1)), splits=1) == pytest.approx((5, 0), abs=1e-12)
    assert inception_score(np.eye(5)[[2] * 20]) == pytest.approx((1, 0), abs=1e-12)
    assert inception_score([[0.3, 0.7]], splits=1) == (1, 0)


def test_splits():
    # The splits are the shuffled rows 0, 1 and 2, 3, 4. The first split is smaller by one row.
    rows = probabilities(5, 3)
    shuffled = rows[np.random.default_rng(7).permutation(5)]
    expected = [inception_score(part, splits=1).mean for part in (shuffled[:2], shuffled[2:])]
    assert inception_score(rows, splits=2, seed=7) == pytest.approx((np.mean(expected), np.std(expected)))
    # One sample per split gives 1.
    assert inception_score(rows, splits=5) == pytest.approx((1, 0), abs=1e-12)


def test_images_saved_class_by_class():
    # Certain predictions of ten classes with 100 images each, ordered by class. Shuffled splits of 100 images have all
    # classes almost equally often, so the score is near 10. Unshuffled splits would have one class each and a score
    # of 1.
    in_order = np.eye(10)[np.repeat(np.arange(10), 100)]
    mixed = np.random.default_rng(5).permutation(in_order)
    assert inception_score(in_order).mean == pytest.approx(inception_score(mixed).mean, rel=0.02)
    assert inception_score(in_order).mean > 9
    assert inception_score(in_order) == inception_score(in_order)


def test_against_the_entropies():
    # ln IS is the entropy of the mean minus the mean entropy.
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
    assert inception_score(np.tile(rows, (3, 1)), splits=1).mean == pytest.approx(expected, rel=1e-9)
    assert inception_score(rows.astype(np.float16), splits=1).mean == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize(
    ("rows", "splits", "message"),
    [
        (np.zeros((0, 3)), 1, "probabilities have shape (0, 3); they must be [count, dimensions], none of them 0."),
        ([[math.nan, 1]], 1, "probabilities are not finite in 1 of 1 rows; all values must be finite."),
        (
            [[3.0, -2.0]],
            1,
            "probabilities are at least -2, with row sums in [1, 1]; they must be at least 0, with row sums of 1. "
            "Try the softmax of the logits.",
        ),
        (
            [[0.5, 0.5], [0.5, 0.4]],
            1,
            "probabilities are at least 0.4, with row sums in [0.9, 1]; they must be at least 0, with row sums of 1. "
            "Try the softmax of the logits.",
        ),
        (np.full((9, 2), 0.5), 10, "splits is 10; it must be in [1, 9] for 9 samples."),
        (np.full((9, 2), 0.5), 0, "splits is 0; it must be in [1, 9] for 9 samples."),
    ],
)
def test_errors(rows, splits, message):
    with pytest.raises(InputError) as raised:
        inception_score(rows, splits=splits)
    assert str(raised.value) == message
