"""Damage to the files of a run: one byte string of one file, then a command that needs the run."""

import functools
import shutil
import tempfile
from pathlib import Path

import numpy as np

from tfgan2 import evaluate, export, report, sample, train
from tfgan2.errors import InputError, StorageError
from torturing.called import called, last_line
from torturing.damage import damaged
from torturing.judge import Wrong

_TRAIN = (
    *("--method=gngan", "--dataset=grid25", "--network.hidden_units=8", "--batch_size=16", "--train_steps=60"),
    *("--steps_per_execution=10", "--log_every=10", "--sample_every=20", "--checkpoint_every=20"),
    *("--evaluate_every=20", "--ema_decay=0.9", "--jit=off", "--threads=1"),
)
_STEPS = (20, 40, 60)
_FURTHER = 80


def run(drawn, folder, name_kind):
    """Damages one file of a copy of the run, and runs a command that needs the run.

    Samples must be those of a whole checkpoint. Of evaluations, exports and reports only the end is judged.
    """
    reference = _reference()
    workdir = folder / "run"
    shutil.copytree(reference.workdir, workdir, symlinks=True)
    files = sorted(path for path in workdir.rglob("*") if path.is_file() and not path.is_symlink())
    path = drawn.choice(files)
    content = path.read_bytes()
    if drawn.random() < 0.15:
        path.unlink()
    else:
        path.write_bytes(damaged(drawn, content) if content else b"x")
    command = drawn.choice(["sample", "sample", "train", "evaluate", "export", "report"])
    name_kind(f"{_kind_of(path.relative_to(workdir))}, then {command}")
    output = folder / "output"
    if command == "sample":
        _called(sample, f"--workdir={workdir}", f"--output={output}.npz", "--count=16")
        _check_samples(_samples_in(f"{output}.npz"), reference.samples)
    elif command == "train":
        # A resumed run overwrites what is damaged, and ends as one that was never damaged.
        _called(train, f"--flagfile={reference.flags}", f"--train_steps={_FURTHER}", f"--workdir={workdir}")
        _called(sample, f"--workdir={workdir}", f"--output={output}.npz", "--count=16")
        _check_samples(_samples_in(f"{output}.npz"), {_FURTHER: reference.further})
    elif command == "evaluate":
        _called(evaluate, f"--workdir={workdir}", "--protocol=modes-2k", f"--output={output}.json")
    elif command == "export":
        _called(export, f"--workdir={workdir}", f"--output={output}")
    else:
        _called(report, f"--workdir={workdir}", f"--output={output}.html")


class _Reference:
    """A run that is never damaged, and what it gives."""

    def __init__(self, folder):
        self.workdir = folder / "run"
        self.flags = folder / "flags.cfg"
        self.flags.write_text("\n".join(_TRAIN) + "\n")
        _called(train, *_TRAIN, f"--workdir={self.workdir}")
        self.samples = {}
        for step in _STEPS:
            path = folder / f"{step}.npz"
            _called(sample, f"--workdir={self.workdir}", f"--output={path}", "--count=16", f"--step={step}")
            self.samples[step] = _samples_in(path)
        further = folder / "further"
        shutil.copytree(self.workdir, further, symlinks=True)
        _called(train, f"--flagfile={self.flags}", f"--train_steps={_FURTHER}", f"--workdir={further}")
        _called(sample, f"--workdir={further}", f"--output={folder / 'further.npz'}", "--count=16")
        self.further = _samples_in(folder / "further.npz")


@functools.cache
def _reference():
    folder = tempfile.TemporaryDirectory(prefix="torture_reference")
    made = _Reference(Path(folder.name))
    made.keeps = folder
    return made


def _called(command, *argv):
    """Runs a command in this process. A refusal is raised as the error that its exit code stands for."""
    code, err = called(command, *argv)
    if code == InputError.exit_code:
        raise InputError(last_line(err))
    if code == StorageError.exit_code:
        raise StorageError(last_line(err))
    if code != 0:
        raise Wrong(f"exit code {code}: {last_line(err)}")


def _samples_in(path):
    with np.load(path, allow_pickle=False) as arrays:
        return arrays[arrays.files[0]]


def _check_samples(found, known):
    if not any(found.tobytes() == samples.tobytes() for samples in known.values()):
        raise Wrong(f"other samples than those of the steps {', '.join(map(str, known))}")


def _kind_of(path):
    """A word for a file of a run."""
    return path.parts[0] if len(path.parts) == 1 else f"{path.parts[0]}/{path.name.rpartition('.')[2][:12]}"
