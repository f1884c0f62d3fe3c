"""PRD: curves by hand, their ends, the order of both axes, clusters of features, direction, errors."""

import math

import numpy as np
import pytest

from tfgan2.errors import InputError
from tfgan2.metrics.prd import PRDCurve, f_scores, prd_curve, prd_curve_of_features


def blobs(modes, count=300, seed=0):
    """`count` points around each mode. The modes are 10 apart in 5 dimensions."""
    noise = np.random.default_rng(seed).normal(size=(len(modes) * count, 5))
    return noise + 10 * np.repeat(np.eye(5)[list(modes)], count, axis=0)


def of_features(real, generated, runs=2, **options):
    return f_scores(prd_curve_of_features(real=real, generated=generated, runs=runs, **options))


def test_one_of_two_modes_by_hand():
    # For P = (1/2, 1/2) and Q = (1, 0), precision is min(l / 2, 1) and recall is min(1/2, 1 / l). Both F are largest at
    # l = 2, with precision 1 and recall 1/2: F_8 = 65 * .5 / 64.5 = .503876, and
    # F_1/8 = (1 + 1/64) * .5 / (1/64 + .5) = .984848. The nearest angle differs from atan 2 by at most pi / 4000, which
    # changes both by less than .003.
    curve = prd_curve([0.5, 0.5], [1, 0])
    slopes = np.tan(np.linspace(1e-10, np.pi / 2 - 1e-10, 1001))
    assert curve.precision.shape == curve.recall.shape == (1001,)
    np.testing.assert_allclose(curve.precision, np.minimum(slopes / 2, 1), rtol=1e-12)
    np.testing.assert_allclose(curve.recall, np.minimum(0.5, 1 / slopes), rtol=1e-12)
    assert curve.precision.max() == 1 and curve.recall.max() == 0.5
    scores = f_scores(curve)
    assert scores == pytest.approx((0.503876, 0.984848), abs=0.003)
    assert isinstance(scores, tuple) and [type(score) for score in scores] == [float, float]


def test_exchanging_the_distributions_exchanges_the_axes():
    # Q has a mode that P lacks. Precision is one half, and recall is 1.
    real, generated = [1, 0], [0.5, 0.5]
    curve, swapped = prd_curve(real, generated), prd_curve(generated, real)
    assert curve.precision.max() == pytest.approx(0.5) and curve.recall.max() == pytest.approx(1)
    np.testing.assert_allclose(curve.precision, swapped.recall[::-1], atol=1e-9)
    assert f_scores(curve) == pytest.approx(f_scores(swapped)[::-1], abs=1e-6)
    assert f_scores(curve) == pytest.approx((0.984848, 0.503876), abs=0.003)


def test_against_a_plain_loop():
    random = np.random.default_rng(0)
    real, generated = random.dirichlet(np.ones(20), size=2)
    curve = prd_curve(real, generated, angles=101)
    for index in range(101):
        slope = math.tan(1e-10 + index * (math.pi / 2 - 2e-10) / 100)
        precision = sum(min(slope * p, q) for p, q in zip(real, generated, strict=True))
        assert curve.precision[index] == pytest.approx(precision, rel=1e-6)
        assert curve.recall[index] == pytest.approx(precision / slope, rel=1e-6)
    # At slope 1 precision and recall are both 1 minus the total variation distance.
    distance = np.abs(real - generated).sum() / 2
    assert curve.precision[50] == pytest.approx(curve.recall[50]) == pytest.approx(1 - distance)
    assert (np.diff(curve.precision) >= 0).all() and (np.diff(curve.recall) <= 0).all()


def test_ends():
    shares = np.random.default_rng(0).dirichlet(np.ones(20))
    assert f_scores(prd_curve(shares, shares)) == pytest.approx((1, 1), abs=1e-6)
    curve = prd_curve(shares, shares)
    assert max(curve.precision.max(), curve.recall.max()) == 1
    assert f_scores(prd_curve([1, 0], [0, 1])) == (0, 0)


def test_f_scores_by_hand():
    # The curve has one point with precision .5 and recall .25: F_2 = 5 * .125 / (2 + .25) = .277778, and
    # F_1/2 = 1.25 * .125 / .375 = .416667.
    curve = PRDCurve(np.array([0.5]), np.array([0.25]))
    assert f_scores(curve, beta=2) == pytest.approx((0.277778, 0.416667), abs=1e-6)


def test_equal_sets_of_features():
    points = blobs([0, 1, 2])
    assert of_features(points, points[::-1]) == pytest.approx((1, 1), abs=1e-6)


def test_no_overlap_of_features():
    assert of_features(blobs([0]), blobs([1])) == pytest.approx((0, 0), abs=1e-6)


def test_collapsed_generator():
    # One of four modes, with equal numbers of samples: recall is 1/4, and precision is 1 up to errors of the clusters.
    real, generated = blobs([0, 1, 2, 3], 300), blobs([0], 1200, seed=1)
    curve = prd_curve_of_features(real=real, generated=generated, runs=2)
    assert curve.precision.max() == pytest.approx(1) and curve.recall.max() == pytest.approx(0.25, abs=0.01)
    recall_leaning, precision_leaning = f_scores(curve)
    assert recall_leaning < 0.3 and precision_leaning > 0.85


def test_constant_features():
    # Equal constants share one cluster. Different constants share none.
    same = np.full((30, 2), 0.1)
    assert of_features(same, same, clusters=1) == pytest.approx((1, 1), abs=1e-6)
    assert of_features(same, same + 1, clusters=2) == pytest.approx((0, 0), abs=1e-6)


def test_scale_and_seed():
    real, generated = blobs([0, 1]), blobs([1, 2], seed=1)
    scores = of_features(real, generated)
    assert of_features(real, generated) == scores != of_features(real, generated, seed=2)
    # Each set has two modes, and they share one. Precision and recall are .5.
    assert scores == pytest.approx((0.5, 0.5), abs=0.05)
    assert of_features(4 * real, 4 * generated) == pytest.approx(scores, abs=0.02)
    assert of_features(np.random.default_rng(0).permutation(real), generated) == pytest.approx(scores, abs=0.02)


def test_runs_are_averaged():
    real, generated = blobs([0]), blobs([0], seed=1) + 0.5
    curves = [prd_curve_of_features(real=real, generated=generated, runs=1, seed=seed) for seed in (3, 4)]
    both = prd_curve_of_features(real=real, generated=generated, runs=2, seed=3)
    np.testing.assert_allclose(both.precision, np.mean([curve.precision for curve in curves], axis=0), rtol=1e-12)
    assert not np.array_equal(curves[0].precision, curves[1].precision)


SETS = {"real": np.zeros((9, 2)), "generated": np.zeros((9, 2))}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: prd_curve([1], [0.5, 0.5]), "shares have shapes (1,) and (2,); they must be lists of equal length."),
        (lambda: prd_curve(1.0, 1.0), "shares have shapes () and (); they must be lists of equal length."),
        (
            lambda: prd_curve([3, 2], [1, 0]),
            "shares have minima 2 and 0, sums 5 and 1; they must be at least 0, with sum 1.",
        ),
        (
            lambda: prd_curve([1, 0], [2, -1]),
            "shares have minima 0 and -1, sums 1 and 1; they must be at least 0, with sum 1.",
        ),
        (
            lambda: prd_curve([1, math.nan], [1, 0]),
            "shares have minima nan and 0, sums nan and 1; they must be at least 0, with sum 1.",
        ),
        (lambda: prd_curve([1], [1], angles=2), "angles is 2; it must be at least 3."),
        (lambda: f_scores(prd_curve([1], [1]), beta=1), "beta is 1; it must be above 1."),
        (
            lambda: prd_curve_of_features(real=np.zeros((9, 2)), generated=np.zeros((8, 2))),
            "numbers of real and generated features are 9 and 8; they must be equal.",
        ),
        (
            lambda: prd_curve_of_features(**SETS),
            "clusters is 20; it must be in [1, 18] for two sets of 9 features.",
        ),
        (lambda: prd_curve_of_features(**SETS, clusters=2, runs=0), "runs is 0; it must be at least 1."),
        (
            lambda: prd_curve_of_features(real=np.full((9, 2), math.nan), generated=np.zeros((9, 2))),
            "real features are not finite in 9 of 9 rows; all values must be finite.",
        ),
        (
            lambda: prd_curve_of_features(real=np.zeros((9, 2)), generated=np.zeros((9, 3))),
            "dimensions differ: real features have 2, generated features have 3. Take the "
            "features of all sets from one network.",
        ),
    ],
)
def test_errors(call, message):
    with pytest.raises(InputError) as raised:
        call()
    assert str(raised.value) == message
