"""Distances in blocks: SciPy's, for any block; copies and large offsets; nearest and k-th nearest."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from tfgan2.errors import InputError
from tfgan2.metrics import distances
from tfgan2.metrics.distances import blocks, nearest_distances, neighbor_distances

POINTS, OTHERS = np.random.default_rng(0).normal(size=(60, 7)), np.random.default_rng(1).normal(size=(45, 7))


@pytest.fixture(params=[1, 100, 1000, 2**22])
def block(request, monkeypatch):
    monkeypatch.setattr(distances, "BLOCK", request.param)
    return request.param


def whole(points, others):
    return np.concatenate([squared for _, squared, _ in blocks(points, others)])


def test_blocks_are_the_distances(block):
    found = list(blocks(POINTS, OTHERS))
    assert [row for rows, _, _ in found for row in range(rows.start, rows.stop)] == list(range(60))
    assert all(squared.size <= max(block, 45) and squared.shape == rounding.shape for _, squared, rounding in found)
    np.testing.assert_allclose(whole(POINTS, OTHERS), cdist(POINTS, OTHERS) ** 2, rtol=1e-12)


def test_k_th_neighbor(block):
    every = np.sort(cdist(POINTS, POINTS), axis=1)
    for k in (1, 3, 59):
        # Column 0 is the point itself.
        np.testing.assert_allclose(np.sqrt(neighbor_distances("points", POINTS, k)), every[:, k], rtol=1e-12)


def test_nearest(block):
    np.testing.assert_allclose(nearest_distances(POINTS, OTHERS), cdist(POINTS, OTHERS).min(axis=1), rtol=1e-12)


def test_copies_are_at_exactly_zero():
    points = np.random.default_rng(0).normal(size=(200, 300)) + 1e3
    squared = whole(points, points[::-1])[:, ::-1]
    assert not np.diag(squared).any() and np.count_nonzero(squared) == 200 * 199
    assert not nearest_distances(points, points).any()
    assert not neighbor_distances("points", np.repeat(points[:20], 2, axis=0), 1).any()
    # A constant that is no binary fraction.
    assert not whole(np.full((5, 3), 0.1), np.full((4, 3), 0.1)).any()


def test_a_common_offset_costs_no_digits():
    # Integers, exact at an offset of 2^30, where |x|^2 alone rounds at 2^60 * 2^-52 = 256.
    points = np.random.default_rng(0).integers(-9, 10, size=(40, 3)).astype(float)
    np.testing.assert_allclose(
        whole(points + 2.0**30, points + 2.0**30), cdist(points, points, "sqeuclidean"), rtol=0, atol=1e-5
    )


def test_rounding_bounds_the_error():
    points = np.random.default_rng(0).normal(size=(100, 2048))
    others = points + 1e-4 * np.random.default_rng(1).normal(size=points.shape)
    error = np.abs(whole(points, others) - cdist(points, others, "sqeuclidean"))
    (rounding,) = [rounding for _, _, rounding in blocks(points, others)]
    assert (error < 0.1 * rounding).all()


@pytest.mark.parametrize("k", [0, 60])
def test_k_out_of_range(k):
    with pytest.raises(InputError) as raised:
        neighbor_distances("points", POINTS, k)
    assert str(raised.value) == f"k is {k}; a neighbour is another sample, so with 60 points give 1 to 59"
