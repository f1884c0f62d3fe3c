"""Frechet distance: values by hand, SciPy's matrix root, singular covariances, invariances, direction, errors."""

import math

import numpy as np
import pytest
import scipy.linalg

from tfgan2.errors import InputError
from tfgan2.metrics import frechet as module
from tfgan2.metrics.frechet import (
    frechet_distance,
    frechet_distance_of_features,
    frechet_distance_to_statistics,
    frechet_distance_with_error,
)


def features(count, dimensions, seed):
    random = np.random.default_rng(seed)
    return random.normal(size=(count, dimensions)) @ random.normal(size=(dimensions, dimensions)) + random.normal()


def by_matrix_root(first, second):
    """The distance by the printed formula with a general matrix root, and a scale for tolerances."""
    means = first.mean(axis=0), second.mean(axis=0)
    covariances = np.cov(first, rowvar=False), np.cov(second, rowvar=False)
    root = scipy.linalg.sqrtm(covariances[0] @ covariances[1]).real
    scale = np.trace(covariances[0]) + np.trace(covariances[1])
    return np.sum((means[0] - means[1]) ** 2) + scale - 2 * np.trace(root), scale


def test_one_dimension_by_hand():
    # The means are 0 and 4. The variances are (1 + 1) / 1 = 2 and (4 + 4) / 1 = 8. The distance is
    # 16 + 2 + 8 - 2 sqrt(16) = 18.
    assert frechet_distance_of_features([[-1], [1]], [[2], [6]]) == pytest.approx(18, abs=1e-12)
    assert type(frechet_distance_of_features([[-1], [1]], [[2], [6]])) is float


def test_two_dimensions_by_hand():
    # With equal axes the standard deviations give (3 - 1)^2 + (1 - 2)^2 + |(1, 2)|^2 = 10.
    assert frechet_distance([0, 0], np.diag([9, 1]), [1, 2], np.diag([1, 4])) == pytest.approx(10, abs=1e-12)
    # With other axes, tr (S1 S2)^(1/2) of 2 x 2 matrices is sqrt(tr S1 S2 + 2 sqrt(det S1 det S2)).
    # S1 S2 = [[2, 1], [1, 2]] diag(1, 4) has trace 10 and determinant 3 * 4: 4 + 5 - 2 sqrt(10 + 2 sqrt(12)).
    expected = 9 - 2 * math.sqrt(10 + 2 * math.sqrt(12))
    assert frechet_distance([0, 0], [[2, 1], [1, 2]], [0, 0], np.diag([1, 4])) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("count", "dimensions"), [(100, 2), (500, 16), (2000, 64)])
def test_against_a_general_matrix_root(count, dimensions):
    first, second = features(count, dimensions, 0), features(count, dimensions, 1)
    expected, scale = by_matrix_root(first, second)
    assert frechet_distance_of_features(first, second) == pytest.approx(expected, abs=1e-6 * scale)


def test_fewer_samples_than_features():
    # For centred X [n, d] and Y [m, d], F1^T F2 has the singular values of X Y^T / sqrt((n - 1)(m - 1)). So the exact
    # distance needs no covariance. Relative to the scale, a general root of the product of covariances has an error of
    # 1e-8, or of 3e-5 with the usual 1e-6 on the diagonals.
    first, second = features(12, 40, 0), features(20, 40, 1)
    deviations = first - first.mean(axis=0), second - second.mean(axis=0)
    overlap = np.linalg.norm(deviations[0] @ deviations[1].T, "nuc") / math.sqrt(11 * 19)
    scale = sum(np.sum(part**2) / (len(part) - 1) for part in deviations)
    expected = np.sum((first.mean(axis=0) - second.mean(axis=0)) ** 2) + scale - 2 * overlap
    assert frechet_distance_of_features(first, second) == pytest.approx(expected, abs=1e-11 * scale)
    statistics = [(each.mean(axis=0), np.cov(each, rowvar=False)) for each in (first, second)]
    assert frechet_distance(*statistics[0], *statistics[1]) == pytest.approx(expected, abs=1e-11 * scale)


def test_equal_sets():
    for count in (10, 500):
        points = features(count, 30, 0)
        scale = 2 * np.trace(np.cov(points, rowvar=False))
        assert 0 <= frechet_distance_of_features(points, points) <= 1e-12 * scale


def test_no_overlap():
    # The sets vary along different axes, so S1 S2 = 0. tr S1 + tr S2 = 2 + 8, and |(0, 5) - (0, 0)|^2 = 25.
    assert frechet_distance_of_features([[-1, 5], [1, 5]], [[0, -2], [0, 2]]) == pytest.approx(35, abs=1e-12)


def test_constant_features():
    # Two points have their squared distance. A point and a Gaussian have that of the means plus the trace.
    assert frechet_distance_of_features(np.full((3, 2), 1.0), np.full((4, 2), 3.0)) == 8
    assert frechet_distance_of_features(np.zeros((3, 1)), [[-1], [1]]) == pytest.approx(2, abs=1e-12)
    # One constant feature among others adds the squared difference of its means.
    first, second = features(100, 4, 0), features(100, 4, 1)
    padded = np.insert(first, 4, 0, axis=1), np.insert(second, 4, 3, axis=1)
    expected = frechet_distance_of_features(first, second) + 9
    assert frechet_distance_of_features(*padded) == pytest.approx(expected, rel=1e-12)


def test_invariances():
    first, second = features(200, 6, 0), features(300, 6, 1)
    distance = frechet_distance_of_features(first, second)
    random = np.random.default_rng(0)
    rotation = np.linalg.qr(random.normal(size=(6, 6)))[0]
    for expected, found in [
        (distance, (second, first)),
        (distance, (random.permutation(first), random.permutation(second))),
        (distance, (first + 100, second + 100)),
        (distance, (first @ rotation, second @ rotation)),
        (9 * distance, (3 * first, 3 * second)),
    ]:
        assert frechet_distance_of_features(*found) == pytest.approx(expected, rel=1e-9)


def test_more_noise_is_farther():
    real = features(500, 8, 0)
    noise = np.random.default_rng(1).normal(size=real.shape)
    distances = [frechet_distance_of_features(real, real + scale * noise) for scale in (0, 0.5, 1, 2, 4)]
    assert distances == sorted(distances) and distances[-1] > 10


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ([0, 0], np.eye(2), [0, 0, 0], np.eye(3)),
            "means have shapes (2,) and (3,), covariances (2, 2) and (3, 3); they must be [d] and [d, d] with "
            "one d. Take all features from one network.",
        ),
        (
            ([0, 0], np.eye(2), [0, 0], np.ones((2, 3))),
            "means have shapes (2,) and (2,), covariances (2, 2) and (2, 3); they must be [d] and [d, d] with "
            "one d. Take all features from one network.",
        ),
        (
            ([0], [[1]], [0], [1]),
            "covariances have shape (1,); they must be [count, dimensions], none of them 0.",
        ),
        (
            ([0], [[math.nan]], [0], [[1]]),
            "covariances are not finite in 1 of 1 rows; all values must be finite.",
        ),
        (([math.inf], [[1]], [0], [[1]]), "means are not finite in 1 of 1 values; all must be finite."),
        (
            ([0, 0], [[1, 0.1], [0, 1]], [0, 0], np.eye(2)),
            "covariance is not symmetric; it must be. Try np.cov(features, rowvar=False).",
        ),
        (
            ([0, 0], np.eye(2), [0, 0], np.diag([1, -0.5])),
            "covariance has the eigenvalue -0.5; its eigenvalues must be at least 0. "
            "Try np.cov(features, rowvar=False).",
        ),
    ],
)
def test_bad_statistics(arguments, message):
    with pytest.raises(InputError) as raised:
        frechet_distance(*arguments)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (np.zeros((1, 2)), np.zeros((9, 2)), "number of features is 1; it must be at least 2."),
        (np.eye(2), [[0, math.nan], [1, 2]], "features are not finite in 1 of 2 rows; all values must be finite."),
    ],
)
def test_bad_features(first, second, message):
    for pair in ((first, second), (second, first)):
        with pytest.raises(InputError) as raised:
            frechet_distance_of_features(*pair)
        assert str(raised.value) == message


def rank_deficient(common, dtype):
    """Covariance of 30 samples in 600 dimensions with one common factor of a given size."""
    random = np.random.default_rng(0)
    rows = random.normal(size=(30, 600)) + common * random.normal(size=(30, 1))
    return np.cov(rows, rowvar=False).astype(dtype)


@pytest.mark.parametrize("common", [0, 10, 1000])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_singular_covariances_with_a_common_factor(common, dtype):
    # In float32 the error of a zero eigenvalue is 1e-9 of the largest eigenvalue and 1e-6 of the largest entry.
    covariance = rank_deficient(common, dtype)
    scale = np.trace(covariance.astype(np.float64))
    assert frechet_distance(np.zeros(600), covariance, np.ones(600), covariance) == pytest.approx(600, abs=1e-6 * scale)


@pytest.mark.parametrize("condition", [1, 1e3, 1e9, 1e15, 1e20])
def test_both_ways_to_factor(condition, monkeypatch):
    # Cholesky factors, which need clearly positive definite covariances, and eigenvectors give the same distance.
    random = np.random.default_rng(0)
    rotation = np.linalg.qr(random.normal(size=(20, 20)))[0]
    ill = (rotation * np.geomspace(1, 1 / condition, 20)) @ rotation.T
    well = np.cov(features(200, 20, 1), rowvar=False)
    arguments = np.zeros(20), (ill + ill.T) / 2, np.zeros(20), well
    found = frechet_distance(*arguments)
    assert (module._cholesky(arguments[1]) is None) == (condition > 1e16)
    monkeypatch.setattr(module, "_cholesky", lambda covariance: None)
    assert frechet_distance(*arguments) == pytest.approx(found, abs=1e-7 * np.trace(well))
    if condition <= 1e3:
        assert frechet_distance(*arguments) == pytest.approx(found, rel=1e-12)


@pytest.mark.parametrize(
    ("counts", "dimensions", "shift", "scale", "bounds"),
    [
        ((400, 400), 4, 0.3, 0.8, (0.8, 1.25)),
        ((300, 600), 30, 0.5, 0.7, (0.8, 1.4)),
        ((40, 50), 60, 1, 1, (0.8, 1.5)),  # singular
        ((400, 400), 4, 0, 1, (1, 2)),  # equal distributions
    ],
)
def test_standard_error(counts, dimensions, shift, scale, bounds):
    # The mean standard error against the standard deviation over 100 fresh pairs of sets, which is accurate to 7 %.
    def drawn(seed):
        random = np.random.default_rng(seed)
        first = random.normal(size=(counts[0], dimensions))
        return frechet_distance_with_error(first, scale * random.normal(size=(counts[1], dimensions)) + shift)

    distances, errors = np.transpose([drawn(seed) for seed in range(100)])
    assert bounds[0] < np.sqrt(np.mean(errors**2)) / distances.std(ddof=1) < bounds[1]


def test_standard_error_by_hand():
    # In one dimension the distance is m^2 + (s1 - s2)^2 with m = m1 - m2. To first order a sample x changes m1 by a
    # multiple of x - m1 and s1^2 by the same multiple of (x - m1)^2 - s1^2. So
    # p = 2 m (x - m1) + (1 - s2 / s1) (x - m1)^2, up to a constant.
    x, y = np.random.default_rng(0).normal(size=300), 2 * np.random.default_rng(1).normal(size=200) + 1
    a, b, m = x - x.mean(), y - y.mean(), x.mean() - y.mean()
    ratio = y.std(ddof=1) / x.std(ddof=1)
    p, q = 2 * m * a + (1 - ratio) * a**2, -2 * m * b + (1 - 1 / ratio) * b**2
    expected = math.sqrt(p.var(ddof=1) / 300 + q.var(ddof=1) / 200)
    found = frechet_distance_with_error(x[:, None], y[:, None])
    assert found.standard_error == pytest.approx(expected, rel=1e-9)
    assert found.distance == pytest.approx(frechet_distance_of_features(x[:, None], y[:, None]), rel=1e-12)


def test_standard_error_for_given_statistics():
    # The two terms of the standard error are independent.
    first, second = features(300, 5, 0), features(200, 5, 1)
    one, other = (
        frechet_distance_to_statistics(points, *(others.mean(axis=0), np.cov(others, rowvar=False)))
        for points, others in ((first, second), (second, first))
    )
    both = frechet_distance_with_error(first, second)
    assert one.distance == pytest.approx(both.distance, rel=1e-9) == other.distance
    assert math.hypot(one.standard_error, other.standard_error) == pytest.approx(both.standard_error, rel=1e-9)


def test_standard_error_of_constant_features():
    found = frechet_distance_with_error(np.zeros((5, 3)), np.ones((4, 3)))
    assert found == pytest.approx((3, 0))
    assert frechet_distance_with_error(np.zeros((5, 1)), [[-1], [1]]).distance == pytest.approx(2)
