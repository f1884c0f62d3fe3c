"""The arguments of the callbacks of a run."""

import numpy as np

from tfgan2 import flags
from tfgan2.data.synthetic import ring8
from tfgan2.run.build import build
from tfgan2.run.reporting import held_out_gap_of

FLAGS = (
    *("--dataset=ring8", "--data.points_per_mode=20", "--data.negative_classes=1", "--network.hidden_units=8"),
    *("--batch_size=4", "--train_steps=5", "--jit=off"),
)


def test_the_discriminator_is_compared_on_wanted_held_out_samples(tmp_path):
    settings = flags.parse("train", ["--method=rumi", *FLAGS, "--data.held_out=0.25", f"--workdir={tmp_path / 'w'}"])
    run = build(settings)
    held_out = run.data.samples[run.wanted.data.held_out]
    modes = ring8(points_per_mode=20).centers
    found = {}
    generated = np.zeros((5, 2), np.float32)
    held_out_gap_of(run).of(lambda samples: found.setdefault(len(found), samples)[:, :1], generated)
    training, kept, _ = found.values()
    rows = lambda points: {row.tobytes() for row in np.asarray(points, np.float32)}  # noqa: E731
    assert rows(kept) <= rows(held_out) and not rows(training) & rows(held_out)
    assert len(kept) == 35 and len(training) == 105  # Seven of eight modes.
    nearest = np.linalg.norm(training[:, None] - modes, axis=2).argmin(axis=1)
    assert set(nearest) == {0, *range(2, 8)}


def test_nothing_is_held_out(tmp_path):
    settings = flags.parse("train", ["--method=standard_gan", *FLAGS, f"--workdir={tmp_path / 'w'}"])
    assert held_out_gap_of(build(settings)) is None
