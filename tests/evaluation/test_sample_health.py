"""Distances between samples, and copies of training pictures."""

import numpy as np
import pytest

from tfgan2.evaluation import sample_health
from tfgan2.evaluation.sample_health import SampleHealth

DRAW = np.random.default_rng(0)
TRAINING = DRAW.integers(0, 256, (300, 4, 4, 3), dtype=np.uint8)
REAL = TRAINING[:60]
FRESH = DRAW.integers(0, 256, (60, 4, 4, 3), dtype=np.uint8)


def noisy(images, size):
    return np.clip(images + DRAW.normal(0, size, images.shape), 0, 255).astype(np.uint8)


def test_fresh_pictures():
    values = SampleHealth(REAL, TRAINING).of(FRESH)
    assert values == {
        "spread": pytest.approx(1.0, abs=0.05),
        "nearest": pytest.approx(1.0, abs=0.1),
        "copies": 0.0,
    }


def test_copies():
    health = SampleHealth(REAL, TRAINING)
    assert health.of(noisy(TRAINING[100:160], 2))["copies"] == 1.0
    assert health.of(np.concatenate([TRAINING[100:115], FRESH[:45]]))["copies"] == 0.25


def test_one_picture_and_a_few_prototypes():
    health = SampleHealth(REAL, TRAINING)
    one = health.of(noisy(FRESH[:1].repeat(60, axis=0), 2))
    assert one["spread"] < 0.1 and one["nearest"] < 0.1
    prototypes = health.of(noisy(FRESH[:10].repeat(6, axis=0), 2))
    assert prototypes["spread"] > 0.8 and prototypes["nearest"] < 0.1


def test_spread_is_the_ratio_of_mean_distances():
    real, generated = np.float32([[0, 0], [3, 4], [0, 8]]), np.float32([[0, 0], [0, 1], [0, 2]])
    # The distances are 5, 8 and 5, and those of generated points 1, 2 and 1.
    assert SampleHealth(real).of(generated) == {"spread": pytest.approx(4 / 18)}


def test_samples_that_are_sorted_by_mode():
    modes = np.repeat(np.arange(100.0), 50)[:, None]
    mixed = np.random.default_rng(1).permutation(modes)
    for count in (100, 5000):
        assert SampleHealth(modes).of(mixed[:count])["spread"] == pytest.approx(1.0, abs=0.1)


def test_without_differences_among_real_samples_there_is_nothing_to_compare():
    assert SampleHealth(np.zeros((5, 2), np.float32)).of(np.ones((5, 2))) == {}
    assert SampleHealth(REAL[:1], REAL[:1]).of(FRESH) == {}
    # Half of the training pictures have copies, so that a copy says nothing.
    assert set(SampleHealth(REAL, np.concatenate([REAL, REAL])).of(FRESH)) == {"spread"}


def test_many_or_large_training_images_are_thinned(monkeypatch):
    copies = lambda: SampleHealth(REAL, TRAINING).of(TRAINING[:60])["copies"]  # noqa: E731
    assert copies() == 1.0
    monkeypatch.setattr(sample_health, "_TRAINING", 150)
    assert 0.4 < copies() < 0.6
    monkeypatch.setattr(sample_health, "_COST", 48 * 75**2)  # An image has 48 values.
    assert 0.2 < copies() < 0.3
