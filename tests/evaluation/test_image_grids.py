"""Pictures of images, pixel by pixel."""

import io

import numpy as np
import pytest
from PIL import Image

from tfgan2.evaluation.image_grids import encoded, film, grid, paired, panels, square_grid


def plain(level, *, size=48, channels=1):
    return np.full((size, size, channels), level, np.uint8)


def test_grid_of_grey_images():
    picture = grid(np.stack([plain(level) for level in (10, 20, 30)]), columns=2)
    assert picture.shape == (98, 98, 3) and picture.dtype == np.uint8
    assert picture[0, 0].tolist() == picture[47, 47].tolist() == [10, 10, 10]
    assert picture[0, 50].tolist() == [20, 20, 20] and picture[50, 0].tolist() == [30, 30, 30]
    assert (picture[48:50] == 255).all() and (picture[:, 48:50] == 255).all() and (picture[50:, 50:] == 255).all()


def test_pairs_lie_below_each_other():
    images, others = (np.stack([plain(level) for level in levels]) for levels in ((1, 2, 3), (11, 12, 13)))
    levels = paired(images, others, 2)[:, 0, 0, 0]
    assert levels.tolist() == [1, 2, 11, 12, 3, 255, 13, 255]
    assert paired(images, others, 3)[:, 0, 0, 0].tolist() == [1, 2, 3, 11, 12, 13]


def test_small_images_are_enlarged_by_whole_pixels():
    image = np.arange(8 * 8 * 3, dtype=np.uint8).reshape(1, 8, 8, 3)
    np.testing.assert_array_equal(grid(image, columns=4), image[0].repeat(8, axis=0).repeat(8, axis=1))
    for size, shown in ((28, 56), (32, 64), (33, 33), (64, 64), (100, 100)):
        assert grid(np.zeros((1, size, size, 3), np.uint8), columns=4).shape == (shown, shown, 3)


def test_a_checkerboard_shows_through():
    images = np.full((1, 64, 64, 4), (10, 20, 30, 255), np.uint8)
    images[:, :32, :, 3] = 0
    picture = grid(images, columns=1)
    assert picture.shape == (64, 64, 3) and (picture[32:] == (10, 20, 30)).all()
    assert picture[0, 0].tolist() == [255] * 3 and picture[0, 8].tolist() == picture[8, 0].tolist() == [208] * 3
    small = np.full((1, 8, 8, 4), (10, 20, 30, 0), np.uint8)
    np.testing.assert_array_equal(grid(small, columns=1)[:32], picture[:32])  # Squares are not enlarged.


def test_captions_stand_above_their_images():
    images = np.stack([plain(level, size=8) for level in (10, 20, 10)])
    bare, titled = (
        grid(images, columns=2),
        grid(images, columns=2, captions=("cat", "a very long name of a class", "cat")),
    )
    strip = (titled.shape[0] - bare.shape[0]) // 2
    assert 10 < strip < 20 and titled.shape[1] == bare.shape[1]
    first, second, third = titled[:strip, :64], titled[:strip, 66:], titled[strip + 66 : 2 * strip + 66, :64]
    assert (first < 128).any() and (second < 128).any()
    np.testing.assert_array_equal(first, third)
    assert (titled[strip : strip + 64, :64] == 10).all() and (titled[strip : strip + 64, 66:] == 20).all()


@pytest.mark.parametrize(("count", "shape"), [(1, (48, 48, 3)), (5, (98, 148, 3)), (9, (148, 148, 3))])
def test_square_grid(count, shape):
    assert square_grid(np.stack([plain(1)] * count)).shape == shape


def test_panels_hold_their_pictures_in_order():
    left, right = (np.full((60, 200, 3), level, np.uint8) for level in (3, 7))
    picture = panels([("real", left), ("generated", right)], title="digits, step 5")
    columns = np.flatnonzero((picture == 3).all(-1).any(0)), np.flatnonzero((picture == 7).all(-1).any(0))
    assert [len(found) for found in columns] == [200, 200] and columns[0].max() < columns[1].min()
    assert (picture == 3).all(-1).sum() == (picture == 7).all(-1).sum() == 60 * 200
    bare = panels([("real", left)])
    assert bare.shape[0] < picture.shape[0]


def test_film_shows_at_most_eight_moments():
    frames = [(f"step {step}", np.stack([plain(step)] * 3)) for step in range(20)]
    picture = film(frames)
    shown = [step for step in range(20) if (picture == step).all(-1).sum() >= 3 * 48 * 48]
    assert shown == [0, 3, 5, 8, 11, 14, 16, 19]
    tops = [np.flatnonzero((picture == step).all(-1).sum(1) >= 3 * 48).min() for step in shown]
    assert np.unique(np.diff(tops)).tolist() == [50]


def test_png_keeps_every_pixel():
    picture = np.random.default_rng(0).integers(0, 256, (13, 17, 3), dtype=np.uint8)
    with Image.open(io.BytesIO(encoded(picture))) as image:
        assert image.format == "PNG"
        np.testing.assert_array_equal(np.asarray(image), picture)
