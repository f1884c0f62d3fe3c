"""Samples and reconstructions of images on the page, and what stands there without data."""

from types import SimpleNamespace

import numpy as np
from page_subjects import stub

from tfgan2.data.facts import Facts, facts_of_set
from tfgan2.data.images import ImageSet
from tfgan2.data.parts import Part
from tfgan2.page.samples import reconstructions_of, samples_of

IMAGES = ImageSet("some", np.random.default_rng(0).integers(0, 256, (30, 8, 8, 3), np.uint8), None, ())
FACTS = Facts(IMAGES.kind, None, (), (), {"--dataset": facts_of_set(IMAGES)})


def test_reconstructions_of_images(tmp_path):
    model = SimpleNamespace(networks={"encoder": None})
    run = SimpleNamespace(model=model, reconstruct=lambda samples, averaged: 1 - samples)
    known = {"facts": FACTS, "run": run}
    (shown,) = reconstructions_of(stub(tmp_path, wanted=Part(IMAGES), **known))
    assert "The row below each holds their reconstructions." in shown
    (text,) = reconstructions_of(stub(tmp_path, missing="The folder is gone.", **known))
    assert text == "<p>Reconstructions need the data. The folder is gone.</p>"
    model.networks = {}
    assert reconstructions_of(stub(tmp_path, wanted=Part(IMAGES), **known)) == ()


def test_samples_by_many_generators(tmp_path):
    chosen = []

    def sample(count, *, seed, averaged, choice):
        chosen.append(tuple(choice))
        return np.zeros((count, 8, 8, 3), np.float32)

    model = SimpleNamespace(choice="generator", offered_choices=tuple(range(50)), keeps_averages=False, global_step=7)
    run = SimpleNamespace(model=model, sample=sample, choice_names=())
    shown = "".join(samples_of(stub(tmp_path, facts=FACTS, run=run)))
    assert "Samples by the weights of step 7, drawn with seed 0 and not selected." in shown
    assert "for each of the first 20 of 50 generators: generator 0, generator 1, " in shown
    assert chosen == [(), tuple(number for number in range(20) for _ in range(8))]
