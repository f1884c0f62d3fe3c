"""The steps at which a callback acts, by steps or by time, and the mean values between two of these steps."""

import time

import numpy as np

from tfgan2.errors import ArgumentError

_COST = 10  # A callback by time takes at most about a tenth of the time.


class BySteps:
    """Acts at each multiple of a number of steps. It is false if it never acts.

    Args:
      every: Number of steps, or 0 for never.

    Raises:
      ArgumentError: The number is negative.
    """

    def __init__(self, every):
        if every < 0:
            raise ArgumentError("every", every, "a number of steps, or 0 for never")
        self.every = every

    def __bool__(self):
        return self.every > 0

    def is_due(self, step):
        """Whether the callback acts at the end of a chunk of steps, at `step`."""
        return bool(self) and step % self.every == 0

    def done(self):
        """The callback has acted."""


class ByTime:
    """Acts after a few seconds, and then less and less often. So a short run is shown, and a long run not too often.

    The next act comes after a share of the time since the start, but at least after `first` seconds and at most after
    `longest` seconds. After an act that took long it comes later: acts take at most about a tenth of the time. The
    clock starts at the end of the first chunk of steps, because TensorFlow compiles this chunk.

    Args:
      first: Seconds to the first act.
      longest: Largest number of seconds between two acts.
      share: Time to the next act as a share of the time since the start.
    """

    def __init__(self, *, first, longest, share):
        self._first, self._longest, self._share = first, longest, share
        self._began = self._last = None
        self._cost = 0.0

    def is_due(self, step):
        """Whether the callback acts at the end of a chunk of steps."""
        del step
        now = time.perf_counter()
        if self._began is None:
            self._began = self._last = now
        wait = min(max(self._share * (now - self._began), self._first), self._longest)
        self._asked = now
        return now - self._last >= max(wait, _COST * self._cost)

    def done(self):
        """The callback has acted since it was due."""
        self._last = time.perf_counter()
        self._cost = self._last - self._asked


def cadence_of(every):
    """Returns a cadence. A number of steps becomes `BySteps`."""
    return BySteps(every) if isinstance(every, int) else every


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
