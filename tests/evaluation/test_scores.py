"""That every score of the protocols moves the way it should, on classes that a stand-in network tells apart."""

import numpy as np
import pytest

from tfgan2.evaluation.comparison import Comparison, Seen
from tfgan2.evaluation.features import Extractor, Features
from tfgan2.evaluation.meanings import meaning_of
from tfgan2.evaluation.scores import SCORES, copying_distances, covering_minimum, labels_of

CLASSES = 4
EXTRACTOR = Extractor("classifier-mine", {}, None)


def seen(labels, *, noise=10.0, seed=0):
    """Images of 3 x 3 pixels around the mean of their class; features are pixels by 100, probabilities are sure."""
    random = np.random.default_rng(seed)
    means = np.random.default_rng(99).uniform(60, 200, (CLASSES, 9))
    images = np.clip(means[labels] + noise * random.normal(size=(len(labels), 9)), 0, 255).astype(np.uint8)
    features = Features(images.astype(np.float32) / 100, np.eye(CLASSES, dtype=np.float32)[labels])
    return Seen(features, images.reshape(-1, 3, 3, 1))


ALL = np.arange(400) % CLASSES
REAL, TRAINING, HELD_OUT = seen(ALL, seed=1), seen(ALL, seed=1), seen(ALL, seed=2)
HELD_OUT_DISTANCES = copying_distances(HELD_OUT.samples, TRAINING.samples)


def values(fake, scores=tuple(SCORES)):
    distances = copying_distances(fake.samples, TRAINING.samples), HELD_OUT_DISTANCES
    comparison = Comparison(fake, REAL, EXTRACTOR, *distances)
    usable = (score for score in scores if score != "inception_score_1000")
    found = {name: value for score in usable for name, value in SCORES[score].values(comparison).items()}
    return {name: value[0] if isinstance(value, tuple) else value for name, value in found.items()}


@pytest.fixture(scope="module")
def good():
    return values(seen(ALL, seed=3))


def test_fresh_samples_of_the_same_law(good):
    assert (good["modes_covered"], good["modes_hit"]) == (4, 4)
    assert good["reverse_kl_nats"] == 0
    assert good["precision"] > 0.75 and good["recall"] > 0.75 and good["coverage"] > 0.9
    assert good["density"] == pytest.approx(1, abs=0.15)
    assert good["prd_f8"] > 0.9 and good["prd_f1_8"] > 0.9
    assert good["inception_score"] == good["classifier_score"] == pytest.approx(4, rel=0.05)  # splits of 40
    assert good["neighbor_spread"] == pytest.approx(1, abs=0.05)
    assert good["nearer_than_real"] == pytest.approx(0.5, abs=0.1) and good["duplicates"] < 0.05


def test_a_generator_of_one_class(good):
    collapsed = values(seen(np.zeros(400, int), seed=3))
    assert (collapsed["modes_covered"], collapsed["modes_hit"]) == (1, 1)
    # All in one of four classes: log 4.
    assert collapsed["reverse_kl_nats"] == pytest.approx(np.log(4))
    assert collapsed["precision"] > 0.75 and collapsed["recall"] < 0.4 and collapsed["coverage"] < 0.3
    assert collapsed["prd_f1_8"] > 0.8 and collapsed["prd_f8"] < 0.4
    assert collapsed["inception_score"] == pytest.approx(1)
    for name in ("fd-classifier-mine", "kd-classifier-mine"):
        assert collapsed[name] > 5 * abs(good[name])


def test_noise(good):
    noisy = values(seen(ALL, noise=40.0, seed=3))
    assert noisy["precision"] < good["precision"] / 2 and noisy["density"] < good["density"] / 2
    assert noisy["fd-classifier-mine"] > 5 * good["fd-classifier-mine"]
    assert noisy["neighbor_spread"] > 1.5 and noisy["nearer_than_real"] < 0.1


def test_negative_classes():
    half = Comparison(seen(np.arange(400) % 2, seed=3), REAL, EXTRACTOR)
    assert SCORES["negatives"].values(half) == {}
    for negatives, share, covered, kl in (((0,), 0.5, 1, np.log(3)), ((2, 3), 0, 2, 0), ((0, 1), 1, 0, np.log(2))):
        found = half._replace(negative_classes=negatives)
        assert SCORES["negatives"].values(found) == {"negative_share": share}
        classes = SCORES["classes"].values(found)
        assert (classes["modes_covered"], classes["reverse_kl_nats"]) == (covered, pytest.approx(kl, abs=1e-12))


def test_reconstructions():
    images = np.random.default_rng(0).integers(0, 256, (20, 8, 8, 1), np.uint8)

    def similarity(images, reconstruct):
        real = Comparison(None, Seen(None, images), Extractor("pixels", {}, None), reconstruct=reconstruct)
        return SCORES["reconstructions"].values(real)

    perfect, constant, negative = (
        similarity(images, rebuilt)["ssim"][0]
        for rebuilt in (lambda images: images, lambda images: np.full_like(images, 128), lambda images: 255 - images)
    )
    assert perfect == 1 and constant == pytest.approx(0, abs=0.02) and negative < -0.9
    assert similarity(images, None) == {}  # a method without an encoder
    assert similarity(images[:, :6], lambda images: images) == {}  # lower than the window


def test_reconstructions_of_another_class():
    def extract(images):
        return Features(None, np.eye(2)[(images.mean(axis=(1, 2, 3)) > 100).astype(int)])

    images = np.zeros((8, 8, 8, 1), np.uint8)
    images[:4] = 200
    real = Comparison(None, Seen(extract(images), images), Extractor("classifier-mine", {}, extract))
    for reconstruct, share in (
        (lambda images: images, 1),
        (lambda images: 255 - images, 0),
        (lambda images: np.full_like(images, 150), 0.5),
    ):
        found = SCORES["reconstructions"].values(real._replace(reconstruct=reconstruct))
        assert found["class_agreement"] == (share, pytest.approx(np.sqrt(share * (1 - share) / 8)))


def test_copies_of_training_images(good):
    copies = values(TRAINING)
    assert copies["duplicates"] == 1 and copies["nearer_than_real"] == 1
    repeated = values(seen(ALL[:4].repeat(100), noise=0.0))
    assert repeated["neighbor_spread"] == 0


def test_names_of_distances():
    fake = seen(ALL, seed=3)
    for title, names in [("inception-tf2015", {"fid", "kid"}), ("inception-keras-80", None)]:
        comparison = Comparison(fake, REAL, Extractor(title, {}, None))
        found = set(SCORES["frechet"].values(comparison) | SCORES["kernel"].values(comparison))
        assert found == (names or {f"fd-{title}", f"kd-{title}"})


def test_the_inception_score_of_the_first_thousand_classes():
    logits = np.random.default_rng(0).normal(size=(50, 1008))
    softmax = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    first = np.exp(logits[:, :1000]) / np.exp(logits[:, :1000]).sum(axis=1, keepdims=True)
    features = Features(np.zeros((50, 2), np.float32), softmax)
    comparison = Comparison(Seen(features, None), None, EXTRACTOR)
    expected = Comparison(Seen(features._replace(probabilities=first), None), None, EXTRACTOR)
    assert SCORES["inception_score_1000"].values(comparison)["inception_score_1000"] == pytest.approx(
        SCORES["inception_score"].values(expected)["inception_score"]
    )


@pytest.mark.parametrize(("samples", "modes", "minimum"), [(2000, 25, 20), (898, 10, 8), (2000, 100, 5), (50, 10, 1)])
def test_samples_that_make_a_mode_covered(samples, modes, minimum):
    assert covering_minimum(samples, modes) == minimum


def test_labels():
    features = Features(np.zeros((3, 1)), np.array([[0.1, 0.9, 0.0], [0.2, 0.3, 0.5], [0.0, 1.0, 0.0]]))
    assert labels_of(features).tolist() == [1, 2, 1]


def test_every_value_of_a_score_has_a_meaning():
    values = {name for score in SCORES.values() for name in score.best}
    distances = {"fd": "fd-classifier-digits", "kd": "kd-pixels-digits"}
    assert [name for name in values if not meaning_of(distances.get(name, name)).text] == []
