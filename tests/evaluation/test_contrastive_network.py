"""The network that is trained on images without labels, and what is measured by it."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from tfgan2.data.images import ImageSet
from tfgan2.errors import InputError
from tfgan2.evaluation import contrastive_network as module
from tfgan2.evaluation import panel as panel_module
from tfgan2.evaluation.contrastive_network import Recipe, contrastive_network
from tfgan2.evaluation.panel import panel_for
from tfgan2.evaluation.protocols import protocol_for
from tfgan2.metrics.frechet import frechet_distance_of_features


def bars(seed, count=200):
    """Grey images of 16 x 16 pixels with a bright bar of any place and direction."""
    random = np.random.default_rng(seed)
    images = random.integers(0, 40, (count, 16, 16, 1), np.uint8)
    for image, place, turned in zip(images, random.integers(0, 13, count), random.integers(0, 2, count), strict=True):
        (image.swapaxes(0, 1) if turned else image)[place : place + 3] += 180
    return images


DATA = ImageSet("folder:/data/mine", bars(0), None, ())


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    quick = Recipe(width=32, embedded=16, steps=30, batch_size=32)
    monkeypatch.setattr(module, "Recipe", lambda: quick)


def test_worse_images_are_farther_away():
    network, fresh = contrastive_network(DATA), bars(1)
    random = np.random.default_rng(2)
    sets = {
        "fresh": fresh,
        "blurred": gaussian_filter(fresh, (0, 1, 1, 0)),
        "a single picture": np.repeat(fresh[:1], len(fresh), axis=0),
        "noise": random.integers(0, 256, fresh.shape, np.uint8),
    }
    real = network.extract(DATA.samples).features
    found = {
        name: frechet_distance_of_features(network.extract(images).features, real) for name, images in sets.items()
    }
    assert found["fresh"] < found["blurred"] / 3
    assert max(found["blurred"], found["a single picture"]) < found["noise"]
    assert found["fresh"] < found["a single picture"] / 3


def test_features_are_scaled_and_kept(cache):
    first = contrastive_network(DATA)
    assert (first.title, first.record["trained_on"]) == ("contrastive-mine", 200)
    found = first.extract(DATA.samples)
    assert found.probabilities is None
    np.testing.assert_allclose(found.features.mean(axis=0), 0, atol=1e-4)
    assert (found.features.std(axis=0) < 1.001).all()
    kept = sorted(cache.iterdir())
    labelled = DATA._replace(labels=np.zeros(200, np.int32), class_names=("a",))
    again = contrastive_network(labelled)  # labels do not matter
    assert sorted(cache.iterdir()) == kept and again.record == first.record
    np.testing.assert_array_equal(again.extract(DATA.samples[:3]).features, found.features[:3])


def test_few_images():
    few = DATA._replace(samples=DATA.samples[:99])
    message = "folder:/data/mine has 99 images; a contrastive network needs 100. Measure them by pixels, or take more"
    with pytest.raises(InputError, match=f"^{message}"):
        contrastive_network(few)
    with pytest.raises(InputError, match=f"^--evaluate_metrics=frechet measures by a network, but {message}"):
        panel_for(few, scores=("frechet",))
    assert protocol_for(None, few).name == "pixels-halves"
    assert panel_for(few) is None


def test_measurements_during_training(cache, monkeypatch):
    monkeypatch.setattr(panel_module, "_IMAGES", 50)
    panel = panel_for(DATA, scores=("prd",), best_metric="recall")
    assert not cache.exists()  # nothing is trained before it is needed
    good, bad = (panel.measure(images / np.float32(255)) for images in (bars(3, 50), np.repeat(bars(3, 1), 50, axis=0)))
    assert (
        set(good)
        == set(panel.best)
        == {
            *("fd-contrastive-mine", "precision", "recall", "density", "coverage", "prd_f8", "prd_f1_8"),
            *("neighbor_spread", "duplicates", "nearer_than_real"),
        }
    )
    assert good["recall"] > 0.5 > bad["recall"] and good["fd-contrastive-mine"] < bad["fd-contrastive-mine"]
    with pytest.raises(InputError, match=r"^--evaluate_metrics=classes measures by a classifier, but .* has no labels"):
        panel_for(DATA, scores=("classes",))
