"""Runs in stages: killed in each they come to the same end; one stage alone; shared results; what is refused."""

import json
import shutil
import signal
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from tfgan2.run import workdir as workdirs
from tfgan2.run.restore import load

STAGED = (
    "--method=pgmgan",
    "--dataset=ring8",
    "--data.points_per_mode=20",
    "--network.hidden_units=8",
    "--backbone=invertible_mlp",
    "--backbone.blocks=1",
    "--backbone.hidden_units=4",
    "--backbone.projection_units=4",
    "--backbone.embedding_dim=3",
    "--pgmgan.partitions=4",
    "--pgmgan.discriminator_steps=1",
    "--pretext.train_steps=40",
    "--pretext.batch_size=16",
    "--pretext.augmentations=",
    "--pretext.optimizer.learning_rate=0.01",
    "--partitioner.train_steps=40",
    "--partitioner.batch_size=16",
    "--partitioner.neighbors=3",
    "--partitioner.optimizer.learning_rate=0.03",
    "--batch_size=16",
    "--steps_per_execution=10",
    "--log_every=10",
    "--sample_every=0",
    "--evaluate_every=0",
    "--checkpoint_every=10",
    "--train_steps=40",
)

# On images. Their views are random, and their neighbours depend on the pretext.
STAGED_IMAGES = (
    *(flag for flag in STAGED if not flag.startswith(("--data", "--network", "--backbone", "--pretext.aug"))),
    "--dataset=digits",
    "--data.positive_classes=0,1,2",
    "--network=pgmgan_resnet",
    "--network.width_multiplier=0.015625",
    "--network.latent_dim=4",
    "--backbone=invertible_resnet",
    "--backbone.width_multiplier=0.0625",
    "--backbone.stages=1",
    "--backbone.blocks=1",
    "--backbone.power_iterations=1",
    "--pretext.augmentations=crop,flip",
)

# Dies when a checkpoint of step 20 has got its name, in a folder that the test names.
KILL_AT_20 = """
import os, pathlib, signal
rename = pathlib.Path.rename
def rename_and_die(path, target):
    result = rename(path, target)
    if str(target).endswith("step_00000020") and FOLDER in str(target):
        os.kill(os.getpid(), signal.SIGKILL)
    return result
pathlib.Path.rename = rename_and_die
"""


@pytest.fixture(scope="module")
def finished(call, tmp_path_factory):
    """A whole run, not to be written to: (workdir, how it ended)."""
    workdir = tmp_path_factory.mktemp("staged") / "run"
    ended = call("train", *STAGED, f"--workdir={workdir}", "--export_at_end")
    assert ended.code == 0, ended.err
    return workdir, ended


def stage_of(workdir, name):
    (folder,) = (path for path in Path(workdir, "stages").glob(f"{name}-*") if path.is_dir())
    return folder


def killed(start, argv, folder):
    process = start(*argv, before=KILL_AT_20.replace("FOLDER", repr(folder)))
    assert process.end().code == -signal.SIGKILL


@pytest.fixture
def equal_stages(differing, metrics_of):
    """(workdir, other workdir) asserts that the stages have the same names, weights and metrics."""

    def equal_stages(one, other):
        for name in ("pretext", "partitioner"):
            first, second = stage_of(one, name), stage_of(other, name)
            assert first.name == second.name
            assert differing(first, second) == []
            assert metrics_of(first) == metrics_of(second)

    return equal_stages


def test_killed_in_each_stage(finished, start, differing, metrics_of, equal_stages, tmp_path):
    never, _ = finished
    workdir = tmp_path / "killed"
    argv = [*STAGED, f"--workdir={workdir}"]
    for folder in ("/pretext-", "/partitioner-", "/killed/checkpoints"):
        killed(start, argv, folder)
    ended = start(*argv).end()
    assert ended.code == 0, ended.err
    assert "stage" not in ended.err  # both were done
    assert differing(workdir, never) == []
    assert metrics_of(workdir) == metrics_of(never)
    equal_stages(workdir, never)


def test_killed_in_each_stage_on_images(start, call, equal_stages, tmp_path):
    """The stage main is the same as on points."""
    workdir, never = tmp_path / "killed", tmp_path / "never"
    for name in ("pretext", "partitioner"):
        argv = [*STAGED_IMAGES, f"--stage={name}"]
        killed(start, [*argv, f"--workdir={workdir}"], f"/{name}-")
        assert start(*argv, f"--workdir={workdir}").end().code == 0
        assert call("train", *argv, f"--workdir={never}").code == 0
    equal_stages(workdir, never)
    ready = stage_of(never, "partitioner")
    assert Image.open(ready / "partition.png").size[0] > 20 * 8  # 20 images a row
    larger = ("--data.image_size=16", f"--stage_from={ready}", "--dry_run", f"--workdir={tmp_path}/larger")
    message = "was trained with samples of shape [8, 8, 1], and this run has [16, 16, 1]"
    assert message in call("train", *STAGED_IMAGES, *larger).err


def test_what_it_leaves(finished, state_of):
    workdir, ended = finished
    learnt, mixture = state_of(stage_of(workdir, "partitioner")), state_of(workdir)
    # Its singular vectors go on to the norms of its last weights, by which it is used from then on.
    names = [name for name in learnt if name.startswith("partitioner/") and "singular" not in name]
    assert len(names) >= 8
    for name in names:
        np.testing.assert_array_equal(mixture[name], learnt[name])
    report = json.loads((stage_of(workdir, "partitioner") / "partition.json").read_text())
    assert (report["partitions"], sum(report["sizes"])) == (4, 160)
    np.testing.assert_allclose(mixture["shares"], np.array(report["sizes"]) / 160, rtol=1e-6)
    assert 0 <= report["nmi"] <= 1 and 1 / 8 <= report["purity"] <= 1
    line = f"with the labels NMI {report['nmi']:.3f}, purity {report['purity']:.3f}"
    assert line in ended.out
    assert (stage_of(workdir, "partitioner") / "partition.png").read_bytes().startswith(b"\x89PNG")


def test_samples_of_a_partition(finished, call, tmp_path):
    workdir, _ = finished
    ended = call("sample", f"--workdir={workdir}", "--count=6", "--choice=1,0", f"--output={tmp_path}/samples.npz")
    assert ended.code == 0, ended.err
    assert np.load(tmp_path / "samples.npz")["samples"].shape == (6, 2)
    ended = call("sample", f"--workdir={workdir}", "--choice=4", f"--output={tmp_path}/samples.npz")
    assert ended.code == 2 and "choice is 4; it must be one of the partitions of the run, 0, 1, 2, 3." in ended.err


def test_the_export_draws_and_rejects_as_the_run_does(finished):
    workdir, _ = finished
    run = load(workdir)
    served = tf.saved_model.load(str(workdir / "export" / "1"))
    asked = {"count": tf.constant(300, tf.int64), "seed": tf.constant(3, tf.int64)}
    for partition, choice in ((-1, ()), (1, (1,))):
        found = served.signatures["generate"](**asked, partition=tf.constant(partition, tf.int64))["samples"]
        np.testing.assert_allclose(found, run.sample(300, seed=3, choice=choice), rtol=1e-4, atol=1e-5)
    parts = run.model.partition(run.scaling.to_network(found)).numpy()
    latents, _ = run.model.latents(3, 300, (1,))
    assert (parts == 1).mean() == run.model.inside(latents, tf.ones([300], tf.int32)).numpy().mean()


def test_evaluation_tells_the_acceptance_rate(finished, call):
    workdir, _ = finished
    ended = call("evaluate", f"--workdir={workdir}")
    assert ended.code == 0, ended.err
    assert "acceptance_rate" in ended.out and "specialization" in ended.out


def test_one_stage_after_the_other_is_the_same(finished, call, differing, tmp_path):
    never, _ = finished
    workdir = tmp_path / "one"
    ended = call("train", *STAGED, f"--workdir={workdir}", "--stage=partitioner")
    folder = stage_of(never, "pretext").name
    assert (ended.code, ended.err) == (
        2,
        f"tfgan2: --stage=partitioner needs the stage pretext, which is not finished in {workdir}/stages/{folder}; "
        "run --stage=pretext first.\n",
    )
    for stage in ("pretext", "partitioner"):
        for _ in ("trained", "done already"):
            ended = call("train", *STAGED, f"--workdir={workdir}", f"--stage={stage}")
            assert ended.code == 0, ended.err
            assert ended.out.splitlines()[-1] == f"done: step 40, in {stage_of(workdir, stage)}"
        assert not (workdir / "checkpoints").exists()
        assert differing(stage_of(workdir, stage), stage_of(never, stage)) == []
    assert call("train", *STAGED, f"--workdir={workdir}", "--stage=main").code == 0
    assert differing(workdir, never) == []


def test_a_damaged_recipe_is_written_anew(finished, call, tmp_path):
    never, _ = finished
    workdir = tmp_path / "damaged"
    shutil.copytree(never / "stages", workdir / "stages")
    path = stage_of(workdir, "partitioner") / "recipe.json"
    whole = path.read_bytes()
    path.write_bytes(whole[:100])
    ready = (f"--stage_from={path.parent}", f"--workdir={tmp_path}/other", "--dry_run")
    assert f"{path} is damaged. Name" in call("train", *STAGED, *ready).err
    assert call("train", *STAGED, f"--workdir={workdir}", "--stage=partitioner").code == 0
    assert path.read_bytes() == whole


def test_a_folder_of_stages_that_cannot_be_used(finished, call, tmp_path):
    never, _ = finished
    folder = stage_of(never, "pretext").name
    busy, file = tmp_path / "busy", tmp_path / "file"
    file.write_text("a file")
    with workdirs.claimed(busy / folder):
        ended = call("train", *STAGED, f"--workdir={tmp_path}/run", f"--stages_dir={busy}")
    assert ended.code == 2
    message = f"--stages_dir={busy / folder} is being trained by another process; wait for it, or name another folder."
    assert message in ended.err
    ended = call("train", *STAGED, f"--workdir={tmp_path}/run", f"--stages_dir={file}")
    assert ended.code == 2
    assert f"--stages_dir={file}/{folder} cannot be created: Not a directory. Name a folder that you may" in ended.err
    assert not (tmp_path / "run").exists()


def test_runs_share_stages_that_depend_on_the_same(finished, call, tmp_path):
    never, _ = finished
    shared = tmp_path / "shared"
    for stage in ("pretext", "partitioner"):
        source = stage_of(never, stage)
        (shared / source.name).parent.mkdir(exist_ok=True)
        (shared / source.name).symlink_to(source)
    before = {path for path in shared.iterdir()}
    share = f"--stages_dir={shared}"
    ended = call("train", *STAGED, f"--workdir={tmp_path}/other", share, "--pgmgan.guide_weight=0", "--batch_size=8")
    assert ended.code == 0 and "stage" not in ended.err
    assert {path for path in shared.iterdir()} == before
    # Another number of neighbours is another partitioner, on the same pretext.
    argv = ["--partitioner.neighbors=2", "--stage=partitioner", share]
    ended = call("train", *STAGED, f"--workdir={tmp_path}/third", *argv)
    assert ended.code == 0, ended.err
    assert [line.split()[2] for line in ended.err.splitlines() if line.startswith("tfgan2: stage")] == ["partitioner,"]
    # So is another range of the samples, which every stage sees.
    argv = ["--network.output_activation=tanh", "--stage=partitioner", share]
    ended = call("train", *STAGED, f"--workdir={tmp_path}/fourth", *argv)
    assert ended.code == 2 and "needs the stage pretext, which is not finished" in ended.err


def test_a_ready_partitioner(finished, call, state_of, tmp_path):
    never, _ = finished
    ready = stage_of(never, "partitioner")
    workdir = tmp_path / "ready"
    argv = [*STAGED, f"--workdir={workdir}", "--seed=5"]
    ended = call("train", *argv, f"--stage_from={ready}")
    assert ended.code == 0 and "stage" not in ended.err, ended.err
    assert not (workdir / "stages").exists()
    one, other = state_of(workdir), state_of(never)
    names = [name for name in one if name.startswith("partitioner/") or name == "shares"]
    for name in names:
        np.testing.assert_array_equal(one[name], other[name])
    assert (workdir / "partition.json").read_bytes() == (ready / "partition.json").read_bytes()
    halfway = tmp_path / "halfway"
    shutil.copytree(ready, halfway)
    for step in (30, 40):
        shutil.rmtree(halfway / "checkpoints" / f"step_{step:08d}", ignore_errors=True)
    (left,) = (halfway / "checkpoints").glob("step_*0")
    unguided = ("--pgmgan.partitioner=random", "--pgmgan.guide_weight=0")
    for folder, flags, message in (
        (tmp_path, (), f"--stage_from={tmp_path}: it is not the folder of a stage. Name one"),
        (halfway, (), f"--stage_from={halfway}: it is at step {int(left.name[5:])} of 40; train it to its end"),
        (
            stage_of(never, "pretext"),
            (),
            ": the stage pretext trains embedder; this run needs partitioner. Name the folder of",
        ),
        (ready, ("--pgmgan.partitions=5",), "was trained with --pgmgan.partitions 4, and this run has 5"),
        (ready, ("--backbone.coefficient=0.3",), "was trained with --backbone.coefficient 0.9, and this run has 0.3"),
        (ready, ("--network.output_activation=tanh",), "samples scaled, by the data and --network.output_activation, "),
        (ready, ("--stage=pretext",), "--stage=pretext is not a stage of this run; give one of all, main"),
        (ready, unguided, "this run has no stages; leave out --stage_from"),
        (ready, (f"--init_from={never}",), "the second holds the result of the stages, too; leave one of them out"),
    ):
        argv = [*STAGED, *flags, f"--workdir={tmp_path / 'refused'}"]
        for dry in ((), ("--dry_run",)):
            ended = call("train", *argv, f"--stage_from={folder}", *dry)
            assert ended.code == 2 and message in ended.err


def test_a_run_that_starts_from_another_keeps_its_partitioner(finished, call, state_of, tmp_path):
    never, _ = finished
    workdir = tmp_path / "again"
    argv = (f"--workdir={workdir}", f"--init_from={never}", "--seed=5", "--train_steps=10", "--schedule_steps=10")
    ended = call("train", *STAGED, *argv)
    assert ended.code == 0 and "stage" not in ended.err, ended.err
    one, other = state_of(workdir), state_of(never)
    for name in one:
        if name.startswith("partitioner/") or name == "shares":
            np.testing.assert_allclose(one[name], other[name], rtol=1e-5, atol=1e-5, err_msg=name)
    assert not (workdir / "stages").exists()


@pytest.mark.parametrize("partitioner", ["random", "labels"])
def test_fixed_partitions_are_of_the_wanted_samples(partitioner, call, state_of, tmp_path):
    partitions = 8 if partitioner == "labels" else 4
    argv = [*STAGED, "--pgmgan.guide_weight=0", f"--pgmgan.partitioner={partitioner}", "--train_steps=10"]
    argv += [f"--pgmgan.partitions={partitions}", "--data.negative_classes=1,2", f"--workdir={tmp_path}/run"]
    assert "real: 120 of ring8" in call("train", *argv, "--dry_run").out
    assert call("train", *argv).code == 0
    report = json.loads((tmp_path / "run" / "partition.json").read_text())
    assert sum(report["sizes"]) == 120
    np.testing.assert_allclose(state_of(tmp_path / "run")["shares"], np.array(report["sizes"]) / 120, rtol=1e-6)
    if partitioner == "labels":
        assert report["sizes"] == [20, 0, 0, 20, 20, 20, 20, 20]
    assert not (tmp_path / "run" / "stages").exists()
    assert call("sample", f"--workdir={tmp_path}/run", "--count=4", f"--output={tmp_path}/4.npz").code == 0


def test_partitions_by_kmeans(call, state_of, tmp_path):
    workdir = tmp_path / "run"
    argv = [*STAGED, "--pretext.train_steps=0", "--kmeans.train_steps=20", "--kmeans.batch_size=16"]
    ended = call("train", *argv, "--pgmgan.partitioner=kmeans", f"--workdir={workdir}")
    assert ended.code == 0, ended.err
    shares = state_of(workdir)["shares"]
    assert shares.shape == (4,) and shares.sum() == pytest.approx(1)
    assert (workdir / "stages").exists()
    assert call("sample", f"--workdir={workdir}", "--count=4", f"--output={tmp_path}/4.npz").code == 0


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--pgmgan.partitions=1"], "--pgmgan.partitions is 1; it must be in [2, 4096]."),
        (
            ["--partitioner.neighbors=160"],
            "--partitioner.neighbors is 160; it must be at most 159, as ring8 has 160 samples.\n",
        ),
        (["--partitioner.neighbors=0"], "--partitioner.neighbors is 0; it must be in [1, 4096].\n"),
        (["--pgmgan.partitions=161"], "--pgmgan.partitions is 161; it must be at most 160, the samples of ring8.\n"),
        (
            ["--pgmgan.partitioner=random", "--pgmgan.guide_weight=0", "--pgmgan.partitions=161"],
            "--pgmgan.partitions is 161; it must be at most 160, the samples of ring8.\n",
        ),
        (
            ["--pgmgan.partitioner=kmeans", "--kmeans.batch_size=16", "--kmeans.n_init=0"],
            "--kmeans.n_init is 0; it must be at least 1.\n",
        ),
        (
            ["--partitioner.batch_size=161"],
            "--partitioner.batch_size is 161; it must be at most 160, the samples of ring8.\n",
        ),
        (
            ["--pretext.batch_size=1"],
            "--pretext.batch_size is 1; it must be at least 2, as each image is contrasted with the others",
        ),
        (
            ["--strategy=mirrored", "--pretext.batch_size=15"],
            "--pretext.batch_size is 15; it must be a multiple of 2, the number of devices.\n",
        ),
        (["--partitioner.train_steps=0"], "--partitioner.train_steps is 0; it must be at least 1.\n"),
        (
            ["--pretext.augmentations=crop"],
            "--pretext.augmentations is crop; it must be empty, as ring8 has points. Or set "
            "--pretext.train_steps=0 to leave this stage out.",
        ),
        (["--pretext.temperature=0"], "--pretext.temperature is 0; it must be at least 0.001."),
        (
            ["--partitioner.optimizer.learning_rate=-1"],
            "--partitioner.optimizer.learning_rate is -1; it must be above 0.",
        ),
        (["--backbone=invertible_resnet"], "samples have the shape (2,); image networks take"),
        (
            ["--stage=pretext", "--pretext.train_steps=0"],
            "--stage=pretext is not a stage of this run; give one of all, partitioner, main",
        ),
        (
            ["--pgmgan.guide_weight=0", "--pgmgan.minimum_guide_weight=1"],
            "--pgmgan.minimum_guide_weight is 1.0; it must be at most the guide_weight, 0.0.",
        ),
        (
            ["--pgmgan.guide_weight=0", "--pgmgan.partitioner=labels", "--dataset=swiss_roll"],
            "--pgmgan.partitioner is labels; it must be another for data without labels. Sort images into ",
        ),
        (["--stage=kmeans"], "--stage=kmeans is not a stage of this run; give one of all, pretext, partitioner, main"),
        (
            ["--pgmgan.partitioner=random", "--pgmgan.guide_weight=0", "--stage=pretext"],
            "--stage=pretext is not a stage of this run; give one of all, main",
        ),
    ],
)
def test_refusals(flags, message, call, tmp_path):
    others = {
        "--backbone=invertible_resnet": ("--backbone.blocks=1", "--backbone.hidden_units=4"),
        "--dataset=swiss_roll": ("--data.points_per_mode=20",),
    }
    left_out = [name for flag in flags for name in others.get(flag, ())]
    argv = [flag for flag in STAGED if flag not in left_out]
    ended = call("train", *argv, *flags, f"--workdir={tmp_path}/run")
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err
    assert "Traceback" not in ended.err
    # Nothing is trained or written, so that the corrected command may use the same folder.
    assert list(tmp_path.glob("run/*")) == []
    dry = call("train", *argv, *flags, f"--workdir={tmp_path}/run", "--dry_run")
    assert (dry.code, dry.err, dry.out) == (2, ended.err, "")


def test_stages_are_for_methods_that_have_them(call, fast, tmp_path):
    for flag, why in (
        ("--backbone=invertible_mlp", "takes no backbone"),
        ("--stage_from=x", "has no stages"),
        ("--stage=pretext", "has no stages"),
        ("--stages_dir=there", "has no stages"),
    ):
        ended = call("train", "--method=gngan", *fast, "--train_steps=10", f"--workdir={tmp_path}/run", flag)
        assert (ended.code, ended.err) == (2, f"tfgan2: {flag}: --method=gngan {why}; leave it out\n")
    ended = call("train", "--method=pgmgan", *fast, "--train_steps=10", f"--workdir={tmp_path}/run")
    assert ended.code == 2 and "needs a --backbone; give --backbone=invertible_mlp for points" in ended.err
