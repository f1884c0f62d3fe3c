"""Runs of a self-conditioned GAN and of Logo-GAN by commands: their clusters, and exact resume across clusterings."""

import shutil

import numpy as np
import pytest

FLAGS = (
    *("--method=self_conditioned_gan", "--dataset=ring8", "--data.points_per_mode=20", "--network.hidden_units=8"),
    *("--self_conditioned_gan.partitions=3", "--batch_size=16", "--optimizer.learning_rate=0.02", "--train_steps=30"),
    *("--steps_per_execution=5", "--log_every=5", "--sample_every=0", "--evaluate_every=0", "--checkpoint_every=5"),
    *("--keep_checkpoints=9", "--jit=off"),
)


@pytest.fixture(scope="module")
def finished(call, tmp_path_factory):
    """The workdir of a whole run with three clusterings."""
    workdir = tmp_path_factory.mktemp("clustered") / "run"
    ended = call("train", *FLAGS, "--self_conditioned_gan.recluster_every=10", f"--workdir={workdir}")
    assert ended.code == 0, ended.err
    return workdir


def clusters(workdir):
    """The clusters of each phase."""
    return {path.name.partition("-")[0]: np.load(path)["labels"] for path in sorted((workdir / "arrays").iterdir())}


def cut(workdir, step, *, arrays):
    """Makes a run one that was stopped at a step, with the clusters of some phases."""
    for path in (workdir / "checkpoints").iterdir():
        if int(path.name.rpartition("_")[2]) > step:
            shutil.rmtree(path)
    for path in sorted((workdir / "arrays").iterdir())[arrays:]:
        path.unlink()


@pytest.mark.parametrize(("step", "arrays"), [(15, 2), (20, 2)])
def test_a_run_that_continues_is_the_run_that_never_stopped(finished, call, differing, tmp_path, step, arrays):
    """Within a phase; and at its end, before the next clusters were found."""
    workdir = tmp_path / "run"
    shutil.copytree(finished, workdir, symlinks=True)
    cut(workdir, step, arrays=arrays)
    ended = call("train", *FLAGS, "--self_conditioned_gan.recluster_every=10", f"--workdir={workdir}")
    assert ended.code == 0 and f"continues from step {step}" in ended.err, ended.err
    assert differing(workdir, finished) == []
    found, expected = clusters(workdir), clusters(finished)
    assert list(found) == ["step_00000000", "step_00000010", "step_00000020"]
    assert all(np.array_equal(found[name], expected[name]) for name in expected)
    assert not np.array_equal(found["step_00000000"], found["step_00000020"])


def test_a_run_without_its_clusters_says_so(finished, call, tmp_path):
    workdir = tmp_path / "run"
    shutil.copytree(finished, workdir, symlinks=True)
    cut(workdir, 15, arrays=0)
    ended = call("train", *FLAGS, "--self_conditioned_gan.recluster_every=10", f"--workdir={workdir}")
    assert ended.code == 2 and "the clusters of step 15 are missing in the folder arrays" in ended.err


@pytest.mark.parametrize("features", ["autoencoder", "classifier"])
def test_logo_gan_keeps_the_clusters_of_its_stage(call, tmp_path, features):
    stage = (f"--{features}.train_steps=20", f"--{features}.batch_size=16")
    argv = (*FLAGS, f"--self_conditioned_gan.features={features}", *stage, f"--workdir={tmp_path / 'run'}")
    ended = call("train", *argv)
    assert ended.code == 0, ended.err
    assert "3 of 3 partitions have samples" in ended.out and "with the labels NMI" in ended.out
    (only,) = clusters(tmp_path / "run").values()
    assert np.bincount(only, minlength=3).min() > 0
    ended = call("sample", f"--workdir={tmp_path / 'run'}", "--choice=2", f"--output={tmp_path / 'made.npz'}")
    assert ended.code == 0, ended.err
