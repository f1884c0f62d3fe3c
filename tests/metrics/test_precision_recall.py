"""Improved precision and recall: values by hand, scikit-learn's neighbours, degenerate sets, direction, errors."""

import math

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from tfgan2.errors import InputError
from tfgan2.metrics import distances
from tfgan2.metrics.precision_recall import precision_recall


def normal(count, seed, dimensions=8):
    return np.random.default_rng(seed).normal(size=(count, dimensions))


def test_by_hand():
    # The radii are 1, 1, 2 for the real 0, 1, 3 and 4.5, 4, 4 for the generated 1.5, 6, 10. Only the generated 1.5 lies
    # in a real ball, [0, 2]. All real samples lie in the generated ball [-3, 6].
    score = precision_recall(real=[[0], [1], [3]], generated=[[1.5], [6], [10]], k=1)
    assert score == (pytest.approx(1 / 3), 1.0) and [type(value) for value in score] == [float, float]
    # The edge of [1, 5] is inside.
    assert precision_recall(real=[[0], [1], [3]], generated=[[5], [6], [10]], k=1).precision == pytest.approx(1 / 3)
    # k = 2: the real radii are 3, 2, 3, so the balls reach to 6.
    assert precision_recall(real=[[0], [1], [3]], generated=[[5], [6], [10]], k=2).precision == pytest.approx(2 / 3)


@pytest.mark.parametrize("k", [1, 3, 10])
def test_against_scikit_learn(k, monkeypatch):
    monkeypatch.setattr(distances, "BLOCK", 1000)
    real, generated = normal(200, 0), 0.8 * normal(150, 1)

    def share(points, support):
        neighbors = NearestNeighbors(n_neighbors=k + 1, algorithm="kd_tree").fit(support)
        radii = neighbors.kneighbors(support)[0][:, -1]
        gaps = np.linalg.norm(points[:, None] - support, axis=-1)
        return (gaps <= radii).any(axis=1).mean()

    score = precision_recall(real=real, generated=generated, k=k)
    assert score == pytest.approx((share(generated, real), share(real, generated)), abs=1e-12)
    assert 0.1 < score.recall < score.precision <= 1


def test_equal_sets():
    points = normal(100, 0)
    assert precision_recall(real=points, generated=points[::-1]) == (1, 1)


def test_no_overlap():
    assert precision_recall(real=normal(100, 0), generated=normal(100, 1) + 100) == (0, 0)


def test_one_mode_of_two():
    # Precision is 1 and recall is 1/2, up to samples in the tails.
    real = normal(400, 0) + 50 * (np.arange(400) % 2)[:, None]
    score = precision_recall(real=real, generated=normal(400, 1))
    assert score.precision > 0.8 and 0.4 < score.recall <= 0.5


def test_collapsed_generator():
    real = normal(500, 0)
    score = precision_recall(real=real, generated=real[:1] + 1e-3 * normal(500, 1))
    assert score.precision == 1 and score.recall <= 0.01
    # All generated samples are copies of one real sample. The ball of radius 0 contains this real sample only.
    assert precision_recall(real=real, generated=np.tile(real[:1], (500, 1))) == (1, 1 / 500)
    # All generated samples are one point between real samples.
    assert precision_recall(real=real, generated=np.zeros((500, 8))).recall == 0


def test_constant_features():
    same = np.full((10, 3), 0.1)
    assert precision_recall(real=same, generated=same[:5]) == (1, 1)
    assert precision_recall(real=same, generated=same + 1) == (0, 0)


def test_invariances():
    real, generated = normal(200, 0), 0.9 * normal(200, 1)
    expected = precision_recall(real=real, generated=generated)
    random = np.random.default_rng(0)
    rotation = np.linalg.qr(random.normal(size=(8, 8)))[0]
    for change in (random.permutation, lambda rows: 7 * rows - 30, lambda rows: rows @ rotation):
        assert precision_recall(real=change(real), generated=change(generated)) == expected
    # Exchanging the sets exchanges precision and recall.
    assert precision_recall(real=generated, generated=real) == expected[::-1]


def test_noise_lowers_precision():
    real = normal(300, 0)
    noise = normal(300, 1)
    found = [precision_recall(real=real, generated=real + scale * noise).precision for scale in (0, 0.5, 1, 3)]
    assert found == sorted(found, reverse=True) and found[0] == 1 and found[-1] < 0.1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"real": np.zeros((3, 2)), "generated": np.zeros((9, 2))},
            "k is 3; it must be in [1, 2] for 3 real features, because no point is its own neighbour.",
        ),
        (
            {"real": np.zeros((9, 2)), "generated": np.zeros((3, 2))},
            "k is 3; it must be in [1, 2] for 3 generated features, because no point is its own neighbour.",
        ),
        (
            {"real": np.zeros((9, 2)), "generated": np.full((9, 2), math.nan)},
            "generated features are not finite in 9 of 9 rows; all values must be finite.",
        ),
        (
            {"real": np.zeros((9, 2)), "generated": np.zeros((9, 1))},
            "dimensions differ: real features have 2, generated features have 1. Take the "
            "features of all sets from one network.",
        ),
    ],
)
def test_errors(arguments, message):
    with pytest.raises(InputError) as raised:
        precision_recall(**arguments)
    assert str(raised.value) == message
