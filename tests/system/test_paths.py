"""Paths as users write them: a home folder by ~ in every flag that names a path; names that TensorFlow misreads."""

import os
import pwd
import typing
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from tfgan2.data.sources import load
from tfgan2.flags import parse
from tfgan2.flags.groups import groups_of
from tfgan2.flags.run_flags import RUN_FLAGS
from tfgan2.flags.texts import from_text, to_text
from tfgan2.system.paths import from_user, literal, pattern_in, to_user

NO_PATHS = {
    *(
        "method",
        "network",
        "backbone",
        "stage",
        "cluster",
        "evaluate_metrics",
        "best_metric",
        "stop_when",
        "protocol",
        "p2gan.forces",
    ),
    *("row", "set", "callback"),
    *("data.split", "data.attribute", "data.minority", "data.background"),
    *("data.positive_classes", "data.negative_classes", "data.auxiliary_classes", "negative_classes", "choice"),
    *("budget", "dataset", "negative_dataset", "auxiliary_dataset"),  # KIND:PLACE. The readers expand the place.
}
"""The flags that take any text and name no path."""

REQUIRED = {
    "train": ["--method=gngan", "--dataset=digits", "--network=mlp", "--train_steps=50", "--workdir=w"],
    "sample": ["--workdir=w", "--output=x.npz", "--task=reconstruct"],
    "evaluate": [],
    "compare": ["--row=configs/gan_grid25.cfg", "--output=w"],
    "doctor": [],
    "export": ["--workdir=w"],
    "report": ["--workdir=w"],
}


def flags_of(command, kind):
    """The flags with an annotation that is made of a type."""
    declared = {flag: a.annotation for group in groups_of(command, {}) for flag, a in group.flags.items()}
    return {flag for flag, annotation in declared.items() if is_of(annotation, kind)}


def is_of(annotation, kind):
    return annotation is kind or any(is_of(part, kind) for part in typing.get_args(annotation))


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("command", RUN_FLAGS)
def test_a_flag_that_takes_any_text_names_no_path(command):
    assert flags_of(command, str) <= NO_PATHS


@pytest.mark.parametrize("in_a_file", [False, True])
@pytest.mark.parametrize(
    ("command", "flag"), [(command, flag) for command in RUN_FLAGS for flag in sorted(flags_of(command, Path))]
)
def test_the_home_folder_in_every_flag(command, flag, in_a_file, home):
    several = flag in ("compare", "workdirs")
    name = {"evaluate": "a.json", "report": "a.html"}.get(command, "a.npz") if flag == "output" else "a.npz"
    value = f"~/{name},~/b.npz" if several else f"~/{name}"
    beside = {
        "output": {"evaluate": ["--workdir=w"]}.get(command, []),
        "inception_path": {"train": ["--evaluate_metrics=frechet"], "evaluate": ["--workdir=w"]}.get(command, []),
        "feature_network": {"train": ["--evaluate_metrics=frechet"], "evaluate": ["--workdir=w"]}.get(command, []),
        "reference_statistics": ["--workdir=w", "--protocol=gngan-10k5k"],
        "stage_from": ["--method=pgmgan", "--backbone=invertible_mlp"],
        "stages_dir": ["--method=pgmgan", "--backbone=invertible_mlp"],
        "data.data_dir": ["--dataset=mnist"],
    }.get(flag, [])
    given = [f"--{flag}={value}"]
    if in_a_file:
        (home / "home.cfg").write_text(f"--{flag}={value}\n")
        given = ["--flagfile=~/home.cfg"]
    found = parse(command, [*REQUIRED[command], *beside, *given]).values[flag]
    assert found == ((home / name, home / "b.npz") if several else home / name)


def test_the_home_folder_of_a_dataset(home):
    (home / "pictures").mkdir()
    Image.new("L", (2, 2)).save(home / "pictures" / "x.png")
    np.savez(home / "images.npz", images=np.zeros([3, 2, 2], np.uint8))
    np.savez(home / "points.npz", points=np.zeros([4, 2], np.float32))
    assert len(load("folder:~/pictures").samples) == 1
    assert len(load("npz:~/images.npz").samples) == 3
    assert len(load("npz:~/points.npz").samples) == 4


def test_homes(home):
    assert from_user("~") == home and from_user("~/a/~") == home / "a" / "~"
    assert from_user("./~") == Path("~") and from_user("a~") == Path("a~")
    assert from_user("~root/x") == Path(pwd.getpwnam("root").pw_dir, "x")


@pytest.mark.parametrize("text", ["~", "~x/y", "-x", "--x", "None", "none", "a b#c", "é"])
def test_a_path_is_read_back_as_it_was(text):
    assert to_user(Path(text)) == to_text(Path(text)) and from_text("x", Path | None, to_text(Path(text))) == Path(text)


@pytest.mark.parametrize("letter", "[]*?\\")
def test_what_tensorflow_reads_as_a_pattern(letter, tmp_path):
    assert pattern_in(f"a/b{letter}c/d") == letter and pattern_in("a b#%é'\"{}!") is None
    folder = tmp_path / f"a{letter}b"
    folder.mkdir()
    with literal(folder) as path:
        (path / "x").write_text("here")
        assert pattern_in(path) is None and tf.io.gfile.glob(str(path / "x")) == [str(path / "x")]
        assert os.path.samefile(path, folder)
    assert not path.exists() and (folder / "x").read_text() == "here"
    with literal(tmp_path) as path:
        assert path == tmp_path
