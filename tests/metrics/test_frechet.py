"""Frechet distance: answers by hand, SciPy's matrix root, singular covariances, invariances, direction, errors."""

import math

import numpy as np
import pytest
import scipy.linalg

from tfgan2.errors import InputError
from tfgan2.metrics.frechet import frechet_distance, frechet_distance_of_features


def features(count, dimensions, seed):
    random = np.random.default_rng(seed)
    return random.normal(size=(count, dimensions)) @ random.normal(size=(dimensions, dimensions)) + random.normal()


def by_matrix_root(first, second):
    """The formula as printed, with a general matrix root, and the natural scale of the distance."""
    means = first.mean(axis=0), second.mean(axis=0)
    covariances = np.cov(first, rowvar=False), np.cov(second, rowvar=False)
    root = scipy.linalg.sqrtm(covariances[0] @ covariances[1]).real
    scale = np.trace(covariances[0]) + np.trace(covariances[1])
    return np.sum((means[0] - means[1]) ** 2) + scale - 2 * np.trace(root), scale


def test_one_dimension_by_hand():
    # Means 0 and 4; variances (1 + 1) / 1 = 2 and (4 + 4) / 1 = 8: 16 + 2 + 8 - 2 sqrt(16) = 18.
    assert frechet_distance_of_features([[-1], [1]], [[2], [6]]) == pytest.approx(18, abs=1e-12)
    assert type(frechet_distance_of_features([[-1], [1]], [[2], [6]])) is float


def test_two_dimensions_by_hand():
    # Axes along each other: (3 - 1)^2 + (1 - 2)^2 + |(1, 2)|^2 = 10, by the standard deviations.
    assert frechet_distance([0, 0], np.diag([9, 1]), [1, 2], np.diag([1, 4])) == pytest.approx(10, abs=1e-12)
    # Not along each other: tr (S1 S2)^(1/2) of 2 x 2 matrices is sqrt(tr S1 S2 + 2 sqrt(det S1 det S2)).
    # S1 S2 = [[2, 1], [1, 2]] diag(1, 4): trace 10, determinant 3 * 4, so 4 + 5 - 2 sqrt(10 + 2 sqrt(12)).
    expected = 9 - 2 * math.sqrt(10 + 2 * math.sqrt(12))
    assert frechet_distance([0, 0], [[2, 1], [1, 2]], [0, 0], np.diag([1, 4])) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("count", "dimensions"), [(100, 2), (500, 16), (2000, 64)])
def test_against_a_general_matrix_root(count, dimensions):
    first, second = features(count, dimensions, 0), features(count, dimensions, 1)
    expected, scale = by_matrix_root(first, second)
    assert frechet_distance_of_features(first, second) == pytest.approx(expected, abs=1e-6 * scale)


def test_fewer_samples_than_features():
    # For centred X [n, d] and Y [m, d] the singular values of F1^T F2 are those of X Y^T / sqrt((n - 1)(m - 1)), which
    # needs no covariance. A general root of the covariances' product is off by 1e-8 of the scale, and by 3e-5 with the
    # usual 1e-6 on their diagonals.
    first, second = features(12, 40, 0), features(20, 40, 1)
    deviations = first - first.mean(axis=0), second - second.mean(axis=0)
    overlap = np.linalg.norm(deviations[0] @ deviations[1].T, "nuc") / math.sqrt(11 * 19)
    scale = sum(np.sum(part**2) / (len(part) - 1) for part in deviations)
    expected = np.sum((first.mean(axis=0) - second.mean(axis=0)) ** 2) + scale - 2 * overlap
    assert frechet_distance_of_features(first, second) == pytest.approx(expected, abs=1e-11 * scale)


def test_equal_sets():
    for count in (10, 500):
        points = features(count, 30, 0)
        scale = 2 * np.trace(np.cov(points, rowvar=False))
        assert 0 <= frechet_distance_of_features(points, points) <= 1e-12 * scale


def test_no_overlap():
    # Spread along different axes, so S1 S2 = 0: tr S1 + tr S2 = 2 + 8, and |(0, 5) - (0, 0)|^2 = 25.
    assert frechet_distance_of_features([[-1, 5], [1, 5]], [[0, -2], [0, 2]]) == pytest.approx(35, abs=1e-12)


def test_constant_features():
    # Two points: their squared distance. A point and a Gaussian: that of the mean, and the trace.
    assert frechet_distance_of_features(np.full((3, 2), 1.0), np.full((4, 2), 3.0)) == 8
    assert frechet_distance_of_features(np.zeros((3, 1)), [[-1], [1]]) == pytest.approx(2, abs=1e-12)
    # A feature that is constant among others adds its mean's difference.
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
            "means of 2 and 3 dimensions, covariances of shape (2, 2) and (3, 3); give [d] and [d, d] of one d, as of "
            "one feature extractor",
        ),
        (
            ([0, 0], np.eye(2), [0, 0], np.ones((2, 3))),
            "means of 2 and 2 dimensions, covariances of shape (2, 2) and (2, 3); give [d] and [d, d] of one d, as of "
            "one feature extractor",
        ),
        (
            ([0], [[1]], [0], [1]),
            "covariances have shape (1,); expected [count, dimensions], neither of them 0",
        ),
        (
            ([0], [[math.nan]], [0], [[1]]),
            "1 of 1 rows of covariances are not finite; the score is undefined for them",
        ),
        (([math.inf], [[1]], [0], [[1]]), "1 of 1 rows of means are not finite; the score is undefined for them"),
        (
            ([0, 0], [[1, 0.1], [0, 1]], [0, 0], np.eye(2)),
            "a covariance is not symmetric; give that of np.cov(features, rowvar=False)",
        ),
        (
            ([0, 0], np.eye(2), [0, 0], np.diag([1, -0.5])),
            "a covariance has the negative eigenvalue -0.5; give that of np.cov(features, rowvar=False)",
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
        (np.zeros((1, 2)), np.zeros((9, 2)), "features are 1; a covariance needs at least 2"),
        (np.eye(2), [[0, math.nan], [1, 2]], "1 of 2 rows of features are not finite; the score is undefined for them"),
    ],
)
def test_bad_features(first, second, message):
    for pair in ((first, second), (second, first)):
        with pytest.raises(InputError) as raised:
            frechet_distance_of_features(*pair)
        assert str(raised.value) == message
