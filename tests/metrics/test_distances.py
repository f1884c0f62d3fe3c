"""Distances equal SciPy's for every block size and both ways to compute them, with copies, large offsets, and edges."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from tfgan2.errors import InputError
from tfgan2.metrics import distances
from tfgan2.metrics.distances import Sets, nearest_distances, squared_neighbor_distances

POINTS, OTHERS = np.random.default_rng(0).normal(size=(60, 7)), np.random.default_rng(1).normal(size=(45, 7))


@pytest.fixture(params=[1, 100, 1000, 2**22])
def block(request, monkeypatch):
    monkeypatch.setattr(distances, "BLOCK", request.param)
    return request.param


@pytest.fixture(params=["pairs", "product"])
def way(request, monkeypatch):
    """Selects one of the two ways: float32 with differences of pairs, or a matrix product in float64."""
    monkeypatch.setattr(distances.Block, "_too_many", lambda block, pairs: request.param == "product")
    return request.param


def inside(points, others, radii, edge):
    radii = np.asarray(radii)
    blocks = Sets(points, others).blocks()
    return np.concatenate(
        [block.inside(radii if radii.ndim == 1 else radii[block.rows], edge=edge) for block in blocks]
    )


def products(points, others):
    sets = Sets(points, others)
    return np.concatenate([sets.squared_by_product(block.rows) for block in sets.blocks()])


def test_blocks_hold_all_rows(block):
    found = list(Sets(POINTS, OTHERS).blocks())
    assert [row for part in found for row in range(part.rows.start, part.rows.stop)] == list(range(60))
    assert all((part.rows.stop - part.rows.start) * 45 <= max(block, 45) for part in found)


@pytest.mark.parametrize("chunk", [10, 2**20])
def test_both_ways_are_the_distances(chunk, monkeypatch):
    monkeypatch.setattr(distances, "_CHUNK", chunk)
    expected = cdist(POINTS, OTHERS) ** 2
    np.testing.assert_allclose(products(POINTS, OTHERS), expected, rtol=1e-12)
    rows, columns = np.indices(expected.shape).reshape(2, -1)
    np.testing.assert_allclose(Sets(POINTS, OTHERS).squared(rows, columns), expected.ravel(), rtol=1e-14)


def test_k_th_neighbor(block, way):
    every = np.sort(cdist(POINTS, POINTS), axis=1)
    for k in (1, 3, 59):
        # Column 0 is the distance of a point to itself.
        np.testing.assert_allclose(np.sqrt(squared_neighbor_distances("points", POINTS, k)), every[:, k], rtol=1e-12)


def test_nearest(block, way):
    np.testing.assert_allclose(nearest_distances(POINTS, OTHERS), cdist(POINTS, OTHERS).min(axis=1), rtol=1e-12)


@pytest.mark.parametrize("edge", [True, False])
def test_balls(block, way, edge):
    every = cdist(POINTS, OTHERS) ** 2
    for radii in (np.linspace(1, 30, 45), np.linspace(1, 30, 60)[:, None], np.zeros(45), np.full(45, 1e9)):
        assert np.array_equal(inside(POINTS, OTHERS, radii, edge), every <= radii)


def test_edges(block, way):
    # Each distance is also a radius. The point is then inside if and only if the edge is inside, for both ways and
    # every scale.
    for scale, shift in ((1, 0), (1e-3, 5), (1e6, 0)):
        points, others = POINTS * scale + shift, OTHERS * scale + shift
        radii = cdist(points, others)[:, :1] ** 2
        assert inside(points, others, radii, True)[:, 0].all()
        assert not inside(points, others, radii, False)[:, 0].any()


def test_points_nearer_than_the_precision_of_float32(way):
    # Ten distant clusters. The points of a cluster are this fraction of the distance between clusters apart.
    apart = 1e-6 if way == "pairs" else 1e-3
    random = np.random.default_rng(0)
    centers = random.normal(size=(10, 5)).repeat(8, axis=0)
    points = centers + apart * random.normal(size=centers.shape)
    every = np.sort(cdist(points, points), axis=1)
    np.testing.assert_allclose(np.sqrt(squared_neighbor_distances("points", points, 3)), every[:, 3], rtol=1e-5)
    radii = every[:, 3] ** 2 * (1 + 1e-4)
    assert np.array_equal(inside(points, points, radii, True), cdist(points, points) ** 2 <= radii)


def test_the_way_depends_on_the_points(monkeypatch):
    ways = []
    original = Sets.squared_by_product
    monkeypatch.setattr(Sets, "squared_by_product", lambda *arguments: ways.append(1) or original(*arguments))
    random = np.random.default_rng(0)
    squared_neighbor_distances("points", random.normal(size=(1000, 5)), 3)
    assert not ways
    squared_neighbor_distances(
        "points", 1 + 1e-6 * random.normal(size=(1000, 5)) * np.r_[1e6, np.ones(999)][:, None], 3
    )
    assert ways


@pytest.mark.parametrize(("count", "dimensions"), [(300, 1), (300, 2), (100, 2048)])
def test_float32_features(count, dimensions):
    points, others = (
        np.random.default_rng(seed).normal(size=(count, dimensions)).astype(np.float32) for seed in (0, 1)
    )
    every = cdist(points, others) ** 2
    np.testing.assert_allclose(nearest_distances(points, others), cdist(points, others).min(axis=1), rtol=1e-7)
    radii = np.sort(every, axis=0)[3] * (1 + 1e-9)
    assert np.array_equal(inside(points, others, radii, True), every <= radii)


def test_copies_are_at_exactly_zero(way):
    points = np.random.default_rng(0).normal(size=(200, 300)) + 1e3
    assert np.array_equal(inside(points, points[::-1], np.zeros(200), True), np.eye(200, dtype=bool)[:, ::-1])
    assert not nearest_distances(points, points).any()
    assert not squared_neighbor_distances("points", np.repeat(points[:20], 2, axis=0), 1).any()
    # This constant has no exact binary fraction.
    assert not nearest_distances(np.full((5, 3), 0.1), np.full((4, 3), 0.1)).any()


def test_a_common_offset_loses_no_digits(way):
    # Integers are exact with an offset of 2^30. The rounding error of |x|^2 would be 2^60 * 2^-52 = 256.
    points = np.random.default_rng(0).integers(-9, 10, size=(40, 3)).astype(float)
    expected = np.sort(cdist(points, points, "sqeuclidean"), axis=1)[:, 5]
    np.testing.assert_allclose(squared_neighbor_distances("points", points + 2.0**30, 5), expected, rtol=0, atol=1e-5)


@pytest.mark.parametrize("dimensions", [1, 30, 2048])
@pytest.mark.parametrize("positive", [False, True])
def test_the_error_of_float32_is_bounded(dimensions, positive):
    points, others = (np.random.default_rng(seed).normal(size=(200, dimensions)) for seed in (0, 1))
    if positive:
        points, others = np.maximum(points, 0), np.maximum(others, 0)
    sets = Sets(points, others)
    norms = sets.norms[:, None] + sets.other_norms
    found = norms - 2 * (sets.scaled @ sets.other_scaled.T).astype(np.float64)
    error = np.abs(found - cdist(points, others, "sqeuclidean") / sets.scale**2)
    assert (error < sets.error / 4 * norms).all()


def test_errors_within_the_bound_change_nothing(monkeypatch):
    # Products with errors below the bound give the same result.
    expected = squared_neighbor_distances("points", POINTS, 3)
    original = distances.Block.__init__

    def perturbed(self, sets, rows):
        original(self, sets, rows)
        noise = np.random.default_rng(2).uniform(-1, 1, self._product.shape)
        self._product += (noise * 0.4 * sets.error * (self._norms + self._other_norms)).astype(np.float32)

    monkeypatch.setattr(distances.Block, "__init__", perturbed)
    np.testing.assert_allclose(squared_neighbor_distances("points", POINTS, 3), expected, rtol=1e-12)
    every = cdist(POINTS, OTHERS) ** 2
    radii = np.sort(every, axis=0)[3] * (1 + 1e-9)
    assert np.array_equal(inside(POINTS, OTHERS, radii, True), every <= radii)


@pytest.mark.parametrize("k", [0, 60])
def test_k_out_of_range(k):
    with pytest.raises(InputError) as raised:
        squared_neighbor_distances("points", POINTS, k)
    assert str(raised.value) == (
        f"k is {k}; it must be in [1, 59] for 60 points, because no point is its own neighbour."
    )
