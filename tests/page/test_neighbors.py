"""Nearest training samples on the page: copies show, by pixels and by the features of a network."""

from types import SimpleNamespace

import numpy as np
import pytest
from page_subjects import stub

from tfgan2.data.facts import Facts, facts_of_set
from tfgan2.data.images import ImageSet
from tfgan2.data.parts import Part
from tfgan2.evaluation.features import Extractor, Features
from tfgan2.page import neighbors as module
from tfgan2.page.neighbors import neighbors_of

IMAGES = ImageSet("some", np.random.default_rng(0).integers(0, 256, (100, 8, 8, 1), np.uint8), None, ())
FACTS = Facts(IMAGES.kind, None, (), (), {"--dataset": facts_of_set(IMAGES)})


def subject(folder, samples, part=Part(IMAGES)):  # noqa: B008
    run = SimpleNamespace(
        data=IMAGES, cache_dir=None, sample=lambda count, **options: samples[:count] / np.float32(255)
    )
    return stub(folder, facts=FACTS, run=run, wanted=part, missing="It is gone.")


def test_copies_show(tmp_path):
    text, picture = neighbors_of(subject(tmp_path, IMAGES.samples), ())
    assert "Of 24 samples, 24 equal a training sample." in text and ", in pixels, is 0.0 of 255 levels" in text
    assert "the 8 of 24 samples that are nearest to 100 training images" in picture
    text, _ = neighbors_of(subject(tmp_path, IMAGES.samples, Part(IMAGES, np.arange(30, 100))), ())
    assert "Of 24 samples, none equals a training sample." in text
    half = np.concatenate([IMAGES.samples[:1], 255 - IMAGES.samples])
    assert "Of 24 samples, 1 equals a training sample." in neighbors_of(subject(tmp_path, half), ())[0]


@pytest.mark.parametrize(("slow", "count"), [(False, 100), (True, 34)])
def test_by_the_features_of_the_classifier(slow, count, tmp_path, monkeypatch):
    def named(name, data, resources):
        assert name == "classifier" and data is IMAGES
        return Extractor("classifier-some", {}, lambda images: Features(images.mean(axis=(1, 2)), None), slow)

    monkeypatch.setattr(module, "extractor_named", named)
    monkeypatch.setattr(module, "_BY_NETWORK", 40)
    records = [{"protocol": {"name": "classifier-1k"}}, {"protocol": {"name": "of a later version"}}]
    found = neighbors_of(subject(tmp_path, IMAGES.samples), records)
    assert len(found) == 3 and "By features of classifier-some: the 8 of 24 samples" in found[2]
    assert f"nearest to {count} training images" in found[2]
    assert len(neighbors_of(subject(tmp_path, IMAGES.samples), records[1:])) == 2


def test_what_stands_there_without_data(tmp_path):
    (text,) = neighbors_of(subject(tmp_path, IMAGES.samples, None), ())
    assert text == "<p>This needs the data of the run, which cannot be read: It is gone.</p>"
    (text,) = neighbors_of(subject(tmp_path, IMAGES.samples, Part(IMAGES, np.arange(5))), ())
    assert text == "<p>The run has only 5 training samples.</p>"
    (text,) = neighbors_of(stub(tmp_path), ())
    assert "no checkpoint yet" in text
