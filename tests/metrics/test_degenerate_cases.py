"""Degenerate sets of features: each score has its known value or raises InputError."""

import math

import numpy as np
import pytest

from tfgan2.errors import InputError
from tfgan2.metrics.density_coverage import density_coverage
from tfgan2.metrics.frechet import frechet_distance_of_features
from tfgan2.metrics.kernel import kernel_distance
from tfgan2.metrics.nearest_neighbors import neighbor_spread, training_distances
from tfgan2.metrics.prd import f_scores, prd_curve_of_features
from tfgan2.metrics.precision_recall import precision_recall


def frechet(real, generated):
    return {"frechet": frechet_distance_of_features(generated, real)}


def kernel(real, generated):
    return {"kernel": kernel_distance(generated, real).mean}


def prd(real, generated):
    recall, precision = f_scores(prd_curve_of_features(real=real, generated=generated, runs=2))
    return {"prd recall": recall, "prd precision": precision}


def neighbors(real, generated):
    found = training_distances(training=real, held_out=two_modes(len(real), 2), generated=generated)
    return {"spread": neighbor_spread(real=real, generated=generated)} | found._asdict()


# Name -> the score, and the smallest number of samples.
SCORES = {
    "frechet": (frechet, 2),
    "kernel": (kernel, 2),
    "precision and recall": (lambda real, generated: precision_recall(real=real, generated=generated)._asdict(), 4),
    "density and coverage": (lambda real, generated: density_coverage(real=real, generated=generated)._asdict(), 6),
    "prd": (prd, 10),  # 20 clusters
    "neighbors": (neighbors, 2),
}


def two_modes(count, seed):
    """Gaussian samples around (0, 0, 0) and (9, 9, 9) in turn."""
    random = np.random.default_rng(seed)
    return random.normal(size=(count, 3)) + 9 * (np.arange(count) % 2)[:, None]


REAL, FRESH = two_modes(200, 0), two_modes(200, 1)


def scored(real, generated):
    return {name: value for score, _ in SCORES.values() for name, value in score(real, generated).items()}


@pytest.fixture(scope="module")
def floor():
    return scored(REAL, FRESH)


def test_equal_sets():
    found = scored(REAL, REAL)
    for name in ("precision", "recall", "density", "coverage", "spread", "duplicates", "nearer"):
        assert found[name] == 1, name
    assert found["frechet"] == pytest.approx(0, abs=1e-12 * 2 * np.trace(np.cov(REAL, rowvar=False)))
    assert found["kernel"] < 0  # The estimate is unbiased, so the smallest values are negative.
    assert found["prd recall"] > 0.999 and found["prd precision"] > 0.999


def test_no_overlap(floor):
    found = scored(REAL, FRESH + 1000)
    for name in ("precision", "recall", "density", "coverage", "duplicates", "nearer"):
        assert found[name] == 0, name
    assert found["prd recall"] < 1e-3 and found["prd precision"] < 1e-3
    # The squared distance of the means, 3 * 1000^2, is almost all of it.
    assert found["frechet"] == pytest.approx(3e6, rel=0.01)
    assert found["kernel"] > 1e6 * abs(floor["kernel"])
    assert found["spread"] == pytest.approx(1, abs=0.2)


def test_one_mode(floor):
    found = scored(REAL, FRESH[::2].repeat(2, axis=0))
    assert found["precision"] > 0.9 and found["recall"] <= 0.5 and found["coverage"] <= 0.5
    # One of two equal modes has precision 1 and recall 1/2. F_8 = 65 * 1/2 / (64 + 1/2), and
    # F_1/8 = 65/64 * 1/2 / (1/64 + 1/2).
    assert found["prd recall"] == pytest.approx(65 * 0.5 / 64.5, abs=0.03)
    assert found["prd precision"] == pytest.approx(65 / 64 * 0.5 / (1 / 64 + 0.5), abs=0.1)
    # |m1 - m2|^2 is 3 * 4.5^2. The standard deviations along (1, 1, 1) are about 7.9 and 1.
    assert found["frechet"] == pytest.approx(3 * 4.5**2 + (math.sqrt(3 * 4.5**2 + 1) - 1) ** 2, rel=0.1)
    assert found["kernel"] > 100 * abs(floor["kernel"]) and found["spread"] == 0


def test_one_image():
    # The generator has collapsed to one realistic image.
    found = scored(REAL, REAL[:1] + 1e-6 * np.random.default_rng(0).normal(size=(200, 3)))
    assert found["precision"] == 1 and found["recall"] <= 1 / 200
    assert found["coverage"] < 0.1 and found["prd recall"] < 0.1 < 0.8 < found["prd precision"] / found["prd recall"]
    assert found["spread"] < 1e-5


@pytest.mark.parametrize("name", SCORES)
def test_one_sample_too_few(name):
    score, fewest = SCORES[name]
    assert all(math.isfinite(value) for value in score(REAL[:fewest], FRESH[:fewest]).values())
    with pytest.raises(InputError, match=rf"\b({fewest - 1}|{2 * (fewest - 1)})\b"):
        score(REAL[: fewest - 1], FRESH[: fewest - 1])


@pytest.mark.filterwarnings("ignore:Number of distinct clusters")
def test_constant_features():
    with pytest.raises(InputError, match="copy"):
        neighbors(np.ones((50, 3)), FRESH[:50])
    for name, (score, _) in SCORES.items():
        if name != "neighbors":
            for pair in ((REAL[:50], np.ones((50, 3))), (np.ones((50, 3)), np.ones((50, 3)))):
                assert all(math.isfinite(value) for value in score(*pair).values()), name


@pytest.mark.parametrize("name", SCORES)
@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_features_that_are_not_finite(name, value):
    broken = FRESH.copy()
    broken[[3, 77], 1] = value
    for pair in ((REAL, broken), (broken, REAL)):
        with pytest.raises(InputError, match="are not finite in 2 of "):
            SCORES[name][0](*pair)
