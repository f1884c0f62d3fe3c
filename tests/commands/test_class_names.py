"""Classes of folders by their names: in flags, samples, exports and what a dry run shows."""

import json

import numpy as np
import pytest
from PIL import Image

import tfgan2

ARGV = (
    *("--method=acgan", "--network=acgan_cnn", "--network.width_multiplier=0.05", "--network.latent_dim=3"),
    *("--batch_size=4", "--steps_per_execution=1", "--log_every=0", "--sample_every=0", "--evaluate_every=0"),
    *("--jit=off", "--train_steps=1", "--data.positive_classes=10,2"),
)


@pytest.fixture(scope="module")
def workdir(call, tmp_path_factory):
    """A run on the class folders 1, 2 and 10. The last two are wanted."""
    root = tmp_path_factory.mktemp("numbered")
    for name in ("1", "2", "10"):
        (root / "data" / name).mkdir(parents=True)
        for index in range(4):
            Image.new("L", (8, 8), 20 * int(name) + index).save(root / "data" / name / f"{index}.png")
    ended = call("train", *ARGV, f"--dataset=folder:{root / 'data'}", f"--workdir={root / 'run'}")
    assert ended.code == 0, ended.err
    return root / "run"


def test_what_a_dry_run_shows(call, workdir, tmp_path):
    argv = (*ARGV, f"--dataset=folder:{workdir.parent / 'data'}", f"--workdir={tmp_path}", "--dry_run")
    lines = call("train", *argv).out.splitlines()
    assert "  classes: 0 = 1 (4), 1 = 2 (4), 2 = 10 (4)" in lines
    assert any(line.startswith("  real: 8 of folder:") for line in lines)


def test_samples_by_name(call, workdir, tmp_path):
    run = tfgan2.load(workdir)
    assert run.facts.class_names == ("1", "2", "10") and run.facts.sampled_classes == (2, 1)
    assert run.model.offered_choices == (1, 2)
    ended = call("sample", f"--workdir={workdir}", f"--output={tmp_path / 'x.npz'}", "--count=5", "--choice=10")
    assert ended.code == 0, ended.err
    with np.load(tmp_path / "x.npz") as arrays:
        samples = arrays["samples"]
    for choice in ("10", ("10",), 2, (2,)):
        np.testing.assert_array_equal(np.rint(run.sample(5, choice=choice) * 255), samples)
    for wrong in ("0", "1", "cat", "-1"):  # 1 was not trained on
        ended = call("sample", f"--workdir={workdir}", f"--output={tmp_path / 'y.npz'}", f"--choice={wrong}")
        assert (ended.code, ended.err) == (
            2,
            f"tfgan2: --choice is {wrong}; it must be one of the classes of the run, 1 = 2, 2 = 10.\n",
        )


def test_an_export_knows_the_names(call, workdir, tmp_path):
    assert call("export", f"--workdir={workdir}", f"--output={tmp_path}").code == 0
    told = json.loads((tmp_path / "1" / "assets.extra" / "tfgan2.json").read_text())
    assert told["class_names"] == ["1", "2", "10"] and told["offered_choices"] == [1, 2]


def test_negative_classes_of_an_evaluation(call, workdir):
    ended = call("evaluate", f"--workdir={workdir}", "--negative_classes=cat")
    assert ended.code == 2
    assert ended.err.startswith("tfgan2: --negative_classes is cat; it must be made of classes of folder:")
    assert ended.err.endswith("/data: 0 = 1, 1 = 2, 2 = 10.\n")


def test_generators_have_no_names(call, tmp_path):
    argv = ("--method=p2gan", "--dataset=blobs", "--p2gan.num_generators=2", "--network.hidden_units=4")
    argv += ("--batch_size=8", "--steps_per_execution=1", "--sample_every=0", "--evaluate_every=0", "--train_steps=1")
    assert call("train", *argv, f"--workdir={tmp_path / 'run'}").code == 0
    ended = call("sample", f"--workdir={tmp_path / 'run'}", f"--output={tmp_path / 'x.npz'}", "--choice=first")
    message = "tfgan2: --choice is first; it must be one of the generators of the run, 0, 1, which have no names.\n"
    assert (ended.code, ended.err) == (2, message)
    assert tfgan2.load(tmp_path / "run").sample(3, choice="1").shape == (3, 2)
