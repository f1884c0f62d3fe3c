"""The speed of a run and the time that is left, without jumps."""

import collections
import statistics
import time

import tqdm

_KEPT = 31  # Chunks of steps.


class TimeLeft:
    """Estimates the time to the end of a run by the median of the speeds of its last chunks of steps.

    A picture or a pause of the machine takes long, but does not change the median. The first chunk counts only as long
    as there is no other, because TensorFlow traces and compiles it.

    Args:
      train_steps: The step at which training ends.
      after: Seconds of the trainings that follow. None is unknown.
    """

    def __init__(self, train_steps, after=0.0):
        self._train_steps = train_steps
        self._after = after

    def begin(self, step):
        """Starts the clock at the global step `step`."""
        self._step, self._time = step, time.perf_counter()
        self._first = None
        self._paces = collections.deque(maxlen=_KEPT)

    def add(self, step):
        """Adds the chunk of steps that ends at the global step `step`."""
        now = time.perf_counter()
        pace = (now - self._time) / max(1, step - self._step)
        if self._first is None:
            self._first = pace
        else:
            self._paces.append(pace)
        self._step, self._time = step, now

    @property
    def text(self):
        """The speed and the time that is left, such as "20.00 steps/s, 01:30 left". Empty before the first chunk."""
        if self._first is None:
            return ""
        pace = statistics.median(self._paces or [self._first])
        left = max(0, self._train_steps - self._step) * pace + (self._after or 0.0)
        where = " in this stage" * (self._after is None)
        return f"{1 / max(pace, 1e-9):.2f} steps/s, {tqdm.tqdm.format_interval(left)} left{where}"
