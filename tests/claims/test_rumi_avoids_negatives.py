"""Claim: Rumi-GAN avoids negative modes, and generates modes less often that are positive and negative."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
RUN = """
import json, sys
import numpy as np
import tfgan2
from tfgan2.train import main

shares = []
for argv in json.loads(sys.argv[1]):
    assert main(argv) == 0
    run = tfgan2.load(argv[-1].removeprefix("--workdir="))
    points = run.sample(20_000, seed=1)
    nearest = np.linalg.norm(points[:, None] - run.data.centers, axis=-1).argmin(axis=1)
    shares.append((np.bincount(nearest, minlength=10) / len(points)).tolist())
print("shares", json.dumps(shares))
"""
QUIET = (
    *("--threads=1", "--log_every=0", "--sample_every=0", "--checkpoint_every=0", "--evaluate_every=0"),
    "--steps_per_execution=100",
)


def shares_of_modes(*argvs):
    """Trains runs one after the other in one process. Returns the share of samples nearest to each mode per run."""
    # The XLA_FLAGS of the other tests make compilation fast and training slow, so they are removed.
    environment = {name: value for name, value in os.environ.items() if name != "XLA_FLAGS"}
    ended = subprocess.run(
        [sys.executable, "-c", RUN, json.dumps(argvs)], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr
    return [np.array(shares) for shares in json.loads(ended.stdout.rpartition("shares ")[2])]


def config(name, *flags, workdir):
    return [f"--flagfile=configs/{name}.cfg", *QUIET, *flags, f"--workdir={workdir}"]


@pytest.mark.slow
def test_of_contaminated_positives(tmp_path):
    # Half of the ring is positive, half is negative. One fifth of the positive samples are from negative modes.
    halves = (
        *("--data.positive_classes=0,1,2,3,4", "--data.negative_classes=5,6,7,8,9", "--data.contamination=0.2"),
        *("--train_steps=3000", "--batch_size=256", "--optimizer.learning_rate=0.001"),
    )
    large = "--rumi.penalty_weight=0.3"
    rumi, without, lsgan = shares_of_modes(
        config("rumi_ring", *halves, large, workdir=tmp_path / "rumi"),
        config("rumi_ring", *halves, large, "--rumi.negative_weight=0", workdir=tmp_path / "without"),
        config("lsgan_ring", *halves, "--standard_gan.penalty_weight=0.1", workdir=tmp_path / "lsgan"),
    )
    # At the solution of the game the negative modes have a share of 0, 20 % and 20 %.
    assert rumi[5:].sum() < 0.03
    assert without[5:].sum() > 0.1
    assert lsgan[5:].sum() > 0.1


@pytest.mark.slow
def test_of_modes_that_are_both(tmp_path):
    # This is one short run from random weights. Two latent dimensions, a smaller generator label and a large penalty
    # help it. The four runs in the header of the flagfile come nearer to the solution.
    start = (
        *("--train_steps=8000", "--batch_size=256", "--rumi.penalty_weight=0.3", "--optimizer.learning_rate=0.001"),
        *("--network.latent_dim=2", "--rumi.generator_label=2"),
    )
    runs = [config("rumi_ring", *start, f"--seed={seed}", workdir=tmp_path / str(seed)) for seed in range(4)]
    shares = np.array(shares_of_modes(*runs))
    # The solution of the game is .2155, .069 and 0. Observed: .212, .072 and at most .006. A short run may miss one of
    # the six wanted modes.
    wanted, shared, unwanted = shares[:, [1, 4, 5, 7]], shares[:, [2, 9]], shares[:, [0, 3, 6, 8]]
    assert 0.18 < wanted.mean() < 0.24
    assert 0.045 < shared.mean() < 0.1
    assert (shares[:, [1, 4, 5, 7, 2, 9]] < 0.03).sum(axis=1).max() <= 1
    assert unwanted.max() < 0.015
