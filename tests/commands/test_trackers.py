"""The callbacks for W&B and MLflow on the site, with the real packages. They are no dependencies: see the page."""

import importlib.util
import sqlite3
import sys
from pathlib import Path

import pytest
from documents import blocks

needs = lambda name: pytest.mark.skipif(importlib.util.find_spec(name) is None, reason=f"{name} is not installed")  # noqa: E731


@pytest.fixture
def tracked(tmp_path, monkeypatch, fast, call):
    """(name of a module on the page) -> trains with its callback, in an empty working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))

    def tracked(name):
        (block,) = (block for block in blocks("docs/howto/watch.md") if block.note == f"file: {name}.py")
        Path(f"{name}.py").write_text(block.text)
        argv = ["--method=standard_gan", "--train_steps=40", "--sample_every=0", "--workdir=w"]
        ended = call("train", *fast, *argv, f"--callback={name}:Track")
        sys.modules.pop(name, None)
        assert ended.code == 0, ended.err

    return tracked


@needs("wandb")
def test_wandb(tracked, tmp_path):
    tracked("my_wandb")
    (file,) = tmp_path.glob("wandb/offline-run-*/run-*.wandb")
    assert all(name in file.read_bytes() for name in (b"registered_modes", b"generator/loss"))


@needs("mlflow")
def test_mlflow(tracked):
    tracked("my_mlflow")
    with sqlite3.connect("mlflow.db") as store:
        steps = store.execute("select step from metrics where key = 'coverage/registered_modes' order by step")
        assert [step for (step,) in steps] == [20, 40]
        assert [step for (step,) in store.execute("select max(step) from metrics where key = 'generator/loss'")] == [40]
        assert store.execute("select status from runs").fetchall() == [("FINISHED",)]
