"""Which protocols measure which data: what is offered works, and what works is offered, down to ten samples."""

import functools

import numpy as np
import pytest

from tfgan2.data.images import ImageSet
from tfgan2.data.points import PointSet
from tfgan2.errors import InputError
from tfgan2.evaluation import feature_protocol, scores
from tfgan2.evaluation.extractors import Resources
from tfgan2.evaluation.features import Extractor, Features
from tfgan2.evaluation.protocols import PROTOCOLS, leaving_out, protocol_for
from tfgan2.metrics.prd import prd_clusters

CLASSES = 3


def images(count, labelled=True, name="folder:/data/mine"):
    """Images of another brightness for each class."""
    labels = np.arange(count, dtype=np.int32) % CLASSES
    noise = np.random.default_rng(count).integers(0, 60, (count, 4, 4, 1))
    pixels = (noise + 90 * labels[:, None, None, None]).astype(np.uint8)
    return ImageSet(name, pixels, labels if labelled else None, ("dark", "grey", "light") if labelled else ())


def points(count, modes=False):
    found = np.random.default_rng(count).normal(size=(count, 2)).astype(np.float32)
    return PointSet("npz:mine.npz", found, np.zeros((1, 2)) if modes else None, 1.0 if modes else None)


@pytest.fixture(autouse=True)
def stand_ins(monkeypatch):
    """Networks that need no training and no download, kernel distances of fewer subsets, and one clustering."""

    def extract(samples):
        rows = samples.reshape(len(samples), -1).astype(np.float32)
        chosen = np.clip(rows.mean(axis=1).astype(int) // 90, 0, CLASSES - 1)
        return Features(rows[:, :2], np.eye(CLASSES, dtype=np.float32)[chosen])

    kernel = scores.kernel_distance
    monkeypatch.setattr(scores, "prd_clusters", functools.partial(prd_clusters, runs=1))
    monkeypatch.setattr(feature_protocol, "extractor_named", lambda *given: Extractor("classifier-x", {}, extract))
    monkeypatch.setattr(scores, "kernel_distance", lambda *sets, **sizes: kernel(*sets, subsets=2, **sizes))


def measures(protocol, data):
    """Whether a protocol measures samples like the data; of large ones with fewer generated samples and repeats."""
    if getattr(protocol, "generated", None) is not None:
        protocol = protocol._replace(generated=min(protocol.generated, 1000))
    if hasattr(protocol, "repeats"):
        protocol = protocol._replace(repeats=min(protocol.repeats, 2))
    try:
        measure = protocol.ready(data, seed=0, resources=Resources())
    except InputError:
        return False
    protocol = protocol.sized(data)
    record = measure(np.resize(data.samples, (protocol.samples, *data.shape)))
    assert np.isfinite(list(record["values"].values())).all()
    return True


@pytest.mark.parametrize("count", [9, 10, 20, 100, 825, 1000])
@pytest.mark.parametrize("make", [images, lambda n: images(n, labelled=False), points, lambda n: points(n, modes=True)])
def test_what_is_offered_works_and_what_works_is_offered(make, count):
    data = make(count)
    fitting = [protocol for protocol in PROTOCOLS.values() if protocol.fits(data)]
    working = [protocol for protocol in fitting if measures(protocol, data)]
    for protocol in fitting:
        if protocol in working:
            assert protocol_for(protocol.name, data) == protocol.sized(data)
        else:
            with pytest.raises(InputError, match=protocol.name if protocol.reason_against(data) is None else data.name):
                protocol_for(protocol.name, data)
    without_download = [protocol for protocol in working if not protocol.network_flag]
    if without_download:
        assert protocol_for(None, data) == without_download[0].sized(data)
    else:
        with pytest.raises(InputError):
            protocol_for(None, data)
    assert bool(without_download) == (count >= 10 or getattr(data, "centers", None) is not None)


@pytest.mark.parametrize(
    ("data", "negative_classes", "expected"),
    [
        (images(10), (), "pixels-halves"),
        (images(20), (), "classifier-halves"),
        (images(825), (), "classifier-halves"),
        (images(99, labelled=False), (), "pixels-halves"),
        (images(825, labelled=False), (), "contrastive-halves"),
        (images(1000), (), "classifier-1k"),
        (images(1000), (0,), "classifier-halves"),
        (images(1500), (0,), "classifier-1k"),
        (images(1000, labelled=False), (), "contrastive-1k"),
        (points(300), (), "points-halves"),
        (points(2000), (), "points-2k"),
        (points(3, modes=True), (), "modes-2k"),
    ],
)
def test_the_protocol_of_few_data(data, negative_classes, expected):
    protocol = protocol_for(None, data, negative_classes)
    assert protocol.name == expected
    assert measures(protocol, data)


def test_halves_are_sized_by_what_is_wanted():
    protocol = protocol_for("pixels-halves", images(46), (2,))
    assert (protocol.generated, protocol.real, protocol.samples) == (15, 15, 150)
    record = protocol.ready(images(46), seed=0, resources=Resources())(images(150).samples)
    assert record["protocol"]["floor"] == [15, 15] and record["protocol"]["repeats"] == 10
    # Other halves each time: real data against real data vary, and so little that noise is seen beside it.
    noise = np.random.default_rng(0).integers(0, 256, (150, 4, 4, 1)).astype(np.uint8)
    bad = protocol.ready(images(46), seed=0, resources=Resources())(noise)
    assert record["real_spread"]["precision"] > 0
    assert bad["values"]["neighbor_spread"] > record["real_values"]["neighbor_spread"] + 2 * max(
        bad["spread"]["neighbor_spread"], record["real_spread"]["neighbor_spread"]
    )


@pytest.mark.parametrize(
    ("data", "negative_classes", "message"),
    [
        (
            images(9),
            (),
            "folder:/data/mine has 9 images, and pixels-halves needs 10, as numbers of fewer are chance; take",
        ),
        (points(1), (), "npz:mine.npz has 1 points, and points-halves needs 10, as numbers of fewer are chance; take"),
        (images(12), (1,), "folder:/data/mine has 8 images of other classes, and pixels-halves needs 10, as numbers"),
        (images(900), (7,), "--negative_classes=7: give some, not all, of the labels of folder:/data/mine: 0, 1, 2."),
        (points(50), (1,), "--negative_classes are classes of images, and points-2k measures points."),
    ],
)
def test_too_few_data(data, negative_classes, message):
    with pytest.raises(InputError) as caught:
        protocol_for(None, data, negative_classes)
    assert str(caught.value).startswith(message)
    with pytest.raises(InputError):
        leaving_out(PROTOCOLS["pixels-halves"], negative_classes).ready(data, seed=0, resources=Resources())
