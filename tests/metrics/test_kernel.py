"""Kernel distance: answers by hand, scikit-learn's kernel, unbiasedness, subsets, direction, errors."""

import math

import numpy as np
import pytest
from sklearn.metrics.pairwise import polynomial_kernel

from tfgan2.errors import InputError
from tfgan2.metrics.kernel import kernel_distance


def features(count, seed, dimensions=8):
    return np.random.default_rng(seed).normal(size=(count, dimensions))


def of_all(first, second):
    return kernel_distance(first, second, subsets=1, subset_size=len(first)).mean


def test_by_hand():
    # d = 1, k = (x y + 1)^3. Within 0, 1: k(0, 1) = 1. Within 1, 2: k(1, 2) = 27. Across: (1 + 1 + 8 + 27) / 4 = 9.25.
    # 1 + 27 - 2 * 9.25 = 9.5.
    distance = kernel_distance([[0], [1]], [[1], [2]], subsets=3, subset_size=2)
    assert distance == pytest.approx((9.5, 0)) and [type(value) for value in distance] == [float, float]
    # d = 2, x = (1, 1), y = (1, 3), each twice: (2/2 + 1)^3 + (10/2 + 1)^3 - 2 (4/2 + 1)^3 = 8 + 216 - 54.
    assert of_all([[1, 1]] * 2, [[1, 3]] * 2) == pytest.approx(170)


def test_against_scikit_learn():
    first, second = features(150, 0), features(150, 1) + 0.5
    within = [polynomial_kernel(points, degree=3, coef0=1) for points in (first, second)]
    across = polynomial_kernel(first, second, degree=3, coef0=1)
    expected = sum((kernel.sum() - np.trace(kernel)) / (150 * 149) for kernel in within) - 2 * across.mean()
    assert of_all(first, second) == pytest.approx(expected, rel=1e-9)


def test_subsets():
    # The mean over subsets estimates the distance by all: with 100 of them its own error is std / 10.
    first, second = features(400, 0), features(600, 1) + 0.3
    distance = kernel_distance(first, second, subsets=100, subset_size=100)
    exact = kernel_distance(first, second[:400], subsets=1, subset_size=400).mean
    assert distance.mean == pytest.approx(exact, abs=0.1) and 0.01 < distance.std < 0.5
    assert distance == kernel_distance(first, second, subsets=100, subset_size=100)
    assert distance != kernel_distance(first, second, subsets=100, subset_size=100, seed=1)
    # Larger subsets vary less.
    assert kernel_distance(first, second, subsets=100, subset_size=300).std < distance.std / 1.5


def test_unbiased():
    # Equal laws: 0 on average over fresh sets, with 4 standard errors.
    distances = [of_all(features(20, 2 * seed), features(20, 2 * seed + 1)) for seed in range(400)]
    assert abs(np.mean(distances)) < 4 * np.std(distances) / math.sqrt(400)


def test_equal_sets_lie_below_zero():
    # Across, k(x_i, x_i) is included, within it is not: -2 / n times (its mean - the mean of the others).
    points = features(50, 0)
    kernel = polynomial_kernel(points, degree=3, coef0=1)
    own = np.trace(kernel) / 50
    others = (kernel.sum() - np.trace(kernel)) / (50 * 49)
    assert of_all(points, points) == pytest.approx(-2 / 50 * (own - others), rel=1e-9)


def test_constant_features():
    # 0 and c: 1 + (c^2 + 1)^3 - 2, for c = 1: 7, whatever the subsets. Equal constants: 0.
    zeros, ones = np.zeros((30, 1)), np.ones((20, 1))
    assert kernel_distance(zeros, ones, subset_size=10) == (7, 0)
    assert kernel_distance(ones, ones, subset_size=10) == (0, 0)


def test_invariances():
    first, second = features(60, 0), features(60, 1) + 0.5
    random = np.random.default_rng(0)
    rotation = np.linalg.qr(random.normal(size=(8, 8)))[0]
    for found in [
        (second, first),
        (random.permutation(first), random.permutation(second)),
        (first @ rotation, second @ rotation),
        # Repeating each feature repeats x.y and d.
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
        (lambda: kernel_distance(np.zeros((1, 2)), np.zeros((5, 2))), "features are 1; give at least 2"),
        (
            lambda: kernel_distance(np.zeros((5, 2)), [[0, 1], [math.nan, 0]]),
            "1 of 2 rows of other features are not finite; the score is undefined for them",
        ),
        (
            lambda: kernel_distance(np.zeros((5, 2)), np.zeros((5, 3))),
            "dimensions differ: features have 2, other features have 3; give all in one space, as of one feature "
            "extractor",
        ),
        (
            lambda: kernel_distance(np.zeros((999, 2)), np.zeros((1000, 2))),
            "subset_size is 1000; with 999 and 1000 features give 2 to 999",
        ),
        (
            lambda: kernel_distance(np.zeros((9, 2)), np.zeros((9, 2)), subset_size=1),
            "subset_size is 1; with 9 and 9 features give 2 to 9",
        ),
        (
            lambda: kernel_distance(np.zeros((9, 2)), np.zeros((9, 2)), subsets=0),
            "subsets is 0; give at least 1",
        ),
    ],
)
def test_refused(call, message):
    with pytest.raises(InputError) as raised:
        call()
    assert str(raised.value) == message
