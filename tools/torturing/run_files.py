"""Damage to the files of a run, of its export and of a cache: one file of many, then what needs it."""

import functools
import shutil
import tempfile
from pathlib import Path

import numpy as np
from golden import from_cache

from tfgan2 import evaluate, export, report, sample, train
from tfgan2.errors import InputError, StorageError
from torturing.called import called, last_line
from torturing.damage import damaged
from torturing.judge import Wrong

_TRAIN = (
    *("--method=gngan", "--dataset=grid25", "--network.hidden_units=8", "--batch_size=16", "--train_steps=60"),
    *("--steps_per_execution=10", "--log_every=10", "--sample_every=20", "--checkpoint_every=20"),
    *("--evaluate_every=20", "--ema_decay=0.9", "--jit=off", "--threads=1", "--export_at_end"),
)
_STEPS = (20, 40, 60)
_FURTHER = 80


def run(drawn, folder, name_kind):
    """Damages one file of a copy of the run, its export or a cache, and runs what needs it.

    Samples must be those of a whole checkpoint, and a run that is trained on must end as one that was never damaged. Of
    evaluations, exports and reports only the end is judged.
    """
    if drawn.random() < 0.3:
        _damage_cache(drawn, folder, name_kind)
        return
    whole = reference()
    workdir = folder / "run"
    shutil.copytree(whole.workdir, workdir, symlinks=True)
    kind = _kind_of(_damage_one(drawn, workdir).relative_to(workdir))
    command = drawn.choice(["sample"] * 4 + ["report", "report", "train", "evaluate", "export"])
    name_kind(f"{kind}, then {command}")
    output = folder / "output"
    if command == "sample":
        _called(sample, f"--workdir={workdir}", f"--output={output}.npz", "--count=16")
        _check_samples(_samples_in(f"{output}.npz"), whole.samples)
    elif command == "train":
        # A resumed run overwrites what is damaged, and ends as one that was never damaged.
        _called(train, f"--flagfile={whole.flags}", f"--train_steps={_FURTHER}", f"--workdir={workdir}")
        _called(sample, f"--workdir={workdir}", f"--output={output}.npz", "--count=16")
        _check_samples(_samples_in(f"{output}.npz"), {_FURTHER: whole.further})
    elif command == "evaluate":
        _called(evaluate, f"--workdir={workdir}", "--protocol=modes-2k", f"--output={output}.json")
    elif command == "export":
        _called(export, f"--workdir={workdir}", f"--output={output}")
    else:
        _called(report, f"--workdir={workdir}", f"--output={output}.html")


def _damage_one(drawn, folder):
    """Damages or removes one of the files in a folder, and returns its path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    path = drawn.choice(files)
    content = path.read_bytes()
    if drawn.random() < 0.15:
        path.unlink()
    else:
        path.write_bytes(damaged(drawn, content) if content else b"x")
    return path


def _damage_cache(drawn, folder, name_kind):
    """Damages a cache and reads it. Its numbers must be right: what is damaged is made anew.

    Prepared images and labels are mapped into memory without a checksum, so of these only the shape is judged.
    """
    cache = folder / "cache"
    shutil.copytree(reference().cache, cache)
    path = _damage_one(drawn, cache)
    name_kind(f"cache/{path.name.partition('-')[0]}")
    found = from_cache(cache)
    for name, array in reference().numbers.items():
        judged = np.zeros_like if path.name == f"{name}.npy" else np.asarray
        if judged(found[name]).tobytes() != judged(array).tobytes() or found[name].shape != array.shape:
            raise Wrong(f"other {name}")


class _Reference:
    """A run and a cache that are never damaged, and what they give."""

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
        self.cache = folder / "cache"
        self.numbers = from_cache(self.cache)


@functools.cache
def reference():
    """The `_Reference` of all cases."""
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
