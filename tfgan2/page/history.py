"""What a run has recorded while it trained: the lines of metrics.jsonl as series of numbers, and the time."""

import math
from pathlib import Path
from typing import NamedTuple

from tfgan2.callbacks.metrics_log import MetricsLog

_LOG = "metrics.jsonl"


class History(NamedTuple):
    """The records of a run.

    Attributes:
      lines: The lines of metrics.jsonl, in order. See `MetricsLog`.
    """

    lines: list[dict]

    @property
    def step(self):
        """The last recorded step, 0 without lines."""
        return max((line["step"] for line in self.lines), default=0)

    @property
    def series(self):
        """Name -> list of pairs (step, value). A value that was not finite is NaN. Warnings are left out."""
        found = {}
        for line in self.lines:
            for name, value in line["values"].items() if line["kind"] != "warning" else ():
                found.setdefault(name, []).append((line["step"], math.nan if value is None else value))
        return found

    @property
    def warnings(self):
        """The last line of each warning of the run, by its name, in order of their beginning."""
        return {line["values"]["name"]: line for line in self.lines if line["kind"] == "warning"}

    @property
    def seconds(self):
        """Seconds of training by the recorded speed, without pauses between two starts. None without a speed."""
        before, total = 0, 0.0
        for step, speed in self.series.get("steps_per_second", ()):
            if speed > 0:
                total += (step - before) / speed
            before = step
        return total or None

    @property
    def span(self):
        """Times of the first and the last line in seconds since 1970, or None without lines."""
        times = [line["wall_time"] for line in self.lines]
        return (times[0], times[-1]) if times else None


def read_history(folder):
    """Returns the `History` in the folder of a run or of a stage. It has no lines if there is no log."""
    return History(MetricsLog(Path(folder) / _LOG, every=0).lines())
