"""The file metrics.jsonl, which has the losses and measurements of a run."""

import errno
import json
import math
import os
import time
from pathlib import Path

import keras

from tfgan2.callbacks.cadence import Interval, check_every, is_due
from tfgan2.errors import ArgumentError
from tfgan2.system.files import storing, write_whole

_KINDS = ("train", "evaluation")


class MetricsLog(keras.callbacks.Callback):
    """Writes reported values to a file with one JSON object per line.

    Each line is
    `{"step": int, "kind": "train" | "evaluation", "wall_time": seconds since 1970, "values": {name: float | null}}`.
    A value that is not finite is null. A train line has the means over all steps since the last train line, and
    `steps_per_second`. When training begins, lines after the model's step are removed. So a resumed run has each line
    once.

    Args:
      path: Path of the file, such as `metrics.jsonl`.
      every: Steps between two train lines. 0 writes no train lines.
    """

    def __init__(self, path, *, every):
        super().__init__()
        self._path = Path(path)
        self._every = check_every(every)
        self._interval = Interval()

    def write(self, step, kind, values):
        """Appends one line.

        Args:
          step: The global step.
          kind: "train" or "evaluation".
          values: Name -> number.

        Raises:
          ArgumentError: The kind is another.
          StorageError: The file cannot be written. No part of the line stays.
        """
        if kind not in _KINDS:
            raise ArgumentError("kind", kind, f"one of {', '.join(_KINDS)}")
        line = {"step": int(step), "kind": kind, "wall_time": time.time()}
        line["values"] = {name: _finite_or_none(value) for name, value in values.items()}
        with storing(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            _append(self._path, json.dumps(line, allow_nan=False).encode() + b"\n")

    def lines(self):
        """Returns the lines of the file as dicts, in order. A line that a crash cut short is left out."""
        if not self._path.exists():
            return []
        parsed = map(_parse, self._path.read_bytes().splitlines(keepends=True))
        return [line for line in parsed if line is not None]

    def on_train_begin(self, logs=None):
        step = self.model.global_step
        if self._path.exists():
            kept = [json.dumps(line).encode() + b"\n" for line in self.lines() if line["step"] <= step]
            write_whole(self._path, b"".join(kept))
        self._interval.begin(step)

    def on_train_batch_end(self, batch, logs=None):
        step = self.model.global_step
        self._interval.add(step, logs)
        if is_due(step, self._every):
            self.write(step, "train", self._interval.take())

    def on_train_end(self, logs=None):
        if self._every and self._interval.steps:
            self.write(self.model.global_step, "train", self._interval.take())


def _append(path, data):
    with open(path, "ab", buffering=0) as file:
        end = file.tell()
        try:
            if file.write(data) != len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError:
            file.truncate(end)
            raise


def _parse(line):
    if not line.endswith(b"\n"):
        return None
    try:
        return json.loads(line)
    except ValueError:
        return None


def _finite_or_none(value):
    value = float(value)
    return value if math.isfinite(value) else None
