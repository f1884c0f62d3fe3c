"""What is measured of images as a run goes on."""

import numpy as np
import pytest

from tfgan2.data.images import ImageSet
from tfgan2.data.synthetic import grid25
from tfgan2.errors import InputError
from tfgan2.evaluation import classifier as classifier_module
from tfgan2.evaluation.classifier import Recipe
from tfgan2.evaluation.panel import panel_for

LABELS = np.arange(600, dtype=np.int32) % 3
IMAGES = (
    np.random.default_rng(0).integers(0, 60, (600, 8, 8, 1), np.uint8)
    + (90 * LABELS).astype(np.uint8)[:, None, None, None]
)
DATA = ImageSet("folder:/data/mine", IMAGES, LABELS, ("dark", "grey", "light"))


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    quick = Recipe(width=8, features=16, steps=400, epochs=100)
    monkeypatch.setattr(classifier_module, "Recipe", lambda: quick)


def samples_of(label):
    """1,000 images in [0, 1] of one class, or of all."""
    rows = np.flatnonzero(label == LABELS) if label is not None else np.arange(600)
    return np.resize(IMAGES[rows], (1000, 8, 8, 1)) / np.float32(255)


def test_classes_and_their_shares(cache):
    panel = panel_for(DATA)
    assert (panel.modes, panel.covered, panel.samples) == (3, "modes_covered", 1000)
    assert not cache.exists()  # nothing is trained before it is needed
    found = panel.measure(samples_of(None))
    assert (found["modes_covered"], found["modes_hit"]) == (3, 3)
    assert [found[f"share_of_{name}"] for name in DATA.class_names] == pytest.approx([0.334, 0.333, 0.333])
    collapsed = panel.measure(samples_of(2))
    assert (collapsed["modes_covered"], collapsed["share_of_light"]) == (1, 1)
    assert collapsed["reverse_kl_nats"] == pytest.approx(np.log(3))
    assert set(found) == {
        *("modes_covered", "modes_hit", "reverse_kl_nats"),
        *("share_of_dark", "share_of_grey", "share_of_light"),
    }


def test_classes_that_are_to_be_left_out():
    panel = panel_for(DATA, negative_classes=(2,), best_metric="negative_share")
    assert panel.modes == 2
    good, bad = (panel.measure(np.concatenate([samples_of(0)[:500], samples_of(label)[500:]])) for label in (1, 2))
    assert (good["modes_covered"], good["negative_share"], good["share_of_light"]) == (2, 0, 0)
    assert good["reverse_kl_nats"] == pytest.approx(0, abs=1e-9)
    assert (bad["modes_covered"], bad["negative_share"], bad["share_of_light"]) == (1, 0.5, 0.5)


def test_a_single_mode_is_not_counted():
    # Noise covers 1 of 1.
    panel = panel_for(DATA, negative_classes=(1, 2))
    assert (panel.modes, panel.covered) == (0, None)
    assert panel.measure(samples_of(0))["negative_share"] == 0
    one = grid25(points_per_mode=1)._replace(centers=np.zeros((1, 2)))
    assert panel_for(one, best_metric="registered_points").covered is None


def test_generators_that_share_the_classes():
    images = np.concatenate([samples_of(0)[:400], samples_of(2)[400:]])
    rows_of = {"generator_0": np.arange(1000) < 400, "generator_1": np.arange(1000) >= 400}
    found = panel_for(DATA).measure(images, None, rows_of)
    assert (found["modes_of_generator_0"], found["modes_of_generator_1"]) == (1, 1)
    assert found["specialization"] == pytest.approx(np.log(2))


def test_reconstructions(capsys):
    panel = panel_for(DATA, scores=("reconstructions",), encodes=True)
    perfect = panel.measure(samples_of(None), lambda images: images)
    assert perfect["ssim"] == perfect["class_agreement"] == 1
    negative = panel.measure(samples_of(None), lambda images: 255 - images)
    assert negative["ssim"] < 0 and negative["class_agreement"] < 0.7


def test_reconstructions_of_images_without_labels():
    unlabelled = DATA._replace(labels=None, samples=IMAGES[:99])
    panel = panel_for(unlabelled, scores=("reconstructions",), encodes=True, best_metric="ssim")
    assert panel.covered is None and set(panel.best) == {"ssim"}
    assert panel.measure(samples_of(None), lambda images: images) == {"ssim": 1}
    with pytest.raises(InputError, match=r"^--evaluate_metrics=reconstructions,frechet measures by a network, but"):
        panel_for(unlabelled, scores=("reconstructions", "frechet"), encodes=True)


def test_more_scores():
    found = panel_for(DATA, scores=("frechet", "precision_recall")).measure(samples_of(2))
    assert found["modes_covered"] == 1 and found["recall"] < 0.5 and found["fd-classifier-mine"] > 0


def test_what_is_best():
    panel = panel_for(DATA, scores=("frechet", "neighbors"), best_metric="fd-classifier-mine")
    assert set(panel.best) == set(panel.measure(samples_of(None))) - {f"share_of_{name}" for name in DATA.class_names}
    order = {
        "modes_covered": (3, 2),
        "fd-classifier-mine": (-0.1, 0.5),
        "reverse_kl_nats": (0.1, 0.2),
        "duplicates": (0.02, 0.2),
        "nearer_than_real": (0.4, 0.7),
    }
    for name, (better, worse) in order.items():
        assert panel.shortfall(name, better) < panel.shortfall(name, worse), name
    assert panel_for(grid25(points_per_mode=1), best_metric="registered_modes").shortfall("registered_modes", 3) == -3


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (
            DATA,
            "fid",
            "mine; there are modes_covered, modes_hit, reverse_kl_nats, and more",
        ),
        (DATA, "share_of_dark", "mine; there are modes_covered, "),
        (DATA._replace(labels=None), "modes_covered", "mine; there are fd-contrastive-mine, precision, recall, "),
        (DATA._replace(labels=None, samples=IMAGES[:99]), "modes_covered", "mine; there is nothing.$"),
        (grid25(points_per_mode=1), "recall", "grid25; there are registered_modes, "),
    ],
)
def test_what_cannot_be_best(data, name, message):
    with pytest.raises(InputError, match=f"^--best_metric={name} is not measured during training on .*{message}"):
        panel_for(data, best_metric=name)


def test_shares_of_many_classes_are_left_out():
    labels = np.arange(600, dtype=np.int32) % 30
    many = DATA._replace(labels=labels, class_names=tuple(map(str, range(30))))
    panel = panel_for(many)
    assert panel.modes == 30
    assert not any(name.startswith("share_of_") for name in panel.measure(samples_of(None)))


def test_what_cannot_be_measured():
    one_class = DATA._replace(labels=np.zeros(600, np.int32))
    few = DATA._replace(samples=IMAGES[:19], labels=LABELS[:19])
    for data in (few, few._replace(labels=None), one_class._replace(samples=IMAGES[:99], labels=LABELS[:99] * 0)):
        assert panel_for(data) is None
    for data, reason in (
        (one_class, "measures by a classifier, but folder:/data/mine has 600 images of 1 class; a classifier needs"),
        (grid25(points_per_mode=1), "measures images, and grid25 are points; leave it out."),
    ):
        with pytest.raises(InputError, match=f"^--evaluate_metrics=classes {reason}"):
            panel_for(data, scores=("classes",))
    with pytest.raises(InputError, match=r"reconstructions: the method has no encoder, so there are no"):
        panel_for(DATA, scores=("reconstructions",))
    for score in ("fid", "inception_score", "negatives"):
        with pytest.raises(InputError) as raised:
            panel_for(DATA, scores=("frechet", score))
        assert str(raised.value) == (
            f"--evaluate_metrics=frechet,{score}: {score!r} is none of classes, frechet, kernel, precision_recall, "
            "density_coverage, prd, classifier_score, neighbors, reconstructions."
        )
