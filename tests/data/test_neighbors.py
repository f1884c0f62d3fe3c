"""Graphs of nearest neighbours against sorted distances, and clusters as labels."""

import itertools

import numpy as np
import pytest

from tfgan2.data.neighbors import nearest_neighbors, pseudo_labels, reclustered, renumbered
from tfgan2.data.synthetic import grid25
from tfgan2.errors import InputError

RANDOM = np.random.default_rng(0)


def sorted_distances(points, count):
    """Neighbours by the distances of all pairs, sorted."""
    points = points.astype(np.float64)
    distances = np.square(points[:, None] - points[None]).sum(axis=2)
    np.fill_diagonal(distances, np.inf)
    return np.argsort(distances, axis=1, kind="stable")[:, :count]


@pytest.mark.parametrize("count", [1, 7, 199])
def test_neighbours_are_the_nearest(count):
    points = RANDOM.normal(size=(200, 5)).astype(np.float32)
    found = nearest_neighbors(points, count)
    assert found.dtype == np.int32
    np.testing.assert_array_equal(found, sorted_distances(points, count))


def test_of_equally_near_samples_some():
    # Points of a lattice, some of them several times: distances are whole numbers, and most occur more than once.
    points = RANDOM.integers(0, 4, (120, 2)).astype(np.float32)
    found, expected = nearest_neighbors(points, 20), sorted_distances(points, 20)
    for row, (some, others) in enumerate(zip(found, expected, strict=True)):
        assert row not in some and len(set(some)) == 20
        np.testing.assert_array_equal(*(np.square(points[own] - points[row]).sum(axis=1) for own in (some, others)))


def test_copies_are_neighbours_and_no_sample_is_its_own():
    found = nearest_neighbors(np.zeros((5, 3), np.float32), 2)
    assert all(len({row, *some}) == 3 for row, some in enumerate(found.tolist()))


def test_embeddings_of_length_one_have_the_largest_cosine():
    points = RANDOM.normal(size=(100, 4))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    cosines = points @ points.T - 9 * np.eye(100)
    np.testing.assert_array_equal(nearest_neighbors(points, 6), np.argsort(-cosines, axis=1)[:, :6])


def test_a_common_offset_costs_nothing():
    points = RANDOM.normal(size=(100, 3))
    np.testing.assert_array_equal(nearest_neighbors(points + 1e6, 4), sorted_distances(points, 4))


def test_embeddings_are_left_as_they_are():
    points = RANDOM.normal(size=(10, 3))
    kept = points.copy()
    nearest_neighbors(points, 2)
    np.testing.assert_array_equal(points, kept)


def test_clusters_are_modes():
    data = grid25(points_per_mode=8)
    found = pseudo_labels(data.samples, 25, 0)
    assert found.dtype == np.int32 and set(found) == set(range(25))
    assert len({*zip(found, data.labels, strict=True)}) == 25
    np.testing.assert_array_equal(found, pseudo_labels(data.samples, 25, 0))
    assert not np.array_equal(found, pseudo_labels(data.samples, 25, 1))


def test_starts_and_rounds_reach_the_clustering():
    points = RANDOM.normal(size=(300, 2))

    def spread(**options):
        labels = pseudo_labels(points, 12, 0, **options)
        return sum(np.square(points[labels == k] - points[labels == k].mean(axis=0)).sum() for k in range(12))

    assert spread(n_init=1, max_iter=1) > 1.01 * spread(n_init=1) > 1.01 * spread(n_init=30)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: nearest_neighbors(np.zeros((5, 2)), 5),
            "neighbors is 5; it must be in [1, 4], as each of 5 samples has this number of others.",
        ),
        (
            lambda: nearest_neighbors(np.zeros((5, 2)), 0),
            "neighbors is 0; it must be in [1, 4], as each of 5 samples has this number of others.",
        ),
        (
            lambda: nearest_neighbors(np.zeros(5), 1),
            "embeddings have shape (5,); expected [count, dimensions], neither of them 0",
        ),
        (
            lambda: nearest_neighbors(np.array([[0.0], [np.nan], [1.0]]), 1),
            "1 of 3 embeddings are not finite. Train their network again with a smaller learning rate.",
        ),
        (lambda: pseudo_labels(np.eye(4), 5, 0), "parts is 5; it must be in [2, 4], the number of samples."),
        (lambda: pseudo_labels(np.eye(4), 1, 0), "parts is 1; it must be in [2, 4], the number of samples."),
        (lambda: pseudo_labels(np.eye(4), 2, 0, n_init=0), "n_init is 0; it must be at least 1."),
        (lambda: pseudo_labels(np.eye(4), 2, 0, max_iter=0), "max_iter is 0; it must be at least 1."),
        (
            lambda: pseudo_labels(np.eye(4)[[0, 0, 1, 1]], 3, 0),
            "parts is 3; it must be at most 2, the number of distinct samples.",
        ),
    ],
)
def test_refusals(call, message):
    with pytest.raises(InputError) as raised:
        call()
    assert str(raised.value) == message


def test_clusters_are_found_again_from_the_present_ones():
    centers = np.array([[0.0, 0], [9, 0], [0, 9], [9, 9]])
    truth = np.repeat([2, 0, 3, 1], 20)
    points = centers[truth] + RANDOM.normal(scale=0.1, size=(80, 2))
    before = truth.copy()
    before[::7] = 3  # some samples were in another cluster
    np.testing.assert_array_equal(reclustered(points, before, 4, seed=0), truth)
    # The same clusters where those of 1 and 2 were one and 2 had none: it starts from a sample.
    merged = np.where(truth == 2, 1, truth)
    found = reclustered(points, merged, 4, seed=1)
    assert all(len(set(found[truth == cluster])) == 1 for cluster in (0, 3))
    np.testing.assert_array_equal(found[np.isin(truth, (0, 3))], truth[np.isin(truth, (0, 3))])


def test_equal_samples_leave_clusters_empty_without_a_warning():
    assert len(set(reclustered(np.ones((6, 2)), np.array([0, 0, 1, 1, 2, 2]), 3, seed=0))) == 1


def test_as_many_samples_as_possible_keep_their_number():
    numbers, before = RANDOM.integers(5, size=(2, 60))
    kept = {names: np.sum(np.array(names)[numbers] == before) for names in itertools.permutations(range(5))}
    found = renumbered(numbers, before, 5)
    assert np.sum(found == before) == max(kept.values())
    assert all(len(set(found[numbers == number])) == 1 for number in range(5)) and len(set(found)) == 5
