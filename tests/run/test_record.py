"""The plain values of a run, and the classes that it avoids."""

from pathlib import Path

import numpy as np
import pytest

from tfgan2 import flags
from tfgan2.data.images import ImageSet
from tfgan2.data.parts import Part
from tfgan2.data.synthetic import ring8
from tfgan2.run.build import build
from tfgan2.run.record import Reports, Training, unwanted_classes

FLAGS = (
    *("--method=standard_gan", "--dataset=grid25", "--network.hidden_units=8", "--jit=off", "--seed=3"),
    *("--train_steps=40", "--batch_size=7", "--steps_per_execution=10", "--log_every=10", "--sample_every=20"),
    *("--evaluate_every=0", "--checkpoint_every=30", "--keep_checkpoints=2", "--profile_steps=5,6"),
)


def test_plain_values(tmp_path):
    run = build(flags.parse("train", [*FLAGS, f"--workdir={tmp_path / 'run'}"]))
    assert run.training == Training(
        workdir=Path(tmp_path / "run"),
        init_from=None,
        seed=3,
        train_steps=40,
        batch_size=7,
        steps_per_execution=10,
        jit="off",
        recover=0,
    )
    assert run.reports == Reports(
        log_every=10,
        sample_every=20,
        evaluate_every=0,
        evaluate_metrics=None,
        best_metric=None,
        inception_path=None,
        feature_network=None,
        checkpoint_every=30,
        keep_checkpoints=2,
        stop_when="never",
        profile_steps=(5, 6),
        export_at_end=False,
    )
    assert run.scaling == run.facts.scaling and run.facts.kind is run.data.kind


LABELS = np.arange(6, dtype=np.int32) % 3
IMAGES = ImageSet("images", np.zeros((6, 4, 4, 1), np.uint8), LABELS, tuple("abc"))
RING = ring8(points_per_mode=2)


@pytest.mark.parametrize(
    ("data", "rows", "classes"),
    [
        (IMAGES, None, ()),
        (IMAGES, np.array([0, 1, 3]), (2,)),
        (IMAGES._replace(labels=None), np.array([0, 1, 3]), ()),
        (RING, np.array([0, 1]), ()),  # unwanted points are left out of measurements
    ],
)
def test_unwanted_classes(data, rows, classes):
    assert unwanted_classes(data, Part(data, rows)) == classes
