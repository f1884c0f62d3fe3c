"""Built-in point sets: the published distributions, determinism, arguments."""

import inspect
import math
import typing

import numpy as np
import pytest

from tfgan2.data.synthetic import SOURCES, grid25, modes1d, ring8, ring16, swiss_roll
from tfgan2.errors import InputError


# Published: number of points, number of modes, dimensions, std of a mode.
@pytest.mark.parametrize(
    ("name", "count", "modes", "dimensions", "std"),
    [
        ("grid25", 50_000, 25, 2, 0.05),
        ("ring8", 16_000, 8, 2, 0.1414214),
        ("ring16", 51_200, 16, 2, 0.01),
        ("modes1d", 6_000, 3, 1, 0.5),
    ],
)
def test_published_law(name, count, modes, dimensions, std):
    data = SOURCES[name]()
    assert data.name == name
    assert data.samples.shape == (count, dimensions) and data.samples.dtype == np.float32
    assert data.centers.shape == (modes, dimensions) and data.centers.dtype == np.float64
    assert data.std == pytest.approx(std, rel=1e-6)
    # Mode by mode: equal numbers, mean at the centre (standard error std / sqrt(2000) = .022 std, so 5 of them),
    # standard deviation (relative standard error 1 / sqrt(2 * 2000) = .016, so 5 of them).
    offsets = data.samples.reshape(modes, -1, dimensions) - data.centers[:, None, :]
    assert np.abs(offsets.mean(axis=1)).max() < 0.112 * std
    np.testing.assert_allclose(offsets.std(axis=1), std, rtol=0.08)


def test_centers():
    values = (-4, -2, 0, 2, 4)
    assert grid25(points_per_mode=1).centers.tolist() == [[x, y] for x in values for y in values]
    assert modes1d(points_per_mode=1).centers.tolist() == [[-4], [0], [4]]
    # (2 sin, 2 cos) of 0, 45, 90 degrees ...
    half = math.sqrt(2)
    ring = [[0, 2], [half, half], [2, 0], [half, -half], [0, -2], [-half, -half], [-2, 0], [-half, half]]
    np.testing.assert_allclose(ring8(points_per_mode=1).centers, ring, atol=1e-15)
    np.testing.assert_allclose(
        ring16(points_per_mode=1).centers, np.concatenate([np.array(ring) / 2, ring]), atol=1e-15
    )


def test_other_papers_sets_by_argument():
    square = grid25(spacing=1, std=0.01, points_per_mode=3)
    assert (square.centers.min(), square.centers.max(), square.std, len(square.samples)) == (-2, 2, 0.01, 75)
    np.testing.assert_allclose(np.linalg.norm(ring8(ring_radius=1, points_per_mode=1).centers, axis=1), 1)


def test_swiss_roll_lies_on_its_curve():
    data = swiss_roll(point_count=20_000, std=1e-6)
    assert data.samples.shape == (20_000, 2) and data.centers is None and data.std is None
    # On the curve the angle is a = r * 4.5 pi / 2, and the point is (r cos a, r sin a).
    radii = np.linalg.norm(data.samples, axis=1)
    angles = radii * 2.25 * math.pi
    np.testing.assert_allclose(data.samples, np.stack([np.cos(angles), np.sin(angles)], 1) * radii[:, None], atol=1e-4)
    # It ends at the angle 4.5 pi, straight up: (0, 2). It begins at 1.5 pi, a third of that radius.
    assert data.samples.max() == pytest.approx(2, abs=1e-3) and radii.min() == pytest.approx(2 / 3, abs=1e-3)
    # Angles are uniform: a quarter of the points in each quarter (standard error .003).
    quarters, _ = np.histogram(angles / math.pi, bins=4, range=(1.5, 4.5))
    np.testing.assert_allclose(quarters / 20_000, 0.25, atol=0.015)


def test_swiss_roll_noise_is_isotropic():
    # The same seed draws the same curve and the same noise, scaled: the difference is noise of std .03 - .01.
    difference = swiss_roll(std=0.03).samples - swiss_roll().samples
    np.testing.assert_allclose(difference.std(axis=0), 0.02, rtol=0.02)


@pytest.mark.parametrize("name", SOURCES)
def test_deterministic_by_seed(name):
    first, again, other = SOURCES[name](seed=3), SOURCES[name](seed=3), SOURCES[name](seed=4)
    np.testing.assert_array_equal(first.samples, again.samples)
    assert not np.any(first.samples == other.samples, axis=1).all()


@pytest.mark.parametrize("name", SOURCES)
def test_arguments_can_become_flags(name):
    types = typing.get_type_hints(SOURCES[name])  # without the ranges
    for parameter in inspect.signature(SOURCES[name]).parameters.values():
        assert parameter.kind is inspect.Parameter.KEYWORD_ONLY
        assert types[parameter.name] in (int, float, int | None, float | None)
        assert parameter.default is not inspect.Parameter.empty
        assert f"\n  {parameter.name}: " in inspect.getdoc(SOURCES[name])


@pytest.mark.parametrize(
    ("factory", "arguments", "message"),
    [
        (grid25, {"points_per_mode": 0}, "points_per_mode is 0; it must be in [1, 10000000], or None."),
        (
            ring8,
            {"points_per_mode": 2.5},
            "points_per_mode is 2.5; it must be a whole number in [1, 10000000], or None.",
        ),
        (swiss_roll, {"point_count": -1}, "point_count is -1; it must be in [1, 10000000]."),
        (ring16, {"seed": -1}, "seed is -1; it must be in [0, 2147483647]."),
        (modes1d, {"std": 0.0}, "std is 0.0; it must be above 0, or None."),
        (swiss_roll, {"std": math.inf}, "std is inf; it must be a finite number above 0, or None."),
        (grid25, {"spacing": -2.0}, "spacing is -2.0; it must be above 0."),
        (ring8, {"ring_radius": math.nan}, "ring_radius is nan; it must be a finite number above 0."),
    ],
)
def test_bad_arguments(factory, arguments, message):
    with pytest.raises(InputError) as raised:
        factory(**arguments)
    assert str(raised.value) == message
