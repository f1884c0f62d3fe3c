"""The numbers of a run so far, by name."""

import numpy as np

_POINTS, _SHARE, _STEPS = 8, 0.2, 500


class History:
    """Values by name, in the order of their steps.

    Args:
      first_step: Step at which the present phase begins. Earlier values are ignored.
      epochs_per_step: Share of the training samples that one step takes.
      modes: Number of modes of the data, or 0 if they are unknown.
      best: Name of an evaluated value -> its ideal value. It is infinite if more (or less) is always better.

    Attributes:
      step: The last step with a value.
      active: Names of the findings that hold at present.
    """

    def __init__(self, *, first_step=0, epochs_per_step=0.0, modes=0, best=None):
        self.first_step = self.step = first_step
        self.epochs_per_step = epochs_per_step
        self.modes = modes
        self.best = dict(best or {})
        self.active = set()
        self._values = {}

    @property
    def is_young(self):
        """Whether the phase has fewer than 500 steps, too few to judge it."""
        return self.step - self.first_step < _STEPS

    def add(self, step, values):
        """Adds the values of a step, name -> number. None is a number that was not finite."""
        if step <= self.first_step:
            return
        self.step = max(self.step, step)
        for name, value in values.items():
            if value is not None and np.isfinite(value):
                self._values.setdefault(name, []).append((step, value))

    def of(self, name):
        """Returns (steps, values) of a name, float64 [n] each. They are empty for an unknown name."""
        return np.array(self._values.get(name, ()), np.float64).reshape(-1, 2).T

    def last(self, name, count):
        """Returns the last `count` values of a name, or None if there are fewer."""
        values = self.of(name)[1]
        return values[-count:] if len(values) >= count else None

    def recent(self, *names):
        """The values of the last stretch: a fifth of the steps, but at least 8 points and 500 steps.

        Returns:
          (first step, values [n] of each name), or None if a name has too few values.
        """
        series = [self.of(name) for name in names]
        steps = series[0][0]
        if len(steps) < _POINTS or any(len(others) != len(steps) for others, _ in series):
            return None
        begin = self.step - max(_STEPS, _SHARE * (self.step - self.first_step))
        start = min(np.searchsorted(steps, begin, side="right"), len(steps) - _POINTS)
        before = steps[start - 1] if start else self.first_step
        if self.step - before < _STEPS:
            return None
        return int(before), *(values[start:] for _, values in series)
