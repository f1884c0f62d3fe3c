"""Samples as people have them: arrays of several shapes and ranges, and folders of images."""

from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from tfgan2.errors import InputError
from tfgan2.evaluation.image_folders import write_images
from tfgan2.evaluation.protocols import measure_file
from tfgan2.evaluation.sample_files import read_samples

LEVELS = np.random.default_rng(0).integers(0, 256, (12, 8, 8, 1)).astype(np.uint8)


@pytest.fixture
def saved(tmp_path):
    """(array) -> the .npz that holds it."""

    def saved(array):
        np.savez(tmp_path / "x.npz", samples=array)
        return tmp_path / "x.npz"

    return saved


@pytest.mark.parametrize("channels", [True, False])
@pytest.mark.parametrize(
    ("images", "flag"),
    [
        (LEVELS, "auto"),
        (LEVELS / np.float32(255), "auto"),
        (LEVELS / 127.5 - 1, "auto"),
        (LEVELS.astype(np.float32), "auto"),
        (LEVELS.astype(np.int64), "auto"),
        (LEVELS.astype(np.int64), "levels"),
        (LEVELS / 255, "unit"),
        (LEVELS / 255, "symmetric"),
    ],
)
def test_shapes_and_ranges(images, flag, channels, saved):
    found = read_samples(saved(images if channels else images[..., 0]), samples_range=flag)
    assert found.shape == LEVELS.shape
    expected = (LEVELS / 255 + 1) / 2 * 255 if flag == "symmetric" else LEVELS
    np.testing.assert_allclose(found if found.dtype == np.uint8 else 255 * found, expected, atol=1e-4)


@pytest.mark.parametrize(
    ("low", "high", "flag", "message"),
    [
        # A range of [0, 1] that is overshot, or of half of [-1, 1], is not taken for another.
        (-0.05, 1.0, "auto", "x.npz holds images of float64 from -0.05 to 1; give them as uint8 or in [0, 1], or say"),
        (0.0, 1.7, "auto", "from 0 to 1.7; give them as uint8 or in [0, 1], or say what they are by --samples_range=u"),
        (-1.0, 1.2, "auto", "from -1 to 1.2; give them as uint8"),
        (0.0, 300.0, "auto", "from 0 to 300; give them as uint8"),
        (-0.05, 1.0, "unit", "from -0.05 to 1; --samples_range=unit is [0, 1]: scale or clip them."),
        (-1.5, 1.0, "symmetric", "--samples_range=symmetric is [-1, 1]: scale or clip them."),
        (0.0, 256.0, "levels", "--samples_range=levels is [0, 255]: scale or clip them."),
    ],
)
def test_ranges_that_cannot_be_known_or_are_left(low, high, flag, message, saved):
    with pytest.raises(InputError) as caught:
        read_samples(saved(np.linspace(low, high, 128).reshape(2, 8, 8, 1)), samples_range=flag)
    assert message in str(caught.value)


def test_whole_numbers_0_and_1_may_be_either(saved):
    path = saved(np.arange(128).reshape(2, 8, 8, 1) % 2)
    with pytest.raises(InputError, match="holds images of int64 from 0 to 1; give them as"):
        read_samples(path)
    assert read_samples(path, samples_range="levels").max() == 1
    np.testing.assert_array_equal(read_samples(path, samples_range="unit").ravel()[:4], [0, 1, 0, 1])


def test_points_and_latents_stay_as_they_are(saved):
    points = np.random.default_rng(0).normal(size=(5, 2))
    np.testing.assert_array_equal(read_samples(saved(points)), points)


def test_points_are_not_compared_with_statistics_of_images(saved):
    protocol = SimpleNamespace(name="p2gan-50k", samples=5)
    with pytest.raises(InputError, match=r"x\.npz holds points \[5, 2\]; p2gan-50k takes images\.$"):
        measure_file(protocol, saved(np.zeros((5, 2))), None, seed=0)


@pytest.mark.parametrize("channels", [1, 3])
def test_a_folder_of_images(channels, tmp_path):
    images = np.repeat(LEVELS, channels, axis=-1)
    write_images(tmp_path / "images", images)
    np.testing.assert_array_equal(read_samples(tmp_path / "images", channels=channels), images)
    np.testing.assert_array_equal(read_samples(tmp_path / "images", channels=3), np.repeat(LEVELS, 3, axis=-1))


def test_a_folder_of_images_with_opacity(tmp_path):
    images = np.random.default_rng(0).integers(1, 256, (3, 6, 6, 4), np.uint8)
    write_images(tmp_path / "images", images)
    np.testing.assert_array_equal(read_samples(tmp_path / "images", channels=4, background="navy"), images)
    write_images(tmp_path / "opaque", images[..., :3])
    with pytest.raises(InputError, match=r"^alpha is True; it must be false for folder:.*/opaque, where no image has"):
        read_samples(tmp_path / "opaque", channels=4)


def test_a_folder_of_images_of_several_sizes(tmp_path):
    for size in (8, 9):
        Image.new("L", (size, size)).save(tmp_path / f"{size}.png")
    with pytest.raises(InputError, match="size"):
        read_samples(tmp_path)
    assert read_samples(tmp_path, image_size=6).shape == (2, 6, 6, 1)
