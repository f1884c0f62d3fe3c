"""Claim: PGMGAN's generators cover almost every mode with a learnt partition, and few modes with a random one."""

from pathlib import Path

import pytest

CONFIG = Path(__file__).resolve().parent.parent.parent / "configs" / "pgmgan_grid25.cfg"
RUN = (
    f"--flagfile={CONFIG}",
    *("--threads=1", "--sample_every=0", "--log_every=0", "--checkpoint_every=0", "--evaluate_every=500"),
)
PARTS = {
    "learned": ("--train_steps=2000", "--kmeans.train_steps=800"),
    "random": ("--train_steps=1000", "--pgmgan.partitioner=random", "--pgmgan.guide_weight=0"),
}


@pytest.mark.slow
def test_on_the_grid(evaluated):
    found = evaluated({name: [*RUN, *flags] for name, flags in PARTS.items()})
    measured = {name: values[-1] for name, values in found.items()}
    # Observed for seeds 0 and 1 with learnt parts: 23 to 25 of 25 modes, 98 to 100 % of the first draws in their part.
    # With random parts 2 and 5 modes.
    assert measured["learned"]["coverage/registered_modes"] >= 23
    assert measured["learned"]["coverage/acceptance_rate"] > 0.95
    assert measured["random"]["coverage/registered_modes"] <= 12
