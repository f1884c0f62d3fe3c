"""Claim: Rumi-GAN avoids negative modes, and generates modes less often that are positive and negative."""

from pathlib import Path

import numpy as np
import pytest

CONFIGS = Path(__file__).resolve().parent.parent.parent / "configs"
SHARES = """
import numpy as np
from seeds import measured_while_trained

def shares_of_modes(sampler, run):
    samples = sampler.sample(20_000)
    nearest = np.linalg.norm(samples[:, None] - run.data.centers, axis=-1).argmin(axis=1)
    return (np.bincount(nearest, minlength=10) / len(samples)).tolist()

measured = [measured_while_trained(flags, shares_of_modes, every=steps, seeds=range(seeds)) for flags in runs]
"""


def config(name, steps, *flags, workdir):
    small = ("--network.hidden_units=32", "--batch_size=128", "--optimizer.learning_rate=0.001", "--threads=1")
    return [f"--flagfile={CONFIGS / name}.cfg", f"--train_steps={steps}", *small, *flags, f"--workdir={workdir}"]


@pytest.mark.slow
def test_of_contaminated_positives(measured, tmp_path):
    # Half of the ring is positive, half is negative. One fifth of the positive samples are from negative modes.
    steps = 1500
    halves = ("--data.positive_classes=0,1,2,3,4", "--data.negative_classes=5,6,7,8,9", "--data.contamination=0.2")
    rumi = (*halves, "--rumi.penalty_weight=0.3", "--jit=off")
    lsgan = (*halves, "--standard_gan.penalty_weight=0.1", "--jit=off")
    runs = [
        config("rumi_ring", steps, *rumi, workdir=tmp_path),
        config("rumi_ring", steps, *rumi, "--rumi.negative_weight=0", workdir=tmp_path),
        config("lsgan_ring", steps, *lsgan, workdir=tmp_path),
    ]
    shares = np.array(measured(SHARES, runs=runs, steps=steps, seeds=1))
    rumi, without, lsgan = shares[:, 0, 0, 5:].sum(axis=1)
    # At the solution of the game the negative modes have a share of 0, 20 % and 20 %. Observed: 0.4, 21 and 19 %.
    assert rumi < 0.03
    assert without > 0.1
    assert lsgan > 0.1


@pytest.mark.slow
def test_of_modes_that_are_both(measured, tmp_path):
    # These are short runs from random weights. Two latent dimensions, a smaller generator label and a large penalty
    # help them. The four runs in the header of the flagfile come nearer to the solution.
    steps = 3000
    start = ("--rumi.penalty_weight=0.6", "--network.latent_dim=2", "--rumi.generator_label=2")
    runs = [config("rumi_ring", steps, *start, workdir=tmp_path)]
    shares = np.array(measured(SHARES, runs=runs, steps=steps, seeds=4))[0, :, -1]
    # The solution of the game is .2155, .069 and 0. Observed: .214, .058 and at most .011. A short run may miss some of
    # the six wanted modes. Observed for seeds 0 to 5: 1, 0, 1, 0, 0 and 2.
    wanted, shared, unwanted = shares[:, [1, 4, 5, 7]], shares[:, [2, 9]], shares[:, [0, 3, 6, 8]]
    assert 0.18 < wanted.mean() < 0.24
    assert 0.04 < shared.mean() < 0.1
    assert (shares[:, [1, 4, 5, 7, 2, 9]] < 0.03).sum() <= 4
    assert unwanted.max() < 0.03
