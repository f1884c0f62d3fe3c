"""The best checkpoint by a named metric: kept while a run trains, and what each command makes of it."""

import json

import numpy as np
import pytest

import tfgan2

FLAGS = ("--method=standard_gan", "--best_metric=registered_points", "--keep_checkpoints=1", "--ema_decay=0.9")


@pytest.fixture(scope="module")
def run(call, fast, tmp_path_factory):
    """120 steps, measured every 20 and saved every 60."""
    workdir = tmp_path_factory.mktemp("best") / "run"
    argv = [*FLAGS, *fast, "--sample_every=0", "--checkpoint_every=60"]
    ended = call("train", *argv, "--train_steps=120", f"--workdir={workdir}")
    assert ended.code == 0, ended.err
    return workdir, argv, ended


@pytest.fixture(scope="module")
def best(run):
    lines = [json.loads(line) for line in (run[0] / "metrics.jsonl").read_text().splitlines()]
    measured = {line["step"]: line["values"]["coverage/registered_points"] for line in lines if line["kind"] != "train"}
    assert list(measured) == [20, 40, 60, 80, 100, 120]
    return max(measured, key=measured.get)


def test_it_is_kept_beside_the_newest(run, best):
    workdir, _, ended = run
    assert {path.name for path in (workdir / "checkpoints").iterdir()} == {
        "best",
        f"step_{best:08d}",
        "step_00000120",
    }
    assert f"  best         {workdir / 'checkpoints' / 'best'}, which is step_{best:08d}\n" in ended.out


def test_commands_take_it(run, best, call, tmp_path):
    workdir = run[0]
    for name, which in (("best", "--checkpoint=best"), ("step", f"--step={best}"), ("newest", "--checkpoint=newest")):
        assert call("sample", f"--workdir={workdir}", f"--output={tmp_path / name}.npz", which).code == 0
    drawn = {name: np.load(tmp_path / f"{name}.npz")["samples"] for name in ("best", "step", "newest")}
    np.testing.assert_array_equal(drawn["best"], drawn["step"])
    assert np.array_equal(drawn["best"], drawn["newest"]) == (best == 120)
    evaluated = call("evaluate", f"--workdir={workdir}", "--checkpoint=best")
    assert evaluated.code == 0 and evaluated.out.startswith(f"grid25-2k, step {best}, ")
    assert call("export", f"--workdir={workdir}", f"--output={tmp_path / 'models'}", "--checkpoint=best").code == 0
    (record,) = (tmp_path / "models").rglob("tfgan2.json")
    assert json.loads(record.read_text())["step"] == best
    assert tfgan2.load(workdir, best=True).model.global_step == best


def test_a_resumed_run_has_the_same(run, best, call, differing, tmp_path):
    workdir, argv, _ = run
    for steps in (40, 120):
        ended = call("train", *argv, f"--train_steps={steps}", f"--workdir={tmp_path / 'run'}")
        assert ended.code == 0, ended.err
    assert differing(workdir, tmp_path / "run") == []
    names = [(folder / "checkpoints" / "best").readlink() for folder in (workdir, tmp_path / "run")]
    assert names[0] == names[1]
    assert {path.name for path in (tmp_path / "run" / "checkpoints").iterdir()} == {
        path.name for path in (workdir / "checkpoints").iterdir()
    }


def test_a_run_without_one(trained, call):
    ended = call("evaluate", f"--workdir={trained.workdir}", "--checkpoint=best")
    assert ended.code == 2
    assert ended.err == (
        f"tfgan2: {trained.workdir / 'checkpoints'} has no best checkpoint; it has those of steps 20, 40, 45. "
        "Train with --best_metric=NAME to keep the best checkpoint.\n"
    )


def test_a_metric_that_is_not_measured(fast, call, tmp_path):
    argv = ["--method=gngan", *fast, "--train_steps=20", f"--workdir={tmp_path / 'run'}", "--best_metric=fid"]
    ended = call("train", *argv)
    assert ended.code == 2 and "tfgan2: --best_metric=fid is not measured during training on grid25; " in ended.err
    assert not (tmp_path / "run").exists()
