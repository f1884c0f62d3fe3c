"""The time left that a stage shows. It includes the later stages, if a recipe has estimated them."""

import json

import pytest

from tfgan2 import flags
from tfgan2.run.build import build
from tfgan2.run.stages import training
from tfgan2.run.stages.stage_runs import stage_runs
from tfgan2.run.workdir import CHOICES, expected_seconds

ARGV = (
    *("--method=pgmgan", "--dataset=ring8", "--network.hidden_units=8", "--backbone=invertible_mlp"),
    *("--backbone.blocks=1", "--backbone.hidden_units=4", "--backbone.projection_units=4"),
    *("--backbone.embedding_dim=3", "--pgmgan.partitions=4", "--pretext.batch_size=16", "--pretext.augmentations="),
    *("--partitioner.batch_size=16", "--batch_size=16", "--train_steps=10", "--jit=off"),
)


@pytest.fixture
def after_of(monkeypatch):
    """(argv) -> name of a stage -> seconds after it."""

    def after_of(*argv):
        monkeypatch.setattr(training, "Progress", lambda *, train_steps, after: after)
        run = build(flags.parse("train", [*ARGV, *argv]))
        return {own.stage.name: training._progress(own, run) for own in stage_runs(run)}

    return after_of


def test_later_stages_count(after_of, tmp_path):
    (tmp_path / CHOICES).write_text(json.dumps({"seconds": {"pretext": 1, "partitioner": 20, "main": 300}}))
    assert after_of(f"--workdir={tmp_path}") == {"pretext": 320, "partitioner": 300}


def test_without_an_estimate(after_of, tmp_path):
    (tmp_path / CHOICES).write_text(json.dumps({"seconds": {"main": 300}}))
    assert after_of(f"--workdir={tmp_path}") == {"pretext": None, "partitioner": 300}


@pytest.mark.parametrize("text", ["", "[]", '{"seconds": {"main": "x"}}', '{"seconds": 3}'])
def test_an_estimate_that_cannot_be_read(text, tmp_path):
    assert expected_seconds(tmp_path) == {}
    (tmp_path / CHOICES).write_text(text)
    assert expected_seconds(tmp_path) == {}
