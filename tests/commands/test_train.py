"""tfgan2.train: what a run leaves, that its flags start an equal run, and each flag that changes how it runs."""

import json
import shlex
import shutil
import textwrap
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf


def test_leaves_what_it_promises(trained):
    names = {path.name for path in trained.workdir.iterdir()}
    assert names == {"flags.cfg", "data.json", "metrics.jsonl", "samples", "checkpoints", "tensorboard", "export"}
    assert {path.name for path in (trained.workdir / "checkpoints").iterdir()} == {
        "step_00000020",
        "step_00000040",
        "step_00000045",
    }
    pictures = {f"step_{step:07d}.{kind}" for step in (0, 20, 40, 45) for kind in ("png", "npz")}
    assert {path.name for path in (trained.workdir / "samples").iterdir()} == pictures | {"evolution.png"}
    (export,) = (trained.workdir / "export").iterdir()
    assert (export / "saved_model.pb").is_file()


def test_metrics_have_one_schema(trained):
    lines = [json.loads(line) for line in (trained.workdir / "metrics.jsonl").read_text().splitlines()]
    assert [(line["step"], line["kind"]) for line in lines] == [
        (10, "train"),
        (20, "train"),
        (20, "evaluation"),
        (20, "health"),
        (30, "train"),
        (40, "train"),
        (40, "evaluation"),
        (40, "health"),
        (45, "train"),
        (45, "evaluation"),
        (45, "health"),
    ]
    for line in lines:
        assert list(line) == ["step", "kind", "wall_time", "format_version", "values"]
        assert all(isinstance(value, float) for value in line["values"].values())
    for kind in ("train", "evaluation", "health"):
        assert len({tuple(line["values"]) for line in lines if line["kind"] == kind}) == 1
    losses = {name for name in lines[0]["values"] if name.endswith("/loss")}
    assert losses == {"autoencoder/loss", "discriminator/loss", "generator/loss"}
    assert lines[0]["values"].keys() >= {"discriminator/real_probability", "discriminator/fake_probability"}
    assert "coverage/registered_modes" in lines[2]["values"]


def test_tensorboard_has_every_loss_at_the_global_step(trained):
    (path,) = (trained.workdir / "tensorboard").glob("events.out.tfevents.*")
    tags = {}
    for record in tf.data.TFRecordDataset(str(path)).as_numpy_iterator():
        event = tf.compat.v1.Event.FromString(record)
        for value in event.summary.value:
            tags.setdefault(value.tag, []).append(event.step)
    for tag in ("losses/autoencoder", "losses/discriminator", "losses/generator", "speed/steps_per_second"):
        assert tags[tag] == [10, 20, 30, 40, 45]
    assert tags["samples"] == [0, 20, 40, 45] and tags["evolution"] == [45]
    assert tags["coverage/registered_modes"] == [20, 40, 45]
    assert "flags" in tags


def test_the_summary_tells_where_everything_is(trained):
    lines = trained.ended.out.splitlines()
    assert lines[0].startswith("done: step 45, ") and lines[0].endswith(" of 25 modes covered")
    named = {line.split()[0]: Path(line.split()[1]) for line in lines if line.startswith("  ") and line[2] != " "}
    assert named == {
        "picture": trained.workdir / "samples" / "evolution.png",
        "TensorBoard": trained.workdir / "tensorboard",
        "SavedModel": trained.workdir / "export" / "1",
    }
    assert all(path.exists() for path in named.values())
    commands = [shlex.split(line) for line in lines if line.startswith("    ")]
    assert [Path(command[0]).name for command in commands] == ["tensorboard", "saved_model_cli"]
    assert all(Path(command[0]).is_file() for command in commands)
    # Progress goes to standard error, so that what is found on standard output are the results.
    assert "step 45/45 (100%)" in trained.ended.err and "step 45/45" not in trained.ended.out


def test_a_workdir_with_blanks_is_quoted(call, fast, tmp_path):
    flags = ("--train_steps=10", "--sample_every=0", "--checkpoint_every=0", "--evaluate_every=0")
    ended = call("train", "--method=standard_gan", *fast, *flags, f"--workdir={tmp_path / 'a run'}")
    assert ended.code == 0, ended.err
    (command,) = [line for line in ended.out.splitlines() if "--logdir" in line]
    assert shlex.split(command)[1] == f"--logdir={tmp_path / 'a run' / 'tensorboard'}"


def test_the_flagfile_starts_an_equal_run(trained, call, differing, metrics_of, tmp_path):
    again = tmp_path / "again"
    ended = call("train", f"--flagfile={trained.workdir / 'flags.cfg'}", f"--workdir={again}")
    assert ended.code == 0, ended.err
    assert differing(trained.workdir, again) == []
    assert metrics_of(again) == metrics_of(trained.workdir)
    flags = (trained.workdir / "flags.cfg").read_text()
    assert (again / "flags.cfg").read_text() == flags.replace(str(trained.workdir), str(again))
    for path in (trained.workdir / "samples").glob("*.npz"):
        np.testing.assert_array_equal(np.load(again / "samples" / path.name)["points"], np.load(path)["points"])


def test_another_seed_is_another_run(trained, call, state_of, tmp_path):
    flags = (*trained.argv[:-1], "--train_steps=10", "--seed=1", "--sample_every=0", "--evaluate_every=0")
    assert call("train", *flags, f"--workdir={tmp_path / 'w'}").code == 0
    one, other = state_of(trained.workdir, 20), state_of(tmp_path / "w")
    kernels = [name for name in one if "kernel" in name]
    assert kernels and all(np.abs(one[name] - other[name]).max() > 0.05 for name in kernels)


def test_a_dry_run_touches_nothing(trained, call, tree, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ended = call("train", *trained.argv, "--workdir=somewhere/new", "--dry_run")
    assert (ended.code, ended.err) == (0, "")
    assert tree(tmp_path) == {}
    # 2 * 8 + 8, 8 * 8 + 8, 8 * 2 + 2 in the generator; the discriminator ends in one output.
    for text in (
        "--gngan.neighbor_weight=1.0",
        "data: grid25, 50,000 points of 2 dimensions",
        "generator: (2,) -> (2,), 114 parameters",
        "discriminator: (2,) -> (1,), 105 parameters",
        "encoder: (2,) -> (2,), 114 parameters",
        "autoencoder moves encoder, generator",
    ):
        assert text in ended.out
    # Nor does it change a run.
    before = tree(trained.workdir)
    assert call("train", *trained.argv, f"--workdir={trained.workdir}", "--dry_run").code == 0
    assert tree(trained.workdir) == before


def test_a_finished_run_stays_as_it_is(trained, trained_copy, call, differing, metrics_of):
    ended = call("train", *trained.argv, f"--workdir={trained_copy}")
    assert ended.code == 0, ended.err
    assert ended.out.startswith("done: step 45, ")
    assert differing(trained.workdir, trained_copy) == []
    assert metrics_of(trained_copy) == metrics_of(trained.workdir)


@pytest.fixture
def unmoved():
    """Flags under which a step leaves the weights as they are: what is added rounds to nothing."""
    return "--optimizer.name=sgd", "--optimizer.learning_rate=1e-30"


def test_init_from_takes_the_weights_and_nothing_else(trained, call, fast, unmoved, state_of, tmp_path):
    picture = ("--ema_decay=0.9", "--sample_every=20")
    argv = ["--method=gngan", *fast, *picture, *unmoved, f"--init_from={trained.workdir}"]
    ended = call("train", *argv, "--train_steps=10", f"--workdir={tmp_path / 'w'}")
    assert ended.code == 0, ended.err
    source, new = state_of(trained.workdir), state_of(tmp_path / "w")
    weights = [name for name in new if name.split("/")[0] in ("generator", "discriminator", "encoder")]
    assert len(weights) == 18  # three networks of three layers
    for name in weights:
        np.testing.assert_array_equal(new[name], source[name], err_msg=name)
    assert (source["step"], new["step"]) == (45, 10)
    # The averages are taken over, too: the first picture is the last one of the source.
    first, last = (
        np.load(workdir / "samples" / name)["points"]
        for workdir, name in (
            (tmp_path / "w", "step_0000000.npz"),
            (trained.workdir, "step_0000045.npz"),
        )
    )
    np.testing.assert_array_equal(first, last)


def test_init_from_holds_for_the_start_only(trained_copy, call, fast, unmoved, state_of, tmp_path):
    argv = ["--method=gngan", *fast, "--ema_decay=0.9", *unmoved, f"--init_from={trained_copy}"]
    argv += ["--sample_every=0", "--evaluate_every=0"]
    assert call("train", *argv, "--train_steps=10", f"--workdir={tmp_path / 'w'}").code == 0
    shutil.rmtree(trained_copy)
    ended = call("train", *argv, "--train_steps=20", f"--workdir={tmp_path / 'w'}")
    assert ended.code == 0, ended.err
    assert state_of(tmp_path / "w")["step"] == 20


def test_mixed_precision(trained, call, state_of, tmp_path):
    workdir = tmp_path / "w"
    argv = [*trained.argv[:-1], "--precision=mixed_bfloat16", "--train_steps=20", "--sample_every=0"]
    ended = call("train", *argv, f"--workdir={workdir}")
    assert ended.code == 0, ended.err
    half, single = state_of(workdir, 20), state_of(trained.workdir, 20)
    assert half.keys() == single.keys()
    for name, value in half.items():
        assert value.dtype == single[name].dtype and np.isfinite(value).all()
    # It trains alike, but not in float32: eight bits of mantissa leave an error of some 0.4 %.
    kernel = next(name for name in sorted(half) if name.startswith("discriminator/") and name.endswith("kernel"))
    np.testing.assert_allclose(half[kernel], single[kernel], atol=0.01)
    assert np.any(half[kernel] != single[kernel])
    assert call("sample", f"--workdir={workdir}", f"--output={workdir / 'x.npz'}").code == 0
    assert np.load(workdir / "x.npz")["samples"].dtype == np.float32


def test_a_profile(call, fast, tmp_path):
    argv = ["--method=standard_gan", *fast, "--sample_every=0", "--evaluate_every=0", "--train_steps=30"]
    ended = call("train", *argv, "--profile_steps=10,20", f"--workdir={tmp_path}")
    assert ended.code == 0, ended.err
    (profile,) = (tmp_path / "tensorboard" / "plugins" / "profile").glob("*/*.xplane.pb")
    assert profile.stat().st_size > 1000


USERS_OWN = """
    import keras

    class Wide:
        '''Networks of the user.

        Args:
          width: of the only hidden layer.
        '''

        output_activation = "tanh"

        def __init__(self, *, width: int = 5):
            self.width = width

        def generator(self, sample_shape):
            latents = keras.Input((3,))
            hidden = keras.layers.BatchNormalization()(keras.layers.Dense(self.width, "relu")(latents))
            return keras.Model(latents, keras.layers.Dense(sample_shape[0], "tanh")(hidden), name="generator")

        def discriminator(self, sample_shape):
            samples = keras.Input(sample_shape)
            hidden = keras.layers.Dense(self.width, "relu")(samples)
            return keras.Model(samples, keras.layers.Dense(1)(hidden), name="discriminator")
"""


def test_networks_of_the_users_own(call, fast, state_of, tmp_path, monkeypatch):
    (tmp_path / "networks_of_a_user.py").write_text(textwrap.dedent(USERS_OWN))
    monkeypatch.syspath_prepend(tmp_path)
    flags = [flag for flag in fast if not flag.startswith("--network.")]
    argv = ["--method=standard_gan", *flags, "--network=networks_of_a_user:Wide", "--network.width=7"]
    ended = call("train", *argv, "--train_steps=20", "--ema_decay=0.9", f"--workdir={tmp_path / 'w'}")
    assert ended.code == 0, ended.err
    state = state_of(tmp_path / "w")
    shapes = {value.shape for name, value in state.items() if name.startswith("generator/") and "kernel" in name}
    assert shapes == {(3, 7), (7, 2)}
    assert any("moving_mean" in name for name in state)
    # The other commands find the networks as well.
    assert call("sample", f"--workdir={tmp_path / 'w'}", f"--output={tmp_path / 'x.npz'}").code == 0
    assert np.abs(np.load(tmp_path / "x.npz")["samples"]).max() <= 4.3  # tanh, in data units


def test_points_of_the_users_own(call, fast, metrics_of, tmp_path):
    points = np.random.default_rng(0).normal(size=(300, 3)) * [1, 2, 3] + 10
    np.savez(tmp_path / "points.npz", points=points)
    flags = [flag for flag in fast if not flag.startswith("--dataset=")]
    argv = ["--method=standard_gan", *flags, f"--dataset=npz:{tmp_path / 'points.npz'}", "--sample_every=20"]
    ended = call("train", *argv, "--train_steps=20", f"--workdir={tmp_path / 'w'}")
    assert ended.code == 0, ended.err
    assert ended.out.startswith("done: step 20\n")  # no modes are known
    assert {line["kind"] for line in metrics_of(tmp_path / "w")} == {"train", "health"}
    assert np.load(tmp_path / "w" / "samples" / "step_0000020.npz")["points"].shape == (2000, 3)


def test_mirrored_over_two_devices(start, call, fast, state_of, tmp_path):
    two_cpus = (
        "import tensorflow as tf\n"
        "cpu = tf.config.list_physical_devices('CPU')[0]\n"
        "tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)\n"
    )
    argv = ["--method=standard_gan", *fast, "--sample_every=0", "--evaluate_every=0", "--ema_decay=0.9"]
    argv += ["--optimizer.name=sgd"]
    mirrored, one = tmp_path / "mirrored", tmp_path / "one"
    ended = start(*argv, "--train_steps=20", "--strategy=mirrored", f"--workdir={mirrored}", before=two_cpus).end()
    assert ended.code == 0, ended.err
    assert call("train", *argv, "--train_steps=20", "--strategy=one", f"--workdir={one}").code == 0
    two_devices, one_device = state_of(mirrored), state_of(one)
    assert two_devices.keys() == one_device.keys()
    for name, value in one_device.items():
        np.testing.assert_allclose(two_devices[name], value, rtol=1e-4, atol=1e-6, err_msg=name)
    # The run continues on one device, which has the same batches.
    ended = call("train", *argv, "--train_steps=30", "--strategy=one", f"--workdir={mirrored}")
    assert ended.code == 0, ended.err
    assert call("sample", f"--workdir={mirrored}", f"--output={tmp_path / 'x.npz'}").code == 0
