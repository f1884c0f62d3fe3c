"""The classifier: how good it is, that it is the same again, and what it refuses."""

import hashlib

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan2.data.images import ImageSet, load_images
from tfgan2.errors import InputError
from tfgan2.evaluation.classifier import Recipe, classifier_of, split, title_of

QUICK = Recipe(width=4, features=8, steps=30)


def stripes(count=120, *, size=8, channels=1, classes=2):
    """Images with one white row. The number of this row is the class."""
    labels = np.arange(count, dtype=np.int32) % classes
    images = np.random.default_rng(0).integers(0, 100, (count, size, size, channels), np.uint8)
    images[np.arange(count), labels] = 255
    return ImageSet("folder:/data/stripes", images, labels, tuple(map(str, range(classes))))


def test_digits_are_recognised(cache_with_digits):
    data = load_images("digits")
    extractor = classifier_of(data, cache_dir=cache_with_digits)
    record = extractor.record
    assert record["accuracy"] >= 0.97
    assert (extractor.title, record["trained_on"], record["tested_on"]) == ("classifier-digits", 1437, 360)
    training, held_out = split(1797)
    found = extractor.extract(data.samples)
    assert found.features.shape == (1797, 64) and found.probabilities.shape == (1797, 10)
    assert found.features.dtype == found.probabilities.dtype == np.float32
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1, rtol=1e-5)
    right = found.probabilities.argmax(axis=1) == data.labels
    assert right[held_out].mean() == pytest.approx(record["accuracy"])
    assert right[training].mean() > 0.999


def test_it_is_trained_once_and_the_same_again(cache, tmp_path):
    data = stripes()
    first = classifier_of(data, recipe=QUICK)
    (path,) = cache.iterdir()
    assert path.name.startswith("classifier-stripes-") and path.suffix == ".npz"
    written = path.stat().st_mtime_ns
    np.random.seed(5)
    keras.utils.set_random_seed(7)
    for cache_dir in (None, str(tmp_path / "other")):
        again = classifier_of(data, recipe=QUICK, cache_dir=cache_dir)
        assert again.record == first.record
        np.testing.assert_array_equal(again.extract(data.samples).features, first.extract(data.samples).features)
    assert path.stat().st_mtime_ns == written
    with np.load(path, allow_pickle=False) as arrays:
        assert arrays["accuracy"] == first.record["accuracy"]


def test_what_it_depends_on(cache):
    data = stripes()
    hashes = {
        classifier_of(each, recipe=recipe).record["weights"]
        for each, recipe in [
            (data, QUICK),
            (data, QUICK._replace(seed=1)),
            (data, QUICK._replace(steps=31)),
            (data._replace(labels=1 - data.labels), QUICK),
            (data._replace(samples=255 - data.samples), QUICK),
        ]
    }
    assert len(hashes) == 5 and len(list(cache.iterdir())) == 5
    classifier_of(data._replace(flip=True, dequantize=True), recipe=QUICK)
    assert len(list(cache.iterdir())) == 5


def test_a_run_is_not_disturbed():
    keras.utils.set_random_seed(3)
    expected = keras.random.normal([4]), tf.random.normal([4]), np.random.normal(size=4)
    keras.utils.set_random_seed(3)
    classifier_of(stripes(), recipe=QUICK)
    found = keras.random.normal([4]), tf.random.normal([4]), np.random.normal(size=4)
    for one, other in zip(expected, found, strict=True):
        np.testing.assert_array_equal(one, other)


def test_mixed_precision_is_not_the_classifiers(tmp_path):
    expected = classifier_of(stripes(), recipe=QUICK).record
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        assert classifier_of(stripes(), recipe=QUICK, cache_dir=str(tmp_path)).record == expected
    finally:
        keras.config.set_dtype_policy("float32")


@pytest.mark.parametrize(("size", "channels"), [(1, 1), (8, 3), (17, 1), (28, 1), (64, 3)])
def test_other_images(size, channels):
    data = stripes(40, size=size, channels=channels, classes=2 if size > 1 else 1)
    if size == 1:
        data = data._replace(labels=(data.samples[:, 0, 0, 0] > 254).astype(np.int32), class_names=("a", "b"))
        data.labels[0] = 0
    found = classifier_of(data, recipe=QUICK._replace(steps=2)).extract(data.samples[:3])
    assert found.features.shape == (3, 8) and found.probabilities.shape == (3, 2)


def test_more_images_than_are_asked_at_once():
    data = stripes(1203)
    extractor = classifier_of(data, recipe=QUICK)
    together, alone = extractor.extract(data.samples), extractor.extract(data.samples[1200:])
    np.testing.assert_allclose(together.features[1200:], alone.features, rtol=1e-5, atol=1e-6)


def test_split():
    training, held_out = split(1797)
    assert (len(training), len(held_out)) == (1437, 360)
    assert sorted([*training, *held_out]) == list(range(1797))
    digest = hashlib.sha256(np.sort(held_out).astype("<i8").tobytes()).hexdigest()
    assert digest == "7d87aac5074b16582f4e7f3a686c6203ef34f8470b442b3ac53b16adc2351983"
    assert [len(part) for part in split(70_000)] == [60_000, 10_000]
    assert [len(part) for part in split(20)] == [16, 4]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("digits", "digits"),
        ("idx:/usr/share/datasets/fashion-mnist", "fashion-mnist"),
        ("folder:my cats/", "folder-my-cats"),
        ("stacked:mnist", "stacked-mnist"),
    ],
)
def test_titles(name, title):
    assert title_of(name) == title


@pytest.mark.parametrize(
    ("labels", "count", "message"),
    [
        (None, 40, "folder:/data/stripes has no labels to train a classifier on; measure it by a protocol without"),
        (np.zeros(40, np.int32), 40, "has 40 images of 1 class; a classifier needs at least 20 of 2."),
        (np.arange(19, dtype=np.int32), 19, "has 19 images of 19 classes; a classifier needs at least 20 of 2."),
    ],
)
def test_images_that_cannot_be_learned(labels, count, message):
    with pytest.raises(InputError, match=message):
        classifier_of(stripes(count)._replace(labels=labels), recipe=QUICK)
