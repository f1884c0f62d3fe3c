"""Claim: GN-GAN covers every mode of a grid. The standard GAN with the same networks and steps misses most of them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
TRAIN = "import json, sys; from tfgan2.train import main; sys.exit(max(main(argv) for argv in json.loads(sys.argv[1])))"


def covered_modes(runs, folder, *common):
    """Trains runs one after the other in one process. Returns name -> covered modes at each evaluation."""
    argvs = [[*common, *flags, f"--workdir={folder / name}"] for name, flags in runs.items()]
    # The XLA_FLAGS of the other tests make compilation fast and training slow, so they are removed.
    environment = {name: value for name, value in os.environ.items() if name != "XLA_FLAGS"}
    ended = subprocess.run(
        [sys.executable, "-c", TRAIN, json.dumps(argvs)], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr
    covered = {}
    for name in runs:
        lines = map(json.loads, (folder / name / "metrics.jsonl").read_text().splitlines())
        covered[name] = [line["values"]["coverage/registered_modes"] for line in lines if line["kind"] == "evaluation"]
    return covered


RUN = (
    *("--jit=on", "--threads=1", "--steps_per_execution=100"),
    *("--log_every=0", "--sample_every=0", "--checkpoint_every=0", "--evaluate_every=1000"),
)


@pytest.mark.slow
def test_on_the_grid(tmp_path):
    common = (
        *("--dataset=grid25", "--network.hidden_layers=3", "--batch_size=128", "--train_steps=15000"),
        *(
            "--optimizer.learning_rate=0.004",
            "--optimizer.beta_1=0.5",
            "--optimizer.schedule=cosine",
            "--ema_decay=0.999",
        ),
    )
    runs = {
        "gngan": (
            *("--method=gngan", "--gngan.discriminator_steps=3", "--gngan.neighbor_weight=0"),
            *("--gngan.slope_weight=0.1", "--gngan.slope_times_point_weight=0.1", "--gngan.penalty_weight=0.1"),
        ),
        "standard_gan": (
            *("--method=standard_gan", "--standard_gan.discriminator_steps=3", "--standard_gan.prior=uniform"),
        ),
    }
    covered = covered_modes(runs, tmp_path, *RUN, *common)
    # Observed for seeds 0 to 5: GN-GAN covers 25 of 25 from step 7,000 or 8,000 on, the standard GAN 5 to 13.
    assert min(covered["gngan"][-3:]) >= 24
    assert max(covered["standard_gan"][-3:]) <= 18
