"""Runs of P2GAN: grown, killed meanwhile, sampled and exported by generator, pushed off auxiliary data, refused."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

import tfgan2

TINY = (
    *("--method=p2gan", "--network.hidden_units=8", "--batch_size=16", "--steps_per_execution=5", "--log_every=5"),
    *("--sample_every=0", "--checkpoint_every=5", "--evaluate_every=10", "--keep_checkpoints=10", "--ema_decay=0.9"),
)
GROWN = (*TINY, "--dataset=ring8", "--p2gan.num_generators=3", "--p2gan.grow_every=10", "--train_steps=30")


@pytest.fixture(scope="module", params=["joint", "frozen"])
def grown(request, call, tmp_path_factory):
    """(workdir, command line) of a run with three generators."""
    argv = (*GROWN, f"--p2gan.auxiliary={request.param}")
    workdir = tmp_path_factory.mktemp(request.param) / "run"
    ended = call("train", *argv, f"--workdir={workdir}")
    assert ended.code == 0, ended.err
    return workdir, argv


def test_whose_modes_are_whose(grown, call, metrics_of):
    workdir, _ = grown
    ended = call("evaluate", f"--workdir={workdir}", "--protocol=ring8-2k")
    assert ended.code == 0, ended.err
    record = json.loads(Path(ended.out.splitlines()[-1]).read_text())
    names = [f"generator_{number}" for number in range(3)]
    assert list(record["occupancy"]) == names
    assert np.sum(list(record["occupancy"].values()), axis=0).tolist() == record["registered_counts"]
    told = {*(f"modes_of_{name}" for name in names), "specialization"}
    assert told <= record["values"].keys() and 0 <= record["values"]["specialization"] <= np.log(2)
    # And as it trains, once there are two.
    measured = {line["step"]: line["values"].keys() for line in metrics_of(workdir) if line["kind"] == "evaluation"}
    assert {f"coverage/{name}" for name in told} <= measured[30]
    assert not [name for name in measured[10] if "generator" in name]


@pytest.mark.parametrize("step", [10, 15])
def test_a_run_that_was_killed_while_it_grew(step, grown, call, differing, metrics_of, tmp_path):
    workdir, argv = grown
    killed = tmp_path / "killed"
    shutil.copytree(workdir, killed)
    for checkpoint in (killed / "checkpoints").iterdir():
        if checkpoint.is_dir() and int(checkpoint.name.removeprefix("step_")) > step:
            shutil.rmtree(checkpoint)
    assert call("train", *argv, f"--workdir={killed}").code == 0
    assert differing(workdir, killed) == []
    assert metrics_of(workdir) == metrics_of(killed)


def test_samples_of_a_generator(grown, call, tmp_path):
    workdir, _ = grown
    run = tfgan2.load(workdir)
    assert run.model.offered_choices == (0, 1, 2)
    of_each = [run.sample(6, choice=(number,)) for number in range(3)]
    drawn = run.model.choices(0, 6).numpy()
    mixture = run.sample(6)
    for row, number in enumerate(drawn):
        np.testing.assert_allclose(mixture[row], of_each[number][row], rtol=1e-5, atol=1e-6)
    assert np.abs(of_each[0] - of_each[1]).max() > 1e-6
    # While there were two, there was no third.
    assert tfgan2.load(workdir, step=20).model.offered_choices == (0, 1)
    output = f"--output={tmp_path / 'x.png'}"
    assert call("sample", f"--workdir={workdir}", output, "--choice=2").code == 0
    refused = call("sample", f"--workdir={workdir}", output, "--choice=3")
    assert (refused.code, refused.err) == (
        2,
        "tfgan2: --choice is 3; it must be one of the generators of the run, 0, 1, 2.\n",
    )


def test_export(grown, call, tmp_path):
    workdir, _ = grown
    assert call("export", f"--workdir={workdir}", f"--output={tmp_path}").code == 0
    signatures = tf.saved_model.load(str(tmp_path / "1")).signatures
    generate, run = signatures["generate"], tfgan2.load(workdir)
    for number, choice in ((-1, ()), (1, (1,))):
        inputs = {"count": tf.constant(9, tf.int64), "seed": tf.constant(3, tf.int64)}
        samples = generate(**inputs, generator=tf.constant(number, tf.int64))["samples"]
        np.testing.assert_allclose(samples, run.sample(9, seed=3, choice=choice), rtol=1e-5, atol=1e-6)

    # What the discriminators have learnt: log density ratios, by the Jensen-Shannon divergence their very logits.
    points = run.data.samples[:5]
    ratios = signatures["log_density_ratios"](samples=tf.constant(points))
    named = json.loads((tmp_path / "1" / "assets.extra" / "tfgan2.json").read_text())["density_ratios"]
    assert named["pull"] == ["real / generator_0", "real / generator_1", "real / generator_2"]
    assert len(named["push"]) == 3 and named["push"][0] == "generator_0 / generator_1"
    for kind, found in ratios.items():
        logits = run.model.networks[f"{kind}_discriminator"](run.scaling.to_network(points), training=False)
        np.testing.assert_allclose(found, logits, rtol=1e-5, atol=1e-6)


CONSTRAINED = (
    *("--p2gan.forces=real:0:pull:1,real:1:pull:1,auxiliary_0:0:push:0.5", "--p2gan.sampled_generators=0"),
    "--train_steps=5",
)


def test_auxiliary_data_of_the_same_set(call, tmp_path):
    apart = ("--dataset=blobs", "--data.minority=0:2000", "--data.auxiliary_classes=1", "--data.auxiliary_count=2000")
    ended = call("train", *TINY, *CONSTRAINED, *apart, f"--workdir={tmp_path / 'run'}")
    assert ended.code == 0, ended.err
    run = tfgan2.load(tmp_path / "run")
    assert {key: part.size for key, part in run.parts.items()} == {"real": 4000, "auxiliary_0": 2000}
    np.testing.assert_array_equal(run.sample(5), run.sample(5, choice=(0,)))


def test_auxiliary_data_of_another_folder(call, tmp_path):
    for name, count in (("mixed", 20), ("unwanted", 6)):
        (tmp_path / name).mkdir()
        for index in range(count):
            pixels = np.random.default_rng(index).integers(0, 256, (8, 8, 3), np.uint8)
            Image.fromarray(pixels).save(tmp_path / name / f"{index}.png")
    network = ("--network=p2gan_cnn", "--network.width_multiplier=0.05", "--network.latent_dim=3", "--evaluate_every=0")
    argv = [flag for flag in TINY if not flag.startswith(("--network", "--evaluate", "--batch"))]
    argv += [*CONSTRAINED, *network, "--batch_size=8", f"--dataset=folder:{tmp_path / 'mixed'}"]
    ended = call("train", *argv, f"--auxiliary_dataset=folder:{tmp_path / 'unwanted'}", f"--workdir={tmp_path / 'run'}")
    assert ended.code == 0, ended.err
    assert "tfgan2: the 6 auxiliary_0 samples are fewer than the 8 of a step, so each is used several" in ended.err
    refused = call("train", *argv, f"--auxiliary_dataset=folder:{tmp_path / 'mixed'}", "--workdir=x")
    assert refused.code == 2 and "it once, and choose from it by --data.auxiliary_classes" in refused.err


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--dataset=ring8", "--p2gan.num_generators=0"), "--p2gan.num_generators is 0; it must be in [1, 100]."),
        (
            ("--dataset=ring8", "--p2gan.num_generators=3", "--p2gan.grow_every=5"),
            "--p2gan.grow_every is 5; it must be at most 2, so that the last of 3 generators begins before ",
        ),
        (
            ("--dataset=ring8", *CONSTRAINED),
            "--p2gan.forces names auxiliary_0, but there are 0 sets of auxiliary data; give as many, by --auxiliary",
        ),
        (
            ("--dataset=ring8", "--auxiliary_dataset=ring10,ring16", *CONSTRAINED),
            "--p2gan.forces names auxiliary_0, but there are 2 sets of auxiliary data; give as many, by --auxiliary",
        ),
        (
            ("--dataset=ring8", "--auxiliary_dataset=modes1d", *CONSTRAINED),
            "ring8 has samples of shape [2] and modes1d of [1]; give both the same, images by --data.image_size and",
        ),
        (("--dataset=ring8", "--auxiliary_dataset=ring11", *CONSTRAINED), "--auxiliary_dataset=ring11 is unknown; did"),
        (
            ("--dataset=ring8", "--data.auxiliary_classes=9", *CONSTRAINED),
            "--data.auxiliary_classes is 9; it must be made of classes of ring8: 0, 1, 2, 3, 4, 5, 6, 7.",
        ),
    ],
)
def test_refused(flags, message, call, tmp_path):
    ended = call("train", *TINY, "--train_steps=5", *flags, f"--workdir={tmp_path / 'run'}")
    assert ended.code == 2 and ended.err.startswith(f"tfgan2: {message}")
    assert not (tmp_path / "run").exists()
