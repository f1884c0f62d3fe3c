"""Protocols by features as they are: points, and images by their pixels; and which one is a data set's own."""

import numpy as np
import pytest

from tfgan2.data.images import ImageSet, load_images
from tfgan2.data.points import PointSet
from tfgan2.data.selection import select
from tfgan2.data.synthetic import grid25, swiss_roll
from tfgan2.errors import InputError
from tfgan2.evaluation.extractors import EXTRACTORS, Resources, extractor_named
from tfgan2.evaluation.features import Extractor
from tfgan2.evaluation.protocols import PROTOCOLS, leaving_out, protocol_for
from tfgan2.evaluation.record_text import notes

DISTANCES = ("fd-identity", "kd-identity")


DATA = swiss_roll(point_count=2000, seed=1)


@pytest.fixture(scope="module")
def measure():
    """As points-2k does it, with a quarter of its points."""
    quick = PROTOCOLS["points-2k"]._replace(generated=500, real=500)
    return quick.ready(DATA, seed=0, resources=Resources())


@pytest.fixture(scope="module")
def fresh(measure):
    return measure(swiss_roll(point_count=500, seed=2).samples)


def test_fresh_points_come_near_the_floor(fresh):
    values, real = fresh["values"], fresh["real_values"]
    for name in ("precision", "recall", "density", "coverage", "neighbor_spread", "nearer_than_real"):
        assert values[name] == pytest.approx(real[name], rel=0.15), name
    for name in DISTANCES:
        assert abs(values[name]) < 0.1
    assert values["duplicates"] < 0.04
    protocol = fresh["protocol"]
    assert (protocol["extractor"], protocol["quantisation"], protocol["floor"]) == ("identity", "none", [500, 500])


def test_every_value_moves_as_it_should(measure, fresh):
    good, points = fresh["values"], swiss_roll(point_count=500, seed=2).samples
    noisy = measure(points + np.random.default_rng(0).normal(0, 1.0, points.shape).astype("float32"))["values"]
    collapsed = measure(points[np.argsort(points[:, 0])[:50]].repeat(10, axis=0))["values"]
    for name in DISTANCES:
        assert noisy[name] > good[name] and collapsed[name] > 10 * abs(good[name])
    for name in ("precision", "density"):
        assert noisy[name] < 0.8 * good[name] and collapsed[name] > 0.8 * good[name]
    for name in ("recall", "coverage"):
        assert collapsed[name] < 0.3 < good[name]
    assert collapsed["neighbor_spread"] == 0 and noisy["neighbor_spread"] > 1.2 * good["neighbor_spread"]
    assert noisy["nearer_than_real"] < 0.4


def test_copies_of_training_points(measure):
    # A quarter of all points are held out.
    assert measure(DATA.samples[:500])["values"]["duplicates"] == pytest.approx(3 / 4, abs=0.05)


def test_pixels_are_values_between_0_and_1():
    images = np.array([0, 51, 255, 102], np.uint8).reshape(2, 2, 1, 1)
    for name, samples, expected in (
        ("pixels", images, [[0, 0.2], [1, 0.4]]),
        ("identity", np.array([[3.0, -2.0]]), [[3, -2]]),
    ):
        found = extractor_named(name, None, Resources()).extract(samples)
        np.testing.assert_allclose(found.features, expected, rtol=1e-6)
        assert found.features.dtype == np.float32 and found.probabilities is None


def test_images_with_opacity_are_seen_over_their_background(monkeypatch):
    images = np.zeros((2, 1, 1, 4), np.uint8)
    images[:, 0, 0] = [(200, 100, 50, 255), (200, 100, 50, 0)]
    data = ImageSet("folder:x", images, None, (), background="navy")
    found = extractor_named("pixels", data, Resources())
    np.testing.assert_allclose(found.extract(images).features * 255, [[200, 100, 50, 255], [0, 0, 128, 0]], atol=1e-4)
    assert found.record["background"] == "navy"
    monkeypatch.setitem(EXTRACTORS, "inception_tf2015", lambda data, _: Extractor("seen", {}, lambda x: (data, x)))
    seen, shown = extractor_named("inception_tf2015", data, Resources()).extract(images)
    for each in (seen.samples, shown):
        assert each[:, 0, 0].tolist() == [[200, 100, 50], [0, 0, 128]]


def test_the_protocol_of_a_data_set():
    images = np.zeros((1200, 8, 8, 1), np.uint8)
    labels = np.arange(1200, dtype=np.int32) % 2
    mine = ImageSet("folder:/data/mine", images, labels, ("a", "b"))
    named = PointSet("npz:mine.npz", np.zeros((3000, 2), np.float32), None, None)
    many = mine._replace(samples=np.zeros((10_000, 8, 8, 1), np.uint8), labels=np.arange(10_000) % 2)
    for data, expected in (
        (load_images("digits"), "classifier-digits"),
        (many, "classifier-10k"),
        (mine, "classifier-1k"),
        (mine._replace(labels=None), "contrastive-1k"),
        (grid25(points_per_mode=1), "grid25-2k"),
        (named._replace(centers=np.zeros((3, 2)), std=0.1), "modes-2k"),
        (named, "points-2k"),
    ):
        assert protocol_for(None, data).name == expected


def test_modes_of_ones_own():
    centers = np.arange(200.0)[:, None]
    points = np.repeat(centers, 20, axis=0).astype("float32")
    record = PROTOCOLS["modes-2k"].ready(PointSet("npz:mine.npz", points, centers, 0.01), seed=0)(points[:2000])
    # A quarter of an equal share of 2,000 over 200 modes is 2.
    assert (record["protocol"]["minimum"], record["protocol"]["dataset"]) == (2, "npz:mine.npz")
    assert (record["values"]["registered_modes"], record["real_values"]["registered_modes"]) == (100, 200)


def test_the_reference_leaves_out_negative_classes():
    labels = np.arange(3000, dtype=np.int32) % 3
    images = np.random.default_rng(0).integers(0, 60, (3000, 4, 4, 1), np.uint8) + (90 * labels)[:, None, None, None]
    data = ImageSet("folder:/data/mine", images.astype(np.uint8), labels, ("dark", "grey", "light"))
    protocol = leaving_out(PROTOCOLS["pixels-1k"], (2,))
    measure = protocol.ready(data, seed=0, resources=Resources())
    shown = data.samples[labels != 2]
    good, bad = measure(shown[:1000])["values"], measure(data.samples[:1000])["values"]
    assert good["precision"] > 0.9 and bad["precision"] == pytest.approx(2 / 3, abs=0.05)
    assert good["recall"] > 0.9
    assert measure(shown[:1000])["protocol"]["negative_classes"] == (2,)
    assert leaving_out(PROTOCOLS["pixels-1k"], None) is PROTOCOLS["pixels-1k"]
    for unlabelled, message in (
        (data._replace(labels=None), "--negative_classes=2 are labels, and folder:/data/mine has none; leave it out."),
        (
            data._replace(labels=labels % 2),
            "--negative_classes=2: give some, not all, of the labels of folder:/data/mine: 0, 1.",
        ),
        (
            data._replace(labels=np.where(np.arange(3000) < 900, 0, 2)),
            "folder:/data/mine has 900 images of other classes, and pixels-1k compares with 1,000; choose another "
            "protocol, or take more images of other classes.",
        ),
    ):
        with pytest.raises(InputError) as caught:
            protocol.ready(unlabelled, seed=0, resources=Resources())
        assert str(caught.value) == message
    with pytest.raises(InputError, match=r"^--negative_classes are classes of images, and points-2k m"):
        leaving_out(PROTOCOLS["points-2k"], (1,))


@pytest.mark.parametrize(("share", "real"), [(0.3, 120), (0.1, 200), (0.5, 200)])
def test_held_out_samples_are_real_data_and_show_copies(share, real):
    """Of 400 points, 120 or 200 held-out ones are the reference. If they are 40, only copies are recognised by them."""
    random = np.random.default_rng(0)
    points = PointSet("npz:mine.npz", random.normal(size=(400, 3)).astype(np.float32), None, None)
    data = select(points, 0, held_out=share).positive.data
    protocol = PROTOCOLS["points-halves"]._replace(scores=("precision_recall", "neighbors"), repeats=2).sized(data)
    assert (protocol.generated, protocol.real) == (real, real)
    measure = protocol.ready(data, seed=0, resources=Resources())
    trained = np.setdiff1d(np.arange(400), data.held_out)
    fresh = random.normal(size=(protocol.samples, 3)).astype(np.float32)
    copies = points.samples[random.choice(trained, protocol.samples)]
    good, bad = measure(fresh), measure(copies + np.float32(1e-4))
    assert good["protocol"]["held_out"] == len(data.held_out)
    assert good["values"]["duplicates"] < 0.1 and good["real_values"]["nearer_than_real"] == pytest.approx(0.5)
    assert bad["values"]["duplicates"] > 0.9 and bad["values"]["nearer_than_real"] > 0.9
    assert any(line.startswith(f"{len(data.held_out)} samples were held out from ") for line in notes(good))
