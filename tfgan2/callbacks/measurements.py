"""Measurements of the generator during training, such as the number of covered modes."""

import math

import keras
import numpy as np

from tfgan2.callbacks.cadence import cadence_of
from tfgan2.callbacks.metrics_log import check_finite
from tfgan2.evaluation.occupancy import acceptance_of, occupancy_of
from tfgan2.evaluation.sampler import Sampler

_PREFIX = "coverage/"
_AVERAGED = {"ssim": 20}  # Value -> window of its moving average. LOGAN (AAAI 2018) averages over 20 epochs.


class Measurements(keras.callbacks.Callback):
    """Measures the averaged generator at a cadence and at the end of training.

    There is no measurement at the end if training was stopped early. Logged names have the prefix "coverage/".

    "coverage/collapsed" is 1 for a mode collapse and 0 otherwise. A mode collapse means that at most half as many modes
    are covered as at the best measurement before, and that the best measurement covered at least a quarter of all
    modes. "coverage/ssim_average" is the mean of the last 20 values of "coverage/ssim", from the 20th measurement on.

    Args:
      panel: The `Panel` to measure. None measures nothing.
      scaling: Maps data units to the range of the networks and back.
      every: Steps between two measurements, or `ByTime`. 0 measures nothing.
      seed: Seed of the latents.
      log: The `MetricsLog` of the run. A resumed run reads earlier measurements from it.
      board: A `TensorBoard` callback that also receives the values, or None.
      progress: A `Progress` callback that shows the number of covered modes, or None.
      best_metric: Name of the value that decides which step is best.

    Attributes:
      measured: Step -> name -> value, for every measurement of the run in order.
    """

    def __init__(self, panel, scaling, *, every, seed=0, log, board=None, progress=None, best_metric=None):
        super().__init__()
        self._panel = panel
        self._scaling = scaling
        self._sampler = None
        self._every = cadence_of(0 if panel is None else every)
        self._seed = seed
        self._log = log
        self._board = board
        self._progress = progress
        self._best_metric = best_metric
        self.measured = {}

    def set_model(self, model):
        super().set_model(model)
        if self._panel is not None:
            self._sampler = Sampler(model, self._scaling, self._panel.kind)

    @property
    def history(self):
        """Pairs (step, covered modes) of all measurements in order. Empty if the modes are unknown."""
        covered = self._panel and self._panel.covered
        return [(step, int(values[covered])) for step, values in self.measured.items() if covered]

    def best_of(self, steps):
        """Returns the step with the best value of `best_metric`, or None if none of the steps has a finite value.

        Of equal values, the earliest step is the best.
        """
        values = {step: self.measured.get(step, {}).get(self._best_metric, math.nan) for step in sorted(steps)}
        shortfalls = {
            step: self._panel.shortfall(self._best_metric, value)
            for step, value in values.items()
            if math.isfinite(value)
        }
        return min(shortfalls, key=shortfalls.get, default=None)

    def on_train_begin(self, logs=None):
        if self._panel is None:
            return
        self.measured = {
            line["step"]: {
                name.removeprefix(_PREFIX): math.nan if value is None else value
                for name, value in line["values"].items()
            }
            for line in self._log.lines()
            if line["step"] <= self.model.global_step and line["kind"] == "evaluation"
        }
        if self.history:
            self._show()

    def on_train_batch_end(self, batch, logs=None):
        if self._every.is_due(self.model.global_step):
            self._measure(self.model.global_step)
            self._every.done()

    def on_train_end(self, logs=None):
        step = self.model.global_step
        if self._every and step not in self.measured and not self.model.stop_training:
            self._measure(step)

    def shown(self):
        """The last number of covered modes as text, such as "20/25 modes". None before the first measurement."""
        return f"{self.history[-1][1]}/{self._panel.modes} modes" if self.history else None

    def _measure(self, step):
        self.model.check_finite()  # A ReLU can turn NaN into 0.
        samples = self._sampler.sample(self._panel.samples, seed=self._seed)
        rows_of = occupancy_of(self.model, self._seed, self._panel.samples)
        found = self._panel.measure(samples, self._sampler.reconstruct_stored, rows_of)
        found = {name: float(value) for name, value in found.items()}
        with self.model.averaged():
            found |= acceptance_of(self.model, self._seed, self._panel.samples)
        check_finite(step, {_PREFIX + name: value for name, value in found.items()})
        found |= self._averages(found)
        alarm = {"collapsed": float(self._collapsed(found))} if self._panel.covered else {}
        self.measured[step] = found
        values = {_PREFIX + name: value for name, value in (found | alarm).items()}
        self._log.write(step, "evaluation", values)
        if self._board is not None:
            self._board.scalars(step, values)
        if self.history:
            self._show()

    def _averages(self, found):
        """Moving averages over the last measurements and this one."""
        averages = {}
        for name in _AVERAGED.keys() & found.keys():
            series = [*(values[name] for values in self.measured.values() if name in values), found[name]]
            if len(series) >= _AVERAGED[name]:
                averages[f"{name}_average"] = float(np.mean(series[-_AVERAGED[name] :]))
        return averages

    def _collapsed(self, found):
        """Whether the modes have collapsed since an earlier measurement."""
        best = max((modes for _, modes in self.history), default=0)
        # A run that never covered a quarter of the modes has failed without a collapse.
        return best >= self._panel.modes / 4 and int(found[self._panel.covered]) <= best / 2

    def _show(self):
        if self._progress is not None:
            self._progress.show(self.shown())
