"""Kernel distance: values by hand, scikit-learn's kernel, subsets, standard errors, direction, errors."""

import math

import numpy as np
import pytest
from sklearn.metrics.pairwise import polynomial_kernel

from tfgan2.errors import InputError
from tfgan2.metrics import kernel as module
from tfgan2.metrics.kernel import kernel_distance

original = module._terms


def features(count, seed, dimensions=8):
    return np.random.default_rng(seed).normal(size=(count, dimensions))


def of_all(first, second):
    return kernel_distance(first, second).mean


def reference(first, second):
    within = [polynomial_kernel(points, degree=3, coef0=1) for points in (first, second)]
    pairs = [len(points) * (len(points) - 1) for points in (first, second)]
    across = polynomial_kernel(first, second, degree=3, coef0=1).mean()
    return sum((kernel.sum() - np.trace(kernel)) / n for kernel, n in zip(within, pairs, strict=True)) - 2 * across


def test_by_hand():
    # d = 1, k = (x y + 1)^3. Within {0, 1}: k(0, 1) = 1. Within {1, 2}: k(1, 2) = 27. Between the sets:
    # (1 + 1 + 8 + 27) / 4 = 9.25. The distance is 1 + 27 - 2 * 9.25 = 9.5.
    distance = kernel_distance([[0], [1]], [[1], [2]])
    assert distance.mean == pytest.approx(9.5) and [type(value) for value in distance] == [float, float]
    # d = 2, x = (1, 1) twice, y = (1, 3) twice: (2/2 + 1)^3 + (10/2 + 1)^3 - 2 (4/2 + 1)^3 = 8 + 216 - 54.
    assert of_all([[1, 1]] * 2, [[1, 3]] * 2) == pytest.approx(170)


def test_against_scikit_learn():
    first, second = features(150, 0), features(150, 1) + 0.5
    assert of_all(first, second) == pytest.approx(reference(first, second), rel=1e-9)
    assert of_all(first[:90], second) == pytest.approx(reference(first[:90], second), rel=1e-9)


def test_random_subsets():
    # The sets have more pairs than 50 subsets of 100. The mean over subsets estimates the distance of the sets.
    first, second = features(800, 0), features(900, 1) + 0.3
    found = kernel_distance(first, second, subsets=50, subset_size=100)
    everything = kernel_distance(first, second)
    assert found.mean == pytest.approx(everything.mean, abs=4 * everything.standard_error)
    assert found.mean != everything.mean and found.standard_error > everything.standard_error
    assert found == kernel_distance(first, second, subsets=50, subset_size=100)
    assert found != kernel_distance(first, second, subsets=50, subset_size=100, seed=1)


def test_subsets_by_hand(monkeypatch):
    # The result is the mean estimate of the drawn subsets. Each of them has all of the smaller set.
    drawn = []
    monkeypatch.setattr(module, "_terms", lambda *sets: drawn.append(sets) or original(*sets))
    first, second = features(90, 0), features(20, 1)
    found = kernel_distance(first, second, subsets=3, subset_size=25)
    assert [tuple(map(len, pair)) for pair in drawn] == [(25, 20)] * 3
    assert all(len(np.unique(rows, axis=0)) == len(rows) for pair in drawn for rows in pair)
    assert len({rows.tobytes() for rows, _ in drawn}) == 3
    assert found.mean == pytest.approx(np.mean([reference(*pair) for pair in drawn]), rel=1e-9)


@pytest.mark.parametrize("count", [1000, 1500])
def test_few_features_are_compared_once(count, monkeypatch):
    # 100 subsets of 1,000 out of 1,000 features would all be equal.
    calls = []
    monkeypatch.setattr(module, "_terms", lambda *sets: calls.append(sets) or original(*sets))
    found = kernel_distance(features(count, 0), features(1000, 1) + 0.1)
    assert len(calls) == 1 and [len(rows) for rows in calls[0]] == [count, 1000]
    assert found.standard_error > 1e-3


@pytest.mark.parametrize("rows", [7, 64, 1024])
def test_blocks(rows, monkeypatch):
    monkeypatch.setattr(module, "_ROWS", rows)
    first, second = features(150, 0), features(130, 1) + 0.5
    assert of_all(first, second) == pytest.approx(reference(first, second), rel=1e-9)


def test_float32():
    # The float32 errors of 90,000 kernel values cancel.
    first, second = (rows.astype(np.float32) for rows in (features(300, 0, 512), features(300, 1, 512) + 0.1))
    found = kernel_distance(first, second)
    expected = reference(first.astype(np.float64), second.astype(np.float64))
    assert found.mean == pytest.approx(expected, abs=0.001 * found.standard_error)


@pytest.mark.parametrize(
    ("counts", "change", "options"),
    [
        ((60, 60), (0, 1), {}),  # equal distributions
        ((60, 80), (0.3, 1), {}),
        ((80, 60), (0, 0.5), {}),
        ((200, 250), (0, 1), {"subsets": 10, "subset_size": 50}),
        ((200, 250), (0.3, 1), {"subsets": 10, "subset_size": 50}),
        ((300, 40), (0.3, 1), {"subsets": 4, "subset_size": 50}),
    ],
)
def test_standard_error(counts, change, options):
    # The mean standard error against the standard deviation over 200 fresh pairs of sets, which is accurate to 5 %. If
    # the linear terms vanish, negative estimates of them count as 0, so the standard error is a fifth too large.
    shift, scale = change

    def drawn(seed):
        first, second = features(counts[0], 2 * seed), scale * features(counts[1], 2 * seed + 1) + shift
        return kernel_distance(first, second, **options)

    means, errors = np.transpose([drawn(seed) for seed in range(200)])
    assert 0.85 < np.sqrt(np.mean(errors**2)) / means.std(ddof=1) < 1.4


def test_unbiased():
    # For equal distributions the mean over fresh sets is 0, within 4 standard errors.
    distances = [of_all(features(20, 2 * seed), features(20, 2 * seed + 1)) for seed in range(400)]
    assert abs(np.mean(distances)) < 4 * np.std(distances) / math.sqrt(400)


def test_equal_sets_have_a_negative_distance():
    # The term between the sets includes k(x_i, x_i), and the terms within do not. The distance is -2 / n times the
    # mean of k(x_i, x_i) minus the mean of the other values.
    points = features(50, 0)
    kernel = polynomial_kernel(points, degree=3, coef0=1)
    own = np.trace(kernel) / 50
    others = (kernel.sum() - np.trace(kernel)) / (50 * 49)
    assert of_all(points, points) == pytest.approx(-2 / 50 * (own - others), rel=1e-9)


def test_constant_features():
    # Constants 0 and c give 1 + (c^2 + 1)^3 - 2, which is 7 for c = 1, for all subsets. Equal constants give 0.
    zeros, ones = np.zeros((30, 1)), np.ones((20, 1))
    for options in ({}, {"subsets": 2, "subset_size": 10}):
        assert kernel_distance(zeros, ones, **options) == pytest.approx((7, 0), abs=1e-12)
        assert kernel_distance(ones, ones, **options) == pytest.approx((0, 0), abs=1e-12)


def test_invariances():
    first, second = features(60, 0), features(60, 1) + 0.5
    random = np.random.default_rng(0)
    rotation = np.linalg.qr(random.normal(size=(8, 8)))[0]
    for found in [
        (second, first),
        (random.permutation(first), random.permutation(second)),
        (first @ rotation, second @ rotation),
        # Repeating each dimension multiplies x.y and d by the same number.
        (np.repeat(first, 3, axis=1), np.repeat(second, 3, axis=1)),
    ]:
        assert of_all(*found) == pytest.approx(of_all(first, second), rel=1e-9)


def test_farther_and_collapsed():
    real = features(300, 0)
    shifted = [of_all(real, features(300, 1) + shift) for shift in (0, 0.3, 0.6, 1.2)]
    assert shifted == sorted(shifted)
    assert of_all(real, np.tile(real[:1], (300, 1))) > 10 * abs(shifted[0])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: kernel_distance(np.zeros((1, 2)), np.zeros((5, 2))),
            "number of features is 1; it must be at least 2.",
        ),
        (
            lambda: kernel_distance(np.zeros((5, 2)), [[0, 1], [math.nan, 0]]),
            "other features are not finite in 1 of 2 rows; all values must be finite.",
        ),
        (
            lambda: kernel_distance(np.zeros((5, 2)), np.zeros((5, 3))),
            "dimensions differ: features have 2, other features have 3. Take the features of all "
            "sets from one network.",
        ),
        (
            lambda: kernel_distance(np.zeros((9, 2)), np.zeros((9, 2)), subset_size=1),
            "subset_size is 1; it must be at least 2.",
        ),
        (
            lambda: kernel_distance(np.zeros((9, 2)), np.zeros((9, 2)), subsets=0),
            "subsets is 0; it must be at least 1.",
        ),
    ],
)
def test_errors(call, message):
    with pytest.raises(InputError) as raised:
        call()
    assert str(raised.value) == message
