"""The file metrics.jsonl, which has the losses and measurements of a run."""

import errno
import json
import math
import os
import time
from pathlib import Path

import keras

from tfgan2.callbacks.cadence import Interval, cadence_of
from tfgan2.errors import ArgumentError, NonFiniteError
from tfgan2.system.file_versions import check_version, versioned
from tfgan2.system.files import storing, write_whole

_FILE = "metrics.jsonl"
_KINDS = ("train", "evaluation", "health", "warning")


class MetricsLog(keras.callbacks.Callback):
    """Writes reported values to a file with one JSON object per line.

    Each line is
    `{"step": int, "kind": "train" | "evaluation" | "health" | "warning", "wall_time": seconds since 1970,
    "format_version": int, "values": {name: float}}`. A train line has the means over all steps since the last
    train line, and `steps_per_second`. A warning has other values, see `Diagnosis`. When training begins, lines after
    the model's step are removed. So a resumed run has each line once.

    Args:
      path: Path of the file, such as `metrics.jsonl`.
      every: Steps between two train lines, or `ByTime`. 0 writes no train lines.

    Attributes:
      listeners: Functions of a line that are called after it is written.
    """

    def __init__(self, path, *, every):
        super().__init__()
        self._path = Path(path)
        self._every = cadence_of(every)
        self._interval = Interval()
        self.listeners = []

    def write(self, step, kind, values):
        """Appends one line.

        Args:
          step: The global step.
          kind: "train", "evaluation", "health" or "warning".
          values: Name -> number. A warning has texts, too.

        Raises:
          ArgumentError: The kind is another.
          NonFiniteError: A number is not finite. Nothing is written.
          StorageError: The file cannot be written. No part of the line stays.
        """
        if kind not in _KINDS:
            raise ArgumentError("kind", kind, f"one of {', '.join(_KINDS)}")
        line = {"step": int(step), "kind": kind, "wall_time": time.time()} | versioned(_FILE, {})
        line["values"] = {
            name: value if isinstance(value, bool | str) else float(value) for name, value in values.items()
        }
        check_finite(step, line["values"])
        with storing(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            _append(self._path, json.dumps(line, allow_nan=False).encode() + b"\n")
        for listener in self.listeners:
            listener(line)

    def lines(self):
        """Returns the lines of the file, see `read_lines`."""
        return read_lines(self._path)

    def on_train_begin(self, logs=None):
        step = self.model.global_step
        if self._path.exists():
            kept = [json.dumps(line).encode() + b"\n" for line in self.lines() if line["step"] <= step]
            write_whole(self._path, b"".join(kept))
        self._interval.begin(step)

    def on_train_batch_end(self, batch, logs=None):
        step = self.model.global_step
        self._interval.add(step, logs)
        if self._every.is_due(step):
            self.write(step, "train", self._interval.take())
            self._every.done()

    def on_train_end(self, logs=None):
        if self._every and self._interval.steps:
            self.write(self.model.global_step, "train", self._interval.take())


def check_finite(step, values):
    """Raises NonFiniteError if a number among values of a step, name -> number or text, is infinite or NaN."""
    for name, value in values.items():
        if isinstance(value, float) and not math.isfinite(value):
            raise NonFiniteError(f"{name} is not finite after step {step - 1}.")


def read_lines(path):
    """Returns the lines of a metrics.jsonl as dicts, in order. A line that a crash cut short is left out.

    The result is empty if there is no file.

    Raises:
      InputError: A line has a newer version.
    """
    if not Path(path).exists():
        return []
    parsed = map(_parse, Path(path).read_bytes().splitlines(keepends=True))
    lines = [line for line in parsed if line is not None]
    for line in lines:
        check_version(_FILE, path, line)
    return lines


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
