"""Parts of datasets: their rows, their number, the dataset that they make, and evenly spaced samples."""

import numpy as np
import pytest

from tfgan2.data.images import ImageSet
from tfgan2.data.parts import Part, evenly
from tfgan2.data.synthetic import ring8

RING = ring8(points_per_mode=3)
IMAGES = ImageSet("images", np.zeros((6, 4, 4, 1), np.uint8), np.arange(6, dtype=np.int32), tuple("abcdef"))


@pytest.mark.parametrize("data", [RING, IMAGES])
def test_the_whole(data):
    part = Part(data)
    assert part.size == data.size and part.all_rows.tolist() == list(range(data.size))
    assert part.taken() is part.taken(at_most=2) is data


@pytest.mark.parametrize("data", [RING, IMAGES])
def test_some_rows(data):
    part = Part(data, np.array([4, 1, 5, 2]))
    assert part.size == 4 and part.all_rows is part.rows
    np.testing.assert_array_equal(part.taken().samples, data.samples[[4, 1, 5, 2]])
    np.testing.assert_array_equal(part.taken(at_most=2).labels, data.labels[[4, 5]])


@pytest.mark.parametrize(("count", "expected"), [(0, []), (3, [0, 10, 20]), (9, [0, 20, 40, 60, 80])])
def test_evenly_spaced_samples(count, expected):
    assert evenly(10 * np.arange(count), 5).tolist() == expected
