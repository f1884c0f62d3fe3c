"""Claim: the conditional baselines of Rumi-GAN generate images of the requested class."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
RUN = """
import json, sys
import numpy as np
import tfgan2
from tfgan2.data.sources import load
from tfgan2.evaluation.classifier import classifier_of
from tfgan2.data.kinds import IMAGES
from tfgan2.train import main

assert main(sys.argv[1:]) == 0
run = tfgan2.load(sys.argv[-1].removeprefix("--workdir="))
extract = classifier_of(load("digits")).extract
samples = IMAGES.as_stored(run.sample(500, seed=1, choice=tuple(range(10))))
print("agree", json.dumps(float(np.mean(extract(samples).probabilities.argmax(1) == np.arange(500) % 10))))
"""


@pytest.mark.slow
@pytest.mark.parametrize(("method", "steps"), [("acgan", 800), ("tacgan", 1200), ("cgan_pd", 800)])
def test_on_digits(method, steps, tmp_path):
    # The XLA_FLAGS of the other tests make compilation fast and training slow, so they are removed.
    environment = {name: value for name, value in os.environ.items() if name != "XLA_FLAGS"}
    flags = (
        *(f"--method={method}", "--dataset=digits", "--network=acgan_cnn", "--network.latent_dim=16"),
        *("--network.width_multiplier=0.25", "--batch_size=50", f"--train_steps={steps}", "--optimizer.beta_1=0.5"),
        *("--optimizer.learning_rate=0.001", "--steps_per_execution=50", "--log_every=0", "--sample_every=0"),
        *("--checkpoint_every=0", "--evaluate_every=0", f"--workdir={tmp_path / 'run'}"),
    )
    command = [sys.executable, "-c", RUN, *flags]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    # The chance level is 0.1.
    assert float(ended.stdout.rpartition("agree ")[2]) > 0.8
