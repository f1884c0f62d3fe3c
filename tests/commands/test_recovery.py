"""Runs that go back to their last checkpoint after a number that is not finite: once, resumed, and too often."""

import json
import math
import shutil

import pytest
import tensorflow as tf

from tfgan2.methods import METHODS

FAILS_AT = 27
REASON = f"generator/loss is not finite at step {FAILS_AT}."


@pytest.fixture(scope="module")
def infinite_once():
    """Standard GAN's loss is infinite at one step, with the random numbers of a run that has not gone back."""
    with pytest.MonkeyPatch.context() as patches:
        method = METHODS["standard_gan"]
        step_of = method.train_step

        def train_step(game, batch):
            report = step_of(game, batch)
            if game.drawing_seed == game.seed:
                report["generator/loss"] += tf.where(game.step == FAILS_AT, math.inf, 0.0)
            return report

        patches.setattr(method, "train_step", train_step)
        yield


@pytest.fixture(scope="module")
def argv(fast):
    flags = ("--train_steps=40", "--sample_every=0", "--evaluate_every=0", "--keep_checkpoints=9", "--recover=1")
    return ["--method=standard_gan", *fast, *flags, "--jit=off"]


@pytest.fixture(scope="module")
def recovered(infinite_once, call, argv, tmp_path_factory):
    """How a run with one recovery ended, and its workdir."""
    workdir = tmp_path_factory.mktemp("recovered") / "run"
    return call("train", *argv, f"--workdir={workdir}"), workdir


def test_a_run_goes_back_to_its_last_checkpoint_and_says_so(recovered, metrics_of):
    ended, workdir = recovered
    text = f"{REASON} The run went back to step 20 and has other random numbers from there."
    assert ended.code == 0, ended.err
    assert f"warning: {text}" in ended.err and "continues from step 20" in ended.err and text in ended.out
    assert json.loads((workdir / "recoveries.json").read_text()) == [
        {"format_version": 1, "step": 20, "reason": REASON}
    ]
    assert sorted(path.name[-2:] for path in (workdir / "checkpoints").glob("step_*")) == ["00", "20", "40"]
    lines = metrics_of(workdir)
    assert [(line["step"], line["values"]["text"]) for line in lines if line["kind"] == "warning"] == [(20, text)]
    assert [line["step"] for line in lines if line["kind"] == "train"] == [10, 20, 30, 40]


def test_a_resumed_run_has_the_random_numbers_of_its_recoveries(recovered, call, argv, differing, metrics_of, tmp_path):
    _, workdir = recovered
    shutil.copytree(workdir, tmp_path / "run")
    for step in (20, 40):
        shutil.rmtree(tmp_path / "run" / "checkpoints" / f"step_{step:08d}")
    ended = call("train", *argv, f"--workdir={tmp_path / 'run'}")
    assert ended.code == 0, ended.err
    assert differing(tmp_path / "run", workdir) == []


@pytest.mark.parametrize("value", ["-1", "1.5", "often"])
def test_bad_numbers_of_recoveries(value, call, argv, tmp_path):
    ended = call("train", *argv, f"--recover={value}", f"--workdir={tmp_path / 'run'}")
    assert ended.code == 2 and "--recover" in ended.err and not (tmp_path / "run").exists()
