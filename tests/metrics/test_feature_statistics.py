"""Streamed mean and covariance equal NumPy's for all chunk sizes and large means. Errors."""

import math

import numpy as np
import pytest

from tfgan2.errors import InputError
from tfgan2.metrics import feature_statistics as module
from tfgan2.metrics.feature_statistics import feature_statistics, streamed_statistics


def features(count=300, seed=0):
    return np.random.default_rng(seed).normal(size=(count, 5)) @ np.random.default_rng(9).normal(size=(5, 5))


def test_by_hand():
    # The first mean is (1 + 3) / 2. The deviations are -1, 1 and -2, 2. The variances are (1 + 1) / (2 - 1) = 2 and 8,
    # the covariance is 4.
    count, mean, covariance = feature_statistics([[1, 10], [3, 14]])
    assert type(count) is int and count == 2
    assert mean.tolist() == [2, 12] and covariance.tolist() == [[2, 4], [4, 8]]
    assert mean.dtype == covariance.dtype == np.float64


@pytest.mark.parametrize("size", [1, 7, 150, 299, 300, 1000])
def test_any_chunks(size):
    points = features()
    count, mean, covariance = streamed_statistics(points[start : start + size] for start in range(0, 300, size))
    assert count == 300
    np.testing.assert_allclose(mean, points.mean(axis=0), rtol=0, atol=1e-12)
    np.testing.assert_allclose(covariance, np.cov(points, rowvar=False), rtol=0, atol=1e-12)
    assert np.array_equal(covariance, covariance.T)


def test_arrays_in_memory_are_read_in_chunks(monkeypatch):
    points = features().astype(np.float32)
    whole = feature_statistics(points)
    monkeypatch.setattr(module, "CHUNK", 64)
    sizes = []
    monkeypatch.setattr(
        module, "matrix", lambda name, chunk, check=module.matrix: sizes.append(len(chunk)) or check(name, chunk)
    )
    parts = feature_statistics(points)
    assert sizes == [64, 64, 64, 64, 44]
    np.testing.assert_allclose(parts.covariance, whole.covariance, rtol=0, atol=1e-12)
    # float32 features are exact in float64, so both results are equal.
    np.testing.assert_allclose(parts.mean, points.astype(np.float64).mean(axis=0), rtol=0, atol=1e-12)


def test_a_mean_far_larger_than_the_spread():
    # Integers around 2^40 and their differences are exact in float64. E[x^2] - E[x]^2 would have rounding errors of
    # 2^80 eps = 2.7e8.
    steps = np.random.default_rng(0).integers(-2, 3, size=(500, 3)).astype(float)
    found = streamed_statistics(np.array_split(steps + 2.0**40, 7)).covariance
    np.testing.assert_allclose(found, np.cov(steps, rowvar=False), rtol=0, atol=1e-12)


def test_constant_features():
    assert not feature_statistics(np.full((10, 3), 0.1)).covariance.any()


def test_chunks_are_not_changed():
    points = features()
    kept = points.copy()
    feature_statistics(points)
    assert np.array_equal(points, kept)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: feature_statistics(np.zeros((1, 3))), "number of features is 1; it must be at least 2."),
        (lambda: feature_statistics(np.zeros((0, 3))), "number of features is 0; it must be at least 2."),
        (lambda: streamed_statistics([]), "number of features is 0; it must be at least 2."),
        (
            lambda: feature_statistics(np.zeros(3)),
            "features have shape (3,); they must be [count, dimensions], none of them 0.",
        ),
        (
            lambda: streamed_statistics([np.zeros((2, 3)), np.zeros((0, 3))]),
            "features have shape (0, 3); they must be [count, dimensions], none of them 0.",
        ),
        (
            lambda: streamed_statistics([np.zeros((2, 3)), np.zeros((2, 4))]),
            "features have 4 dimensions in one chunk and 3 before; these must be equal.",
        ),
        (
            lambda: feature_statistics([[math.nan], [1.0], [math.inf]]),
            "features are not finite in 2 of 3 rows; all values must be finite.",
        ),
    ],
)
def test_errors(call, message):
    with pytest.raises(InputError) as raised:
        call()
    assert str(raised.value) == message
