"""When callbacks act, and what a run reported since they last did."""

import time

import numpy as np


def check_every(every, name="every"):
    """Returns a cadence in steps, at least 0; 0 means never.

    Raises:
      ValueError: it is negative.
    """
    if every < 0:
        raise ValueError(f"{name} is {every}; give a number of steps, or 0 for never.")
    return every


def is_due(step, every):
    """Whether a callback that acts every `every` steps acts at `step`."""
    return every > 0 and step % every == 0


class Interval:
    """The mean of everything reported since `begin` or the last `take`, weighted by steps, and the speed.

    Means are rounded to float32, in which they do not depend on how the steps were divided into chunks. A name counts
    over the steps that reported it: phases of a run may report different ones. The first chunk after `begin` is traced
    and compiled, which tells nothing about the steps to come: it counts for the speed only where it is all there is.

    Attributes:
      steps: steps taken in since then.
    """

    def begin(self, step):
        """Starts the first interval at a global step."""
        self._start(step)
        self._is_warm = False

    def add(self, step, logs):
        """Takes in a chunk of steps that ended at the global step `step`: the means over it, name -> float."""
        weight = step - self._step
        for name, value in (logs or {}).items():
            self._sums[name] = self._sums.get(name, 0.0) + weight * value
            self._weights[name] = self._weights.get(name, 0) + weight
        self._step = step
        self.steps += weight
        if not self._is_warm:
            self._is_warm = True
            self._warmed = (step, time.perf_counter())

    def take(self):
        """Name -> mean, with `steps_per_second` of wall time, pictures and evaluations included; starts the next."""
        values = {name: float(np.float32(total / self._weights[name])) for name, total in self._sums.items()}
        first, started = self._warmed if self._step > self._warmed[0] else self._began
        values["steps_per_second"] = (self._step - first) / (time.perf_counter() - started)
        self._start(self._step)
        return values

    def _start(self, step):
        self.steps = 0
        self._step = step
        self._sums = {}
        self._weights = {}
        self._began = self._warmed = (step, time.perf_counter())
