"""What is drawn of points, read from the figures."""

import matplotlib
import numpy as np
import pytest
import tensorflow as tf
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.contour import QuadContourSet
from matplotlib.quiver import Quiver

from tfgan2.evaluation.figures import pixels, png
from tfgan2.evaluation.point_pictures import filmstrip, points_picture

RANDOM = np.random.default_rng(0)
REAL = RANDOM.uniform(-1, 1, (400, 2)).astype("float32")
FAKE = RANDOM.uniform(-1, 1, (100, 2)).astype("float32")


def towards_the_right(points):
    return tf.sigmoid(2 * points[:, :1])


def artists(axes, kind):
    return [artist for artist in axes.get_children() if isinstance(artist, kind)]


def test_plane():
    figure = points_picture(REAL, FAKE, discriminator=towards_the_right, title="step 3")
    assert figure.get_suptitle() == "step 3"
    axes = figure.axes[0]
    real, fake = artists(axes, PathCollection)
    np.testing.assert_array_equal(real.get_offsets(), REAL)
    np.testing.assert_array_equal(fake.get_offsets(), FAKE)
    assert (real.get_label(), fake.get_label()) == ("real", "generated") and real.zorder < fake.zorder
    assert axes.get_aspect() == 1
    (low_x, high_x), (low_y, high_y) = axes.get_xlim(), axes.get_ylim()
    assert high_x - low_x == pytest.approx(high_y - low_y)
    assert low_x < REAL[:, 0].min() and high_y > REAL[:, 1].max()
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["real", "generated"]


def test_contours_and_arrows_are_the_discriminators():
    figure = points_picture(REAL, FAKE, discriminator=towards_the_right)
    axes = figure.axes[0]
    (contours,) = artists(axes, QuadContourSet)
    assert contours.levels[0] == 0 and contours.levels[-1] == 1
    # All of sigmoid(2 x) over x in about [-1.1, 1.1] is seen, nothing beyond.
    assert contours.zmin == pytest.approx(1 / (1 + np.exp(2 * 1.12)), abs=0.01)
    assert contours.zmax == pytest.approx(1 / (1 + np.exp(-2 * 1.12)), abs=0.01)
    (arrows,) = artists(axes, Quiver)
    assert arrows.U.min() > 0 and np.abs(arrows.V).max() == 0
    # The gradient 2 s (1 - s) is steepest in the middle, where arrows are cut to one length.
    assert arrows.U.max() == pytest.approx(1, rel=0.2)
    assert figure.axes[1].get_ylabel() == "discriminator's probability of real"


def test_flat_discriminator_has_no_arrows():
    figure = points_picture(REAL, FAKE, discriminator=lambda points: 0 * points[:, :1] + 0.5)
    (arrows,) = artists(figure.axes[0], Quiver)
    assert arrows.N == 0
    assert png(figure)


def test_line():
    real, fake = np.repeat([[-1.0], [1.0]], 50, axis=0), np.full((30, 1), 1.0)
    figure = points_picture(real, fake, discriminator=towards_the_right)
    axes, right = figure.axes
    # Of 101 bins' edges over [-1.12, 1.12]: the real density is 1/2 / width in two bins, the fake one 1 / width in one.
    width = 2.24 / 100
    heights = np.array([patch.get_height() for patch in axes.patches if hasattr(patch, "get_height")])
    assert sorted(heights[heights > 0]) == pytest.approx([0.5 / width] * 2)
    (outline,) = (patch for patch in axes.patches if not hasattr(patch, "get_height"))
    assert outline.get_xy()[:, 1].max() == pytest.approx(1 / width)
    curve = right.lines[0]
    np.testing.assert_allclose(curve.get_ydata(), 1 / (1 + np.exp(-2 * curve.get_xdata())), rtol=1e-5)
    assert len(points_picture(real, fake).axes) == 1


def test_more_dimensions_show_the_first_two():
    real = RANDOM.normal(size=(50, 5))
    figure = points_picture(real, real[:10] / 2, discriminator=towards_the_right)
    (axes,) = figure.axes
    assert not artists(axes, QuadContourSet) and not artists(axes, Quiver)
    np.testing.assert_allclose(artists(axes, PathCollection)[1].get_offsets(), real[:10, :2] / 2)


def test_many_real_points_are_thinned_evenly():
    real = np.linspace(0, 1, 20_000).repeat(2).reshape(-1, 2)
    shown = artists(points_picture(real, FAKE).axes[0], PathCollection)[0].get_offsets()
    np.testing.assert_array_equal(shown, real[::4])


@pytest.mark.parametrize("dimensions", [1, 2, 3])
def test_points_outside_are_counted(dimensions):
    real = np.linspace(-1, 1, 30).repeat(dimensions).reshape(-1, dimensions)
    fake = np.zeros((1500, dimensions))
    fake[:1200, 0] = 7.0
    texts = [text.get_text() for text in points_picture(real, fake).axes[0].texts]
    assert texts == ["1,200 of 1,500 generated points lie outside"]
    assert not points_picture(real, np.zeros((10, dimensions))).axes[0].texts


@pytest.mark.parametrize(
    ("count", "expected"),
    [(1, [0]), (4, [0, 1, 2, 3]), (8, list(range(8))), (15, [0, 2, 4, 6, 8, 10, 12, 14])],
)
def test_filmstrip_shows_at_most_eight(count, expected):
    figure = filmstrip([(f"step {i}", FAKE + i) for i in range(count)], real=REAL)
    assert [axes.get_title() for axes in figure.axes] == [f"step {i}" for i in expected]
    for index, axes in zip(expected, figure.axes, strict=True):
        np.testing.assert_allclose(artists(axes, PathCollection)[1].get_offsets(), FAKE + index)
        assert axes.get_xlim() == figure.axes[0].get_xlim()


def test_filmstrip_of_a_line():
    figure = filmstrip([("a", FAKE[:, :1]), ("b", FAKE[:, :1])], real=REAL[:, :1])
    assert [axes.get_title() for axes in figure.axes] == ["a", "b"]
    assert all(axes.patches for axes in figure.axes)


@pytest.mark.parametrize("dimensions", [1, 2, 3])
def test_lines_through_paths(dimensions):
    paths = RANDOM.uniform(-1, 1, (5, 4, dimensions))
    figure = points_picture(np.tile(REAL, 2)[:, :dimensions], paths.reshape(-1, dimensions), paths=paths)
    (lines,) = artists(figure.axes[0], LineCollection)
    drawn = np.stack([path.vertices for path in lines.get_paths()])
    assert drawn.shape == (5, 4, 2)
    np.testing.assert_allclose(drawn[..., : min(dimensions, 2)], paths[..., :2])
    if dimensions == 1:  # each at a height of its own
        assert len(np.unique(drawn[..., 1])) == 5 and np.ptp(drawn[..., 1], axis=1).max() == 0
    assert png(figure)
    assert not artists(points_picture(REAL, FAKE).axes[0], LineCollection)


def test_single_real_point():
    assert png(points_picture(REAL[:1], FAKE))


def test_png_and_pixels_are_the_same_picture():
    first, second = (points_picture(REAL, FAKE, title="one") for _ in range(2))
    assert png(first) == png(second)
    array = pixels(first)
    assert array.dtype == np.uint8 and array.shape[2] == 3
    np.testing.assert_array_equal(array, tf.io.decode_png(png(first), channels=3))
    assert len(np.unique(array.reshape(-1, 3), axis=0)) > 10


def test_no_state_of_matplotlib_is_touched():
    backend, settings = matplotlib.get_backend(auto_select=False), matplotlib.rcParams.copy()
    png(points_picture(REAL, FAKE, discriminator=towards_the_right))
    assert matplotlib.get_backend(auto_select=False) == backend
    assert all(matplotlib.rcParams[name] == value for name, value in settings.items() if name != "backend")
