"""How many modes or classes of the data the generator covers, as it trains."""

import math
import sys

import keras
import numpy as np

from tfgan2.callbacks.cadence import check_every, is_due
from tfgan2.evaluation.occupancy import acceptance_of, occupancy_of
from tfgan2.evaluation.sampling import generated_in_blocks, reconstructing

_PREFIX = "coverage/"
_BLOCK = 500  # samples generated at once
_AVERAGED = {"ssim": 20}  # measurements in the moving average of a value; LOGAN (AAAI 2018) measures once an epoch


class Measurements(keras.callbacks.Callback):
    """Measures the averaged generator and warns when its coverage collapses.

    Also measures at the end of training, unless it was stopped early. Values are named "coverage/registered_modes" and
    so on. "coverage/collapsed" is 1 while at most half as many modes are covered as at the best measurement before, if
    that was a quarter of all or more; else 0. "coverage/ssim_average" is the mean of the last 20 values of
    "coverage/ssim", once there are so many.

    Args:
      panel: a `Panel`; None measures nothing.
      scaling: between data units and the network's range.
      every: steps between two measurements; 0 makes none.
      seed: of the latents.
      log: a `MetricsLog`, also the memory of earlier measurements when a run resumes.
      board: a `TensorBoard`.
      progress: a `Progress`, which shows the covered modes.
      best_metric: name of a value of the panel that `best_of` goes by.

    Attributes:
      measured: step -> values by name, of every measurement of the run, in order.
    """

    def __init__(self, panel, scaling, *, every, seed=0, log, board=None, progress=None, best_metric=None):
        super().__init__()
        self._panel = panel
        self._scaling = scaling
        self._every = check_every(every) if panel is not None else 0
        self._seed = seed
        self._log = log
        self._board = board
        self._progress = progress
        self._best_metric = best_metric
        self.measured = {}

    @property
    def history(self):
        """(step, covered modes) of every measurement, in order; none where the modes are not known."""
        covered = self._panel and self._panel.covered
        return [(step, int(values[covered])) for step, values in self.measured.items() if covered]

    def best_of(self, steps):
        """The one of these steps where `best_metric` was measured at its best, the first of equals, or None."""
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
        if is_due(self.model.global_step, self._every):
            self._measure(self.model.global_step)

    def on_train_end(self, logs=None):
        step = self.model.global_step
        if self._every and step not in self.measured and not self.model.stop_training:
            self._measure(step)

    def shown(self):
        """The last measurement as "20/25 modes", or None before the first."""
        return f"{self.history[-1][1]}/{self._panel.modes} modes" if self.history else None

    def _measure(self, step):
        rows_of = occupancy_of(self.model, self._seed, self._panel.samples)
        found = self._panel.measure(self._samples(), reconstructing(self.model, self._scaling), rows_of)
        found = {name: float(value) for name, value in found.items()}
        with self.model.averaged():
            found |= acceptance_of(self.model, self._seed, self._panel.samples)
        found |= self._averages(found)
        alarm = {"collapsed": float(self._collapsed(step, found))} if self._panel.covered else {}
        self.measured[step] = found
        values = {_PREFIX + name: value for name, value in (found | alarm).items()}
        self._log.write(step, "evaluation", values)
        if self._board is not None:
            self._board.scalars(step, values)
        if self.history:
            self._show()

    def _averages(self, found):
        """Moving averages of what is found now and was found before."""
        averages = {}
        for name in _AVERAGED.keys() & found.keys():
            series = [*(values[name] for values in self.measured.values() if name in values), found[name]]
            if len(series) >= _AVERAGED[name]:
                averages[f"{name}_average"] = float(np.mean(series[-_AVERAGED[name] :]))
        return averages

    def _collapsed(self, step, found):
        """Whether the modes have collapsed since an earlier measurement; the first time it is told."""
        modes, history = int(found[self._panel.covered]), self.history
        best_step, best = max(history, key=lambda entry: entry[1], default=(step, 0))
        # A run that never had a quarter of the modes has nothing to collapse from.
        collapsed = best >= self._panel.modes / 4 and modes <= best / 2
        if collapsed and history[-1][1] > best / 2:
            self._warn(f"mode collapse: {modes} modes are covered at step {step}, {best} were at step {best_step}.")
        return collapsed

    def _samples(self):
        """Samples of the averaged generator in data units."""
        with self.model.averaged():
            latents = self.model.latents(self._seed, self._panel.samples)
            samples = generated_in_blocks(self.model.generate, latents, _BLOCK)
        return np.asarray(self._scaling.to_data(samples))

    def _show(self):
        if self._progress is not None:
            self._progress.show(self.shown())

    def _warn(self, text):
        if self._progress is not None:
            self._progress.write(f"warning: {text}")
        else:
            print(f"warning: {text}", file=sys.stderr)
