"""Each number of each protocol has a spread, printed beside it, and none depends on the order of the samples."""

import functools

import numpy as np
import pytest

from tfgan2.data.images import ImageSet
from tfgan2.data.points import PointSet
from tfgan2.data.synthetic import SOURCES
from tfgan2.evaluation import feature_protocol, record_text, scores
from tfgan2.evaluation.extractors import Resources
from tfgan2.evaluation.features import Extractor, Features
from tfgan2.evaluation.modes_protocol import ModesProtocol
from tfgan2.evaluation.protocols import PROTOCOLS, leaving_out
from tfgan2.metrics.prd import prd_clusters

COUNT = 120  # samples in place of those of the protocols


def images(seed, count):
    """Images of 8 x 8 pixels in five classes of different brightness, and their classes."""
    random = np.random.default_rng(seed)
    labels = random.integers(5, size=count).astype(np.int32)
    return (random.integers(0, 50, (count, 8, 8, 3)) + 50 * labels[:, None, None, None]).astype(np.uint8), labels


def stand_in(name, data, resources):
    """A network that sees the mean of each quarter of an image, and 1,008 or five classes of brightness."""

    def extract(images):
        if name in ("identity", "pixels"):
            return Features(images.reshape(len(images), -1).astype(np.float32), None)
        features = (images / 255.0).reshape(len(images), 4, -1).mean(axis=2).astype(np.float32)
        classes = 5 if name == "classifier" else 1008
        logits = -np.abs(features.mean(axis=1, keepdims=True) - np.linspace(0.1, 0.9, classes)) * 100
        probabilities = np.exp(logits)
        probabilities /= probabilities.sum(axis=1, keepdims=True)
        return Features(features, probabilities)

    title = {"classifier": "classifier-mine", "inception_tf2015": "inception-tf2015"}.get(name, name)
    return Extractor(title, {}, extract)


def measured(protocol, samples, data, rows_of=None):
    reconstruct = (lambda images: 255 - images) if samples.ndim == 4 else None
    return protocol.ready(data, seed=0, resources=Resources())(samples, reconstruct, rows_of)


def case(name, monkeypatch):
    """(protocol with few samples, samples class by class, data)."""
    monkeypatch.setattr(feature_protocol, "extractor_named", stand_in)
    monkeypatch.setattr(scores, "prd_clusters", functools.partial(prd_clusters, runs=2))
    protocol = PROTOCOLS[name]
    if isinstance(protocol, ModesProtocol):
        data = SOURCES[protocol.dataset or "grid25"](seed=0)
        samples = SOURCES[protocol.dataset or "grid25"](seed=1).samples
        samples = samples[:: len(samples) // 200][:200]
        return protocol._replace(samples=200), samples[np.argsort(samples[:, 0])], data
    if protocol.generated is not None:
        protocol = protocol._replace(generated=COUNT, real=COUNT)
    if protocol.extractor == "identity":
        random = np.random.default_rng(0)
        data = PointSet("npz:mine.npz", random.normal(size=(4 * COUNT, 2)).astype(np.float32), None, None)
        protocol = protocol.sized(data)
        samples = random.normal(size=(protocol.samples, 2)).astype(np.float32)
        return protocol, samples[np.argsort(samples[:, 0])], data
    pixels, labels = images(0, 4 * COUNT)
    data = ImageSet("folder:/data/mine", pixels, labels, tuple("abcde"))
    protocol = (leaving_out(protocol, (3,)) if "negatives" in protocol.scores else protocol).sized(data)
    samples, labels = images(1, protocol.samples)
    return protocol, samples[np.argsort(labels)], data


@pytest.mark.parametrize("name", PROTOCOLS)
def test_every_value_has_a_spread(name, monkeypatch):
    protocol, samples, data = case(name, monkeypatch)
    rows_of = {f"generator_{part}": np.arange(len(samples)) % 2 == part for part in range(2)}
    record = measured(protocol, samples, data, rows_of)
    assert len(record["values"]) >= 2
    for of in ("", "real_"):
        values, spread = record[f"{of}values"], record[f"{of}spread"]
        assert list(values) == list(spread)
        assert all(np.isfinite(error) and error >= 0 for error in spread.values())
        _, cells = record_text.column("generated", record, of)
        assert all("±" in cell and "no ±" not in cell for cell in cells.values())
    assert any(line.startswith("±: standard ") for line in record_text.notes(record))


@pytest.mark.parametrize("name", PROTOCOLS)
def test_samples_class_by_class(name, monkeypatch):
    # A file of samples may be sorted. Each value is that of the same samples in a random order to within a few errors.
    protocol, samples, data = case(name, monkeypatch)
    in_order = measured(protocol, samples, data)
    mixed = measured(protocol, np.random.default_rng(3).permutation(samples), data)
    for name, value in in_order["values"].items():
        error = max(part["spread"][name] for part in (in_order, mixed)) / np.sqrt(getattr(protocol, "repeats", 1))
        assert value == pytest.approx(mixed["values"][name], abs=5 * error + 1e-6), name


def test_occupancy_of_many_repeats_is_of_all_samples(monkeypatch):
    protocol, samples, data = case("classifier-halves", monkeypatch)
    rows_of = {f"generator_{part}": np.arange(len(samples)) % 2 == part for part in range(2)}
    record = measured(protocol, samples, data, rows_of)
    assert sum(map(sum, record["occupancy"].values())) == len(samples)
    assert record["values"]["modes_of_generator_0"] == 5 and record["spread"]["specialization"] > 0
    notes = list(record_text.notes(record))
    assert notes[-1] == (
        "±: standard deviation over 10 repeats; for specialization the standard error over all samples"
    )
