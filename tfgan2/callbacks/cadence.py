"""The steps at which a callback acts, and the mean values between two of these steps."""

import time

import numpy as np

from tfgan2.errors import ArgumentError


def check_every(every, name="every"):
    """Checks a cadence, which is a number of steps of at least 0, and returns it. 0 means never.

    Raises:
      ArgumentError: The cadence is negative.
    """
    if every < 0:
        raise ArgumentError(name, every, "a number of steps, or 0 for never")
    return every


def is_due(step, every):
    """Whether a callback with the cadence `every` acts at `step`."""
    return every > 0 and step % every == 0


class Interval:
    """Means of reported values and the speed, since `begin` or the last `take`.

    A mean is weighted by steps, over the steps that reported its name. Phases of a run may report different names. The
    means are rounded to float32, so that they do not depend on the division of the steps into chunks. The speed leaves
    out the first chunk after `begin`, because TensorFlow traces and compiles it. If there is no other chunk, the speed
    includes it.

    Attributes:
      steps: Number of steps in the interval.
    """

    def begin(self, step):
        """Starts the first interval at the global step `step`."""
        self._start(step)
        self._is_warm = False

    def add(self, step, logs):
        """Adds a chunk of steps.

        Args:
          step: The global step at the end of the chunk.
          logs: Name -> mean over the chunk, or None.
        """
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
        """Ends the interval and starts the next.

        Returns:
          The mean of each value over the interval, by name. `steps_per_second` is the speed in wall time, which
          includes pictures and measurements.
        """
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
