"""Structural similarity: values by hand, scikit-image's values, a plain loop, equal images, moving averages, errors."""

import math

import numpy as np
import pytest

from tfgan2.errors import InputError
from tfgan2.metrics import structural_similarity as module
from tfgan2.metrics.structural_similarity import best_moving_average, structural_similarity

ROWS, COLUMNS, CHANNELS = np.meshgrid(np.arange(16), np.arange(12), np.arange(3), indexing="ij")
IMAGE = np.round(127.5 + 100 * np.sin(0.7 * ROWS + 0.3 * COLUMNS + CHANNELS))
OTHERS = np.stack(
    [np.clip(IMAGE + 60 * np.cos(2.1 * ROWS * COLUMNS + CHANNELS), 0, 255), 255 - IMAGE, IMAGE // 32 * 32]
)
IMAGES = np.stack([IMAGE] * 3)


def images(count, seed, side=16, channels=3):
    return np.random.default_rng(seed).integers(0, 256, size=(count, side, side, channels)).astype(float)


@pytest.mark.parametrize(
    ("data_range", "window", "expected"),
    [
        (255, 7, [0.8620856429892109, -0.959031273641871, 0.9811839463842302]),
        (2, 7, [0.8613547029659759, -0.9707788272710675, 0.9811163120331218]),
        (255, 3, [0.6007890608942285, -0.6546131361120741, 0.9339713153807496]),
    ],
)
def test_against_scikit_image(data_range, window, expected):
    # skimage.metrics.structural_similarity(image, other, channel_axis=2, data_range=..., win_size=...) of version
    # 0.26.0.
    found = structural_similarity(IMAGES, OTHERS, data_range=data_range, window=window)
    assert found.shape == (3,) and found.dtype == np.float64
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


def test_constant_images_by_hand():
    # Without variance: (2 * 100 * 200 + 6.5025) / (100^2 + 200^2 + 6.5025) = 40006.5025 / 50006.5025.
    first, second = np.full((1, 8, 8, 1), 100), np.full((1, 8, 8, 1), 200)
    assert structural_similarity(first, second, data_range=255) == pytest.approx(40006.5025 / 50006.5025, rel=1e-9)
    # Black and white in the range [0, 1]: C1 / (1 + C1) with C1 = .0001.
    assert structural_similarity(0 * first, second / 200, data_range=1) == pytest.approx(0.0001 / 1.0001, rel=1e-6)


def test_against_a_plain_loop():
    first, second = images(1, 0, 9, 2), images(1, 1, 9, 2)
    values = []
    for row in range(3):
        for column in range(3):
            for channel in range(2):
                x, y = (image[0, row : row + 7, column : column + 7, channel].ravel() for image in (first, second))
                (x_variance, covariance), (_, y_variance) = np.cov(x, y)
                c1, c2 = 2.55**2, 7.65**2
                value = (2 * x.mean() * y.mean() + c1) * (2 * covariance + c2)
                values.append(value / ((x.mean() ** 2 + y.mean() ** 2 + c1) * (x_variance + y_variance + c2)))
    assert structural_similarity(first, second, data_range=255) == pytest.approx(np.mean(values), abs=1e-12)


def test_equal_images():
    np.testing.assert_allclose(structural_similarity(IMAGES, IMAGES, data_range=255), 1, rtol=0, atol=1e-12)
    np.testing.assert_allclose(structural_similarity(0 * IMAGES, 0 * IMAGES, data_range=255), 1, rtol=0, atol=1e-12)
    assert structural_similarity(np.zeros((1, 7, 7, 1)), np.zeros((1, 7, 7, 1)), data_range=1) == 1


def test_more_noise_is_less_similar():
    noise = np.random.default_rng(0).normal(size=IMAGE.shape)
    found = structural_similarity(
        np.stack([IMAGE] * 4), np.stack([IMAGE + scale * noise for scale in (0, 10, 40, 160)]), data_range=255
    )
    assert (np.diff(found) < 0).all() and found[-1] < 0.4


def test_invariances():
    first, second = images(5, 0), images(5, 1)
    expected = structural_similarity(first, second, data_range=255)
    np.testing.assert_allclose(structural_similarity(second, first, data_range=255), expected, atol=1e-12)
    for change in (
        lambda x: x[:, ::-1],
        lambda x: x.swapaxes(1, 2),
        lambda x: x[..., ::-1],
        lambda x: x.astype(np.uint8),
    ):
        found = structural_similarity(change(first), change(second), data_range=255)
        np.testing.assert_allclose(found, expected, atol=1e-12)
    np.testing.assert_allclose(structural_similarity(first / 255, second / 255, data_range=1), expected, atol=1e-12)
    # The value of a pair does not depend on other pairs.
    np.testing.assert_allclose(structural_similarity(first[::-1], second[::-1], data_range=255), expected[::-1])


def test_images_in_chunks(monkeypatch):
    first, second = images(10, 0), images(10, 1)
    expected = structural_similarity(first, second, data_range=255)
    monkeypatch.setattr(module, "CHUNK", 4)
    assert np.array_equal(structural_similarity(first, second, data_range=255), expected)


def test_best_moving_average():
    # The averages over windows of 2 are 1.5, 3.5, 4 and 2. In the third window the mean std is (.2 + .4) / 2.
    best = best_moving_average([1, 2, 5, 3, 1], [0.1, 0.1, 0.2, 0.4, 0.9], window=2)
    assert best == pytest.approx((4, 0.3, 2)) and [type(value) for value in best] == [float, float, int]
    # One window over all points, a window of one point, and the earliest of equal windows.
    assert best_moving_average([1, 2, 6], [0, 0, 3], window=3) == pytest.approx((3, 1, 0))
    assert best_moving_average([1, 7, 2], [1, 2, 3], window=1) == (7, 2, 1)
    assert best_moving_average(np.ones(30), np.zeros(30)) == (1, 0, 0)


def test_best_moving_average_is_the_valid_part_of_a_box_filter():
    values = np.random.default_rng(0).random(50)
    filtered = np.convolve(values, np.ones(20) / 20, mode="valid")
    best = best_moving_average(values, values)
    assert best == pytest.approx((filtered.max(), filtered.max(), filtered.argmax()))


PAIR = np.zeros((2, 8, 9, 1)), np.zeros((2, 8, 9, 1))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: structural_similarity(np.zeros((2, 8, 8, 1)), np.zeros((2, 8, 9, 1)), data_range=1),
            "images have shapes (2, 8, 8, 1) and (2, 8, 9, 1); both must be the same "
            "[count, height, width, channels], none of them 0.",
        ),
        (
            lambda: structural_similarity(np.zeros((8, 8, 1)), np.zeros((8, 8, 1)), data_range=1),
            "images have shapes (8, 8, 1) and (8, 8, 1); both must be the same "
            "[count, height, width, channels], none of them 0.",
        ),
        (
            lambda: structural_similarity(np.zeros((0, 8, 8, 1)), np.zeros((0, 8, 8, 1)), data_range=1),
            "images have shapes (0, 8, 8, 1) and (0, 8, 8, 1); both must be the same "
            "[count, height, width, channels], none of them 0.",
        ),
        (
            lambda: structural_similarity(PAIR[0], PAIR[1] + math.nan, data_range=1),
            "images are not finite in 144 values; all must be finite.",
        ),
        (
            lambda: structural_similarity(*PAIR, data_range=0),
            "data_range is 0; it must be finite and above 0. Try 255 for 8-bit pixels.",
        ),
        (
            lambda: structural_similarity(*PAIR, data_range=1, window=4),
            "window is 4; it must be odd and in [3, 8] for images of (8, 9).",
        ),
        (
            lambda: structural_similarity(*PAIR, data_range=1, window=9),
            "window is 9; it must be odd and in [3, 8] for images of (8, 9).",
        ),
        (
            lambda: best_moving_average([1, 2], [1, 2, 3]),
            "means and stds have shapes (2,) and (3,); they must be lists of equal length.",
        ),
        (
            lambda: best_moving_average(1.0, 1.0),
            "means and stds have shapes () and (); they must be lists of equal length.",
        ),
        (
            lambda: best_moving_average([1] * 19, [1] * 19),
            "window is 20; it must be in [1, 19], the length of the series.",
        ),
        (
            lambda: best_moving_average([1], [1], window=0),
            "window is 0; it must be in [1, 1], the length of the series.",
        ),
        (
            lambda: best_moving_average([math.nan] * 20, [1] * 20),
            "series are not finite in 20 values; all must be finite.",
        ),
    ],
)
def test_errors(call, message):
    with pytest.raises(InputError) as raised:
        call()
    assert str(raised.value) == message
