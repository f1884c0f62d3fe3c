"""Drawn frames of a street: which objects are on them, where, and that they follow the seed alone."""

import numpy as np
import pytest

from tfgan2.data.sources import load
from tfgan2.data.static_background import OBJECTS, load_static_background
from tfgan2.errors import InputError

SHARES = "a list of at most 4 shares, together at most 1, of car, bus, van, cyclist"
ARGUMENTS = {"count": 400, "rare_shares": (0.1, 0.05, 0.02)}


@pytest.fixture(scope="module")
def frames(tmp_path_factory):
    return load_static_background(**ARGUMENTS, cache_dir=str(tmp_path_factory.mktemp("cache")))


def test_counts(frames):
    assert frames.samples.shape == (400, 32, 32, 3) and frames.samples.dtype == np.uint8
    assert frames.class_names == ("background", *OBJECTS)
    # 83 % of background; the cyclist has no share.
    assert np.bincount(frames.labels, minlength=5).tolist() == [332, 40, 20, 8, 0]
    assert len(np.unique(frames.labels[:50])) > 1  # in no order
    assert not frames.flip and not frames.dequantize


def test_the_background_is_one_mode_and_objects_are_far_from_it(frames):
    images = frames.samples.astype(float)
    background = images[frames.labels == 0]
    middle = background.mean(axis=0)
    assert middle.std() > 10
    # The light varies by 6 %: of levels about 100, a few levels.
    assert 1 < np.abs(background - middle).mean() < 6
    largest = np.abs(images - middle).max(axis=(1, 2, 3))
    assert largest[frames.labels == 0].max() < 30
    assert largest[frames.labels > 0].min() > 60


def test_objects_move_along_their_roads(frames):
    changed = np.abs(frames.samples.astype(int) - frames.samples[frames.labels == 0].mean(axis=0)).max(axis=-1) > 45
    for label, axis in ((1, 2), (2, 1)):  # a car left and right, a bus up and down
        along, across = (
            changed[frames.labels == label].any(axis=3 - axis),
            changed[frames.labels == label].any(axis=axis),
        )
        assert along.any(axis=0).mean() > 0.7 and across.any(axis=0).mean() < 0.35


def test_a_frame_depends_on_seed_and_number(frames, tmp_path):
    again = load("static_background", **ARGUMENTS, cache_dir=str(tmp_path))
    np.testing.assert_array_equal(again.samples, frames.samples)
    np.testing.assert_array_equal(again.labels, frames.labels)
    other = load_static_background(**ARGUMENTS, seed=1, cache_dir=str(tmp_path))
    assert np.any(other.labels != frames.labels) and np.any(other.samples[:5] != frames.samples[:5])
    assert len(np.unique(frames.samples.reshape(400, -1), axis=0)) == 400


@pytest.mark.parametrize("size", [8, 11, 16, 17])
def test_small_frames(size, tmp_path):
    # Markings are narrower than a pixel there.
    found = load_static_background(count=40, rare_shares=(0.25,) * 4, image_size=size, cache_dir=str(tmp_path))
    means = [found.samples[found.labels == label].mean(axis=0) for label in range(1, 5)]
    assert found.samples.shape == (40, size, size, 3)
    assert min(np.abs(one - other).max() for one in means for other in means if one is not other) > 20


def test_other_sizes_and_all_objects(tmp_path):
    found = load_static_background(
        count=8, rare_shares=(0.25,) * 4, image_size=128, dequantize=True, cache_dir=str(tmp_path)
    )
    assert found.samples.shape == (8, 128, 128, 3) and found.dequantize
    assert np.bincount(found.labels).tolist() == [0, 2, 2, 2, 2]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"count": 0}, "count is 0; it must be in [1, 10000000]."),
        ({"seed": -1}, "seed is -1; it must be in [0, 2147483647]."),
        ({"image_size": 7}, "image_size is 7; it must be in [8, 256]."),
        ({"rare_shares": (0.5, 0.6)}, f"rare_shares is (0.5, 0.6); it must be {SHARES}."),
        ({"rare_shares": (-0.1,)}, "rare_shares is (-0.1,); it must be a list, each item in [0, 1]."),
        ({"rare_shares": (0.1,) * 5}, f"rare_shares is (0.1, 0.1, 0.1, 0.1, 0.1); it must be {SHARES}."),
    ],
)
def test_values_out_of_range(arguments, message):
    with pytest.raises(InputError) as error:
        load_static_background(**arguments)
    assert str(error.value) == message
