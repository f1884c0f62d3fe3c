"""What the tests of the commands share: a tiny trained run, how to call a command, and how to read what a run left."""

import contextlib
import importlib
import io
import json
import shutil
from pathlib import Path
from typing import NamedTuple

import keras
import pytest
import tensorflow as tf
from torturing.nursery import Ended

from tfgan2.system.paths import literal

FAST = (
    "--dataset=grid25",
    "--network.hidden_units=8",
    "--batch_size=16",
    "--steps_per_execution=10",
    "--log_every=10",
    "--sample_every=0",
    "--checkpoint_every=20",
    "--evaluate_every=20",
)


class Run(NamedTuple):
    """A run and the command line that made it, without its workdir."""

    workdir: Path
    argv: list[str]
    ended: Ended


@pytest.fixture
def start(nursery, tmp_path):
    """(flags of tfgan2.train, code to run first, size of the largest file) -> a `Process`; one at a time."""

    def start(*argv, before="", largest_file=0):
        limit = f"resource.setrlimit(resource.RLIMIT_FSIZE, ({largest_file}, resource.RLIM_INFINITY))"
        lines = ["import resource", limit if largest_file else "", before, "code = train.main(argv)"]
        return nursery.start("\n".join(lines), argv, tmp_path)

    return start


@pytest.fixture(scope="session")
def call():
    """(command, flags) -> how `main` of that command ended in this process."""

    def call(command, *argv):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = importlib.import_module(f"tfgan2.{command}").main([str(text) for text in argv])
        return Ended(code, out.getvalue(), err.getvalue())

    return call


@pytest.fixture(scope="session")
def fast():
    """Flags of a tiny run, beside method, steps and workdir."""
    return FAST


@pytest.fixture(scope="session")
def trained(call, once):
    """GN-GAN after 45 steps in chunks of 10, with averaged weights and an export. Not to be written to."""
    argv = ["--method=gngan", *FAST, "--sample_every=20", "--train_steps=45", "--ema_decay=0.9", "--export_at_end"]

    def make(folder):
        ended = call("train", *argv, f"--workdir={folder / 'run'}")
        (folder / "ended.json").write_text(json.dumps(ended))

    folder = once("trained", make)
    ended = Ended(*json.loads((folder / "ended.json").read_text()))
    assert ended.code == 0, ended.err
    return Run(folder / "run", argv, ended)


@pytest.fixture
def trained_copy(trained, tmp_path):
    """The same run in a folder that may be written to."""
    workdir = tmp_path / "copy"
    shutil.copytree(trained.workdir, workdir)
    return workdir


@pytest.fixture
def state_of():
    """(workdir, step) -> name -> array of one checkpoint, without a step of the newest."""

    def state_of(workdir, step=None):
        folders = sorted(Path(workdir, "checkpoints").glob("step_*"))
        folder = folders[-1] if step is None else Path(workdir, "checkpoints", f"step_{step:08d}")
        with literal(folder) as path:
            reader = tf.train.load_checkpoint(str(path / "state"))
        suffix = "/.ATTRIBUTES/VARIABLE_VALUE"
        stored = [name for name in reader.get_variable_to_shape_map() if name.endswith(suffix)]
        assert len(stored) > 10
        # TensorFlow writes .S for the / of a name.
        names = {name: name.removesuffix(suffix).replace(".S", "/") for name in stored}
        return {names[name]: reader.get_tensor(name) for name in stored}

    return state_of


@pytest.fixture
def differing(state_of):
    """(workdir, other workdir) -> names of the newest variables that differ in any bit, or that one run lacks."""

    def differing(one, other):
        one, other = state_of(one), state_of(other)
        return [
            name
            for name in sorted(one | other)
            if name not in one or name not in other or one[name].tobytes() != other[name].tobytes()
        ]

    return differing


@pytest.fixture
def metrics_of():
    """(workdir) -> the lines of metrics.jsonl, without what depends on the clock."""

    def metrics_of(workdir):
        lines = [json.loads(line) for line in Path(workdir, "metrics.jsonl").read_text().splitlines()]
        for line in lines:
            del line["wall_time"]
            line["values"].pop("steps_per_second", None)
        return lines

    return metrics_of


@pytest.fixture
def tree():
    """(folder) -> path -> bytes of every file below it, None for folders."""

    def tree(folder):
        paths = sorted(Path(folder).rglob("*"))
        return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in paths}

    return tree


@pytest.fixture(autouse=True)
def float32_afterwards():
    """A run sets the precision of its process."""
    yield
    keras.config.set_dtype_policy("float32")
