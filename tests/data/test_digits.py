"""Digits without a download, and a thousand modes of three digits."""

import numpy as np
import pytest
from sklearn.datasets import load_digits

from tfgan2.data.images import load_images
from tfgan2.data.stacked import load_stacked
from tfgan2.errors import InputError


def test_digits():
    found, expected = load_images("digits"), load_digits()
    assert found.samples.shape == (1797, 8, 8, 1) and found.samples.max() == 255
    assert np.abs(found.samples[..., 0] / 255 - expected.images / 16).max() <= 0.5 / 255 + 1e-9
    np.testing.assert_array_equal(found.labels, expected.target)
    assert found.class_names == tuple("0123456789")


def test_digits_are_resized():
    assert load_images("digits", image_size=32, channels=3).samples.shape == (1797, 32, 32, 3)


def test_stacks_are_three_digits():
    digits = load_images("digits", image_size=16)
    found = load_stacked("stacked:digits", count=3000, image_size=16, dequantize=True)
    assert found.name == "stacked:digits" and found.dequantize and not found.flip
    assert found.samples.shape == (3000, 16, 16, 3) and found.labels.shape == (3000,)
    assert len(found.class_names) == 1000 and found.class_names[7] == "007" and found.class_names[-1] == "999"
    # Each colour is a digit of the set, with the label's figure of that place.
    label_of = {image.tobytes(): label for image, label in zip(digits.samples, digits.labels, strict=True)}
    for image, label in zip(found.samples[:200], found.labels[:200], strict=True):
        figures = [label_of[np.ascontiguousarray(image[..., [colour]]).tobytes()] for colour in range(3)]
        assert label == 100 * figures[0] + 10 * figures[1] + figures[2]
    # Independent draws: about 1000 (1 - exp(-3)) = 950 labels, and no two colours are correlated (standard error .018).
    assert 900 < len(np.unique(found.labels)) < 1000
    figures = np.stack([found.labels // 100, found.labels // 10 % 10, found.labels % 10])
    assert np.abs(np.corrcoef(figures) - np.eye(3)).max() < 0.09


def test_stacks_depend_on_count_and_seed_only():
    first, again, other = (load_stacked("stacked:digits", count=50, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.samples, again.samples)
    assert np.mean(first.labels == other.labels) < 0.1
    assert load_stacked("stacked:digits", count=51, seed=1).samples.shape == (51, 8, 8, 3)


def test_bad_stacks(tmp_path):
    images = np.zeros((20, 4, 4), np.uint8)
    np.savez(tmp_path / "plain.npz", images=images)
    np.savez(tmp_path / "many.npz", images=images, labels=np.arange(20))
    name = f"stacked:npz:{tmp_path}"
    cases = {
        ("stacked:digits", "count", 0): "count is 0; it must be in [1, 10000000].",
        ("stacked:digits", "seed", -1): "seed is -1; it must be in [0, 2147483647].",
        (f"{name}/plain.npz", "count", 5): (
            f"{name}/plain.npz: the stacked images have no labels; name images with the labels 0 to 9, such as mnist"
        ),
        (f"{name}/many.npz", "count", 5): (
            f"{name}/many.npz: the stacked images have labels up to 19; "
            "name images with the labels 0 to 9, such as mnist"
        ),
        ("stacked:stacked:digits", "count", 5): (
            "'stacked:digits' names no images; give folder:DIR, idx:FOLDER, npz:FILE, digits or tfds:NAME"
        ),
    }
    for (source, argument, value), message in cases.items():
        with pytest.raises(InputError) as raised:
            load_stacked(source, **{argument: value})
        assert str(raised.value) == message
