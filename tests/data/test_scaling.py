"""The map between data units and a network's range."""

import math

import numpy as np
import pytest
import tensorflow as tf

from tfgan2.data.scaling import Scaling, scaling_for
from tfgan2.data.synthetic import SOURCES
from tfgan2.errors import InputError


# M = 4: unit x -> (x / 4 + 1) / 2, symmetric x -> x / 4.
@pytest.mark.parametrize(
    ("output_range", "expected"),
    [("unit", [[0.0, 0.75], [0.5, 0.625]]), ("symmetric", [[-1.0, 0.5], [0.0, 0.25]]), ("raw", [[-4, 2], [0, 1]])],
)
def test_scaling(output_range, expected):
    points = np.array([[-4, 2], [0, 1]], np.float32)
    scaling = scaling_for(points, output_range)
    assert isinstance(scaling.offset, float) and isinstance(scaling.scale, float)
    for values in (points, tf.constant(points)):
        scaled = scaling.to_network(values)
        assert type(scaled) is type(values) and scaled.dtype == values.dtype
        assert np.asarray(scaled).tolist() == expected
        assert np.asarray(scaling.to_data(scaled)).tolist() == points.tolist()


@pytest.mark.parametrize("offset", [0.0, 0.5])
def test_networks_see_colours_over_the_background(offset):
    scaling = Scaling(offset, 1.0 - offset, (1.0, 0.5, 0.0))
    images = np.random.default_rng(0).random((2, 4, 4, 4)).astype(np.float32)
    images[0, 0] = (0.2, 0.3, 0.4, 0.0)
    opacity = images[..., 3:]
    seen = np.concatenate([images[..., :3] * opacity + np.float32([1, 0.5, 0]) * (1 - opacity), opacity], axis=3)
    for values in (images, tf.constant(images)):
        found = scaling.to_network(values)
        assert type(found) is type(values) and found.dtype == values.dtype
        np.testing.assert_allclose(found, (seen - offset) / (1.0 - offset), atol=1e-6)
        back = scaling.to_data(found)
        assert type(back) is type(values) and back.dtype == values.dtype
        np.testing.assert_allclose(back[0, 0], np.tile([1.0, 0.5, 0.0, 0.0], (4, 1)))
        shows = opacity[..., 0] > 0.01
        np.testing.assert_allclose(np.asarray(back)[shows], images[shows], atol=1e-4)
    # What no image looks like stays in range: a colour beyond the background where little shows.
    strange = np.float32([[0.9, 0.0, 0.1, 0.01], [1.2, -0.1, 0.0, 1.1]])
    found = scaling.to_data((strange - offset) / (1.0 - offset))
    assert found.min() >= 0 and found.max() <= 1


@pytest.mark.parametrize("name", SOURCES)
def test_scaled_points_fill_the_range_exactly(name):
    points = SOURCES[name]().samples
    unit, symmetric = (scaling_for(points, output_range) for output_range in ("unit", "symmetric"))
    scaled = unit.to_network(points)
    assert scaled.dtype == np.float32 and scaled.min() >= 0 and scaled.max() <= 1
    assert 0 in (scaled.min(), 1 - scaled.max())
    assert np.abs(symmetric.to_network(points)).max() == 1
    np.testing.assert_allclose(unit.to_data(scaled), points, atol=1e-6)
    np.testing.assert_allclose(scaled, (points / np.abs(points).max() + 1) / 2, atol=1e-6)


def test_scaling_errors():
    with pytest.raises(InputError) as raised:
        scaling_for(np.ones((4, 2)), "tanh")
    assert str(raised.value) == "unknown output range 'tanh'; choose one of unit, symmetric, raw"
    for points, largest in ((np.zeros((2, 2)), 0.0), (np.zeros((0, 2)), 0.0), ([[0, math.nan]], math.nan)):
        with pytest.raises(InputError) as raised:
            scaling_for(points, "unit")
        assert str(raised.value) == (
            f"the largest |coordinate| of the points is {largest}; scaling needs a finite, positive one"
        )


def test_scaling_can_be_given():
    assert Scaling(offset=1.0, scale=2.0).to_network(5.0) == 2.0
    assert Scaling(offset=1.0, scale=2.0).to_data(2.0) == 5.0
