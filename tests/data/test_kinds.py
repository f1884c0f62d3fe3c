"""Points and images behind one interface: stored samples, data units, scalings, and what is refused."""

import numpy as np
import pytest

from tfgan2.data import kinds
from tfgan2.data.images import ImageSet
from tfgan2.data.points import PointSet
from tfgan2.data.scaling import Scaling, scaling_for
from tfgan2.data.synthetic import grid25
from tfgan2.errors import InputError

PIXELS = np.random.default_rng(0).integers(0, 256, (60, 6, 5, 3), np.uint8)
LABELS = np.arange(60, dtype=np.int32) % 3
IMAGES = ImageSet("images", PIXELS, LABELS, ("a", "b", "c"))
POINTS = grid25(points_per_mode=4)
LEVELS = np.arange(256, dtype=np.uint8)


@pytest.mark.parametrize(("data", "name", "shape"), [(POINTS, "points", (2,)), (IMAGES, "images", (6, 5, 3))])
def test_the_interface(data, name, shape):
    assert kinds.KINDS[name] is data.kind and data.kind.name == name
    assert (data.size, data.shape) == (len(data.samples), shape)
    found = data.as_float([3, 1])
    assert found.shape == (2, *shape) and found.dtype == np.float32
    stored = data.kind.as_stored(found)
    assert stored.dtype == data.samples.dtype
    np.testing.assert_array_equal(stored, data.samples[[3, 1]])
    assert data.kind.as_stored(data.samples) is data.samples
    taken = data.taken(np.array([5, 0, 7]))
    assert type(taken) is type(data) and taken.name == data.name and taken.class_names == data.class_names
    np.testing.assert_array_equal(taken.samples, data.samples[[5, 0, 7]])
    np.testing.assert_array_equal(taken.labels, data.labels[[5, 0, 7]])
    assert data.taken(np.arange(data.size), at_most=20).size == len(range(0, data.size, data.size // 20))
    assert data.kind.fault(data.samples) is data.kind.fault(found) is None


def test_data_units():
    np.testing.assert_array_equal(IMAGES.as_float([3, 1]), (PIXELS[[3, 1]] / 255).astype(np.float32))
    np.testing.assert_array_equal(POINTS.as_float([3, 1]), POINTS.samples[[3, 1]])


def test_scalings():
    assert IMAGES.scaling("unit") == IMAGES.scaling("raw") == Scaling(0.0, 1.0)
    symmetric = IMAGES.scaling("symmetric")
    assert symmetric.to_network(np.array([0.0, 0.5, 1.0])).tolist() == [-1, 0, 1]
    assert symmetric.to_data(np.array([-1.0, 0.0, 1.0])).tolist() == [0, 0.5, 1]
    assert POINTS.scaling("unit") == scaling_for(POINTS.samples, "unit")
    for data in (IMAGES, POINTS):
        with pytest.raises(InputError) as raised:
            data.scaling("tanh")
        assert str(raised.value) == f"{data.name}: unknown output range 'tanh'; choose one of unit, symmetric, raw"


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_levels_survive_the_round_trip(dtype):
    levels = kinds.IMAGES.as_stored
    np.testing.assert_array_equal(levels(LEVELS.astype(dtype) / dtype(255)), LEVELS)
    # As networks in [-1, 1] have them, and the middle of what noise makes of a level, (v + u) / 256.
    np.testing.assert_array_equal(levels((LEVELS.astype(dtype) / dtype(127.5) - 1) * dtype(0.5) + dtype(0.5)), LEVELS)
    np.testing.assert_array_equal(levels((LEVELS.astype(dtype) + dtype(0.5)) / dtype(256)), LEVELS)


def test_levels_end_at_the_range():
    levels = kinds.IMAGES.as_stored(np.array([-0.3, -1e-6, 0.0, 1.0, 1.0 + 1e-6, 7.0], np.float32))
    assert levels.dtype == np.uint8 and levels.tolist() == [0, 0, 0, 255, 255, 255]


def test_samples_that_are_refused():
    beyond = np.array([[[[0.0], [1.25]]]])
    assert kinds.IMAGES.fault(beyond) == (
        "images are float64 from 0 to 1.25; give them as uint8, or as floating point numbers in [0, 1]."
    )
    assert kinds.IMAGES.fault(np.ones((1, 2, 2, 1), np.int32)).startswith("images are int32 from 1 to 1; ")
    assert kinds.POINTS.fault(np.array([[0.0, np.nan]])) == (
        "samples are not all finite numbers; leave out what is not."
    )


def test_sizes_in_words():
    assert POINTS.kind.size_text(1000, (1,)) == "1,000 points of 1 dimension"
    assert POINTS.kind.size_text(POINTS.size, POINTS.shape) == "100 points of 2 dimensions"
    assert IMAGES.kind.size_text(1, (6, 5, 1)) == "1 images of 6 x 5 pixels and 1 channel"
    assert IMAGES.kind.size_text(0, IMAGES.shape) == "not here; images of 6 x 5 pixels and 3 channels"


def test_points_of_a_mixture_keep_their_modes():
    rows = np.flatnonzero(np.isin(POINTS.labels, (2, 7)))
    np.testing.assert_array_equal(POINTS.taken(rows).centers, POINTS.centers[[2, 7]])
    # The modes are those of all rows, also of rows that `at_most` leaves out.
    np.testing.assert_array_equal(POINTS.taken(rows, at_most=1).centers, POINTS.centers[[2, 7]])
    of_a_file = PointSet("npz:x", POINTS.samples, POINTS.centers, POINTS.std)
    assert of_a_file.taken(rows).centers is POINTS.centers
    assert (POINTS.modes_are_known, of_a_file._replace(std=None).modes_are_known) == (True, False)
    assert not IMAGES.modes_are_known
