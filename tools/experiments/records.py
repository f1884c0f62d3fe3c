"""The record of an experiment, results/NAME.json: one line for each finished run, by row and seed.

A run holds its configuration, the flags that differ from it, the training step, the protocol, the values of raw and
averaged weights, those of real data, its curves if any, and when, where and at which commit it was measured.
"""

import contextlib
import fcntl
import json
import os

from experiments.definition import RESULTS
from tfgan2.system.files import write_whole


def path_of(name):
    """The file of an experiment's record."""
    return RESULTS / f"{name}.json"


def read(path):
    """Row -> seed -> run; nothing if there is no file."""
    if not path.exists():
        return {}
    rows = json.loads(path.read_text(encoding="utf-8"))["rows"]
    return {key: {int(seed): run for seed, run in runs.items()} for key, runs in rows.items()}


def add(path, key, seed, run):
    """Writes one more finished run. Other processes may add runs to the same file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _alone(path.parent):
        rows = read(path)
        rows.setdefault(key, {})[seed] = run
        write(path, rows)


def write(path, rows):
    """Writes row -> seed -> run whole, a line for each run, so that a new run is a new line in the history."""
    write_whole(path, _text(rows).encode())


def _text(rows):
    parts = []
    for key in sorted(rows):
        lines = ",\n".join(f'   "{seed}": {json.dumps(rows[key][seed])}' for seed in sorted(rows[key]))
        parts.append(f"  {json.dumps(key)}: {{\n{lines}\n  }}")
    return '{\n "rows": {\n' + ",\n".join(parts) + "\n }\n}\n"


@contextlib.contextmanager
def _alone(folder):
    """Waits until no other process writes records in the folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # a file system that cannot lock folders
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
