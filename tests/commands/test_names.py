"""Folders and files of any name: all commands work, and an export that TensorFlow could not load is refused at once."""

import shutil
from pathlib import Path

import pytest
import tensorflow as tf

import tfgan2
from tfgan2.run.exporting import export

# Each is one folder. They have every letter that TensorFlow, a shell, a URL or a flagfile reads differently.
NAMES = ["lr=[0.1]a\\[b]*?", '-[!a] it\'s "50%20" #1 $HOME & é 名', "~", "n" * 255]


@pytest.mark.parametrize("name", NAMES)
def test_every_command_takes_any_name(name, call, fast, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    argv = ["--method=standard_gan", *fast, "--evaluate_every=0", "--sample_every=0", "--schedule_steps=20"]
    given = f"--workdir=./{name}"
    for steps in (10, 20):
        ended = call("train", *argv, f"--train_steps={steps}", given)
        assert ended.code == 0, ended.err
    assert tfgan2.load(name).model.global_step == 20
    for command, flags, written in (
        ("sample", [f"--output=./{name[:250]}.npz"], f"{name[:250]}.npz"),
        ("evaluate", [], f"{name}/evaluations/grid25-2k/20.json"),
        ("export", ["--output=models"], "models/1"),
        ("report", [], f"{name}/report.html"),
        ("train", [*argv, "--train_steps=10", "--workdir=next", f"--init_from=./{name}"], "next"),
    ):
        ended = call(command, *([] if command == "train" else [given]), *flags)
        assert ended.code == 0 and Path(written).exists(), ended.err
    exported = tf.saved_model.load("models/1")
    count, seed = tf.constant(3, tf.int64), tf.constant(0, tf.int64)
    assert exported.signatures["generate"](count=count, seed=seed)["samples"].shape == (3, 2)


@pytest.mark.parametrize("letter", "[]*?\\")
def test_an_export_that_could_not_be_loaded_is_refused_at_once(letter, trained, call, tree, tmp_path):
    folder = tmp_path / f"a{letter}b"
    refused = (
        f"tfgan2: cannot export to {folder}/export: TensorFlow reads {letter} in a path as part of a pattern, and "
        "could not load the model. Name a folder whose path has none of * ? [ ] and backslash.\n"
    )
    assert call("train", *trained.argv, f"--workdir={folder}") == (2, "", refused)
    assert call("train", *trained.argv, f"--workdir={folder}", "--dry_run") == (2, "", refused)
    assert call("export", f"--workdir={trained.workdir}", f"--output={folder}/export") == (2, "", refused)
    assert tree(tmp_path) == {}


def test_the_export_of_a_run_in_such_a_folder(trained, call, tmp_path):
    folder = tmp_path / "[0.1]"
    shutil.copytree(trained.workdir, folder)
    ended = call("export", f"--workdir={folder}")
    assert ended.code == 2 and ended.err.startswith(f"tfgan2: cannot export to {folder}/export: TensorFlow reads [ in ")
    with pytest.raises(ValueError, match="cannot export to "):
        export(tfgan2.load(folder))


def test_a_name_that_is_too_long(trained, call, tmp_path):
    folder = tmp_path / ("n" * 256)
    for command, flags in (
        ("train", trained.argv),
        ("sample", ["--output=x.npz"]),
        ("evaluate", []),
        ("export", []),
        ("report", []),
    ):
        ended = call(command, f"--workdir={folder}", *flags)
        assert (ended.code, ended.out) == (2, "") and "name is too long" in ended.err
    ended = call("sample", f"--workdir={trained.workdir}", f"--output={folder}.npz")
    assert (ended.code, ended.out) == (2, "") and "name is too long" in ended.err
    assert list(tmp_path.iterdir()) == []
