"""The share of samples that look unwanted, where unwanted images are a dataset of their own."""

import numpy as np
import pytest

from tfgan2.data.images import ImageSet
from tfgan2.evaluation.extractors import Resources
from tfgan2.evaluation.feature_protocol import FeatureProtocol
from tfgan2.evaluation.panel import panel_for
from tfgan2.evaluation.protocols import PROTOCOLS
from tfgan2.evaluation.unwanted_look import unwanted_look

PROTOCOL = FeatureProtocol("test", "pixels", ("unwanted",), None, None, repeats=2)


def images(count, low, seed=0):
    return np.random.default_rng(seed).integers(low, low + 100, (count, 4, 4, 1), np.uint8)


def values_of(samples, **options):
    data = ImageSet("wanted", images(60, 150), None, ())
    return PROTOCOL.ready(data, seed=0, resources=Resources(), **options)(samples)


def test_shares_of_a_mixture():
    samples = np.concatenate([images(45, 150, seed=1), images(15, 0, seed=1)])
    record = values_of(samples, unwanted=images(200, 0, seed=2))
    assert record["values"] == {"unwanted_share": 0.25} and record["real_values"] == {"unwanted_share": 0.0}


def test_records_can_be_compared_and_name_the_unwanted_images():
    data = ImageSet("wanted", images(300, 150), None, ())
    protocol = PROTOCOL._replace(generated=50, real=50)
    records = [
        protocol.ready(data, seed=0, resources=Resources(), unwanted=unwanted)(images(100, 150))
        for unwanted in (None, images(20, 0), images(20, 1))
    ]
    assert records[0]["protocol"] == records[1]["protocol"] == records[2]["protocol"]
    assert "unwanted" not in records[0] and records[1]["unwanted"]["images"] == 20
    assert records[1]["unwanted"]["data"] != records[2]["unwanted"]["data"]


def test_nothing_is_computed_for_other_scores():
    protocol = PROTOCOL._replace(scores=("precision_recall",))
    data = ImageSet("wanted", images(60, 150), None, ())
    of_another_size = np.zeros((5, 8, 8, 1), np.uint8)
    assert protocol.ready(data, seed=0, resources=Resources(), unwanted=of_another_size)(images(60, 150))["values"]


def test_it_is_measured_only_with_unwanted_images():
    assert values_of(images(60, 150))["values"] == {}


def test_kinds_have_equal_weight_and_the_boundary_lies_between_them():
    random = np.random.default_rng(0)
    wanted, unwanted = random.normal(0, 1, (2000, 1)), random.normal(2, 1, (100, 1))
    looks = unwanted_look(wanted, unwanted)
    found = looks(np.linspace(-5, 5, 1001)[:, None])
    assert np.linspace(-5, 5, 1001)[found.argmax()] == pytest.approx(1.0, abs=0.2)
    assert not found[: found.argmax()].any() and found[found.argmax() :].all()


def test_many_images_are_thinned_out_evenly():
    wanted = np.concatenate([np.zeros((20_000, 1)), np.full((20_000, 1), 0.9)])
    assert unwanted_look(wanted, np.ones((50, 1)))(np.array([[0.0], [1.0]])).tolist() == [False, True]


def test_protocols_of_images_without_a_published_measure_have_it():
    for name in ("classifier-1k", "contrastive-1k", "contrastive-halves", "mobilenet-1k", "pixels-halves"):
        assert "unwanted" in PROTOCOLS[name].scores
    assert "unwanted" not in PROTOCOLS["gngan-10k5k"].scores + PROTOCOLS["rumi-classifier-1k"].scores


@pytest.mark.parametrize("unwanted", [None, images(200, 0)], ids=["without", "with"])
def test_measurements_during_training_have_it(unwanted):
    data = ImageSet("wanted", images(200, 150), None, ())
    assert ("unwanted_share" in panel_for(data, unwanted=unwanted).best) == (unwanted is not None)
