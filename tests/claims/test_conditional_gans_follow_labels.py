"""Claim: the conditional baselines of Rumi-GAN generate images of the requested class."""

import pytest

AGREE = """
import numpy as np
import tfgan2
from tfgan2.data.kinds import IMAGES
from tfgan2.data.sources import load
from tfgan2.evaluation.classifier import classifier_of
from tfgan2.train import main

extract = classifier_of(load("digits"), cache_dir=cache).extract
measured = {}
for method, workdir in workdirs.items():
    assert main([*flags, f"--method={method}", f"--train_steps={steps[method]}", f"--workdir={workdir}"]) == 0
    samples = tfgan2.load(workdir).sample(500, seed=1, choice=tuple(range(10)))
    found = extract(IMAGES.as_stored(samples)).probabilities.argmax(axis=1)
    measured[method] = float(np.mean(found == np.arange(500) % 10))
"""


@pytest.mark.slow
def test_on_digits(measured, cache_with_digits, tmp_path):
    steps = {"acgan": 600, "tacgan": 1000, "cgan_pd": 300}
    flags = (
        *("--dataset=digits", "--network=acgan_cnn", "--network.latent_dim=16", "--network.width_multiplier=0.25"),
        *("--batch_size=50", "--optimizer.beta_1=0.5", "--optimizer.learning_rate=0.001", "--steps_per_execution=50"),
        *("--log_every=0", "--sample_every=0", "--checkpoint_every=0", "--evaluate_every=0"),
    )
    workdirs = {method: str(tmp_path / method) for method in steps}
    agree = measured(AGREE, flags=flags, steps=steps, workdirs=workdirs, cache=str(cache_with_digits))
    # The chance level is 0.1.
    assert min(agree.values()) > 0.8, agree
