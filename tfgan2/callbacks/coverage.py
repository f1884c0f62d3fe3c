"""How many modes of a known law the generator covers, as it trains."""

import sys

import keras
import numpy as np

from tfgan2.callbacks.cadence import check_every, is_due
from tfgan2.metrics.modes import grid_coverage, registration_radius

MODES = "coverage/registered_modes"
"""What a measurement calls the number of covered modes."""


def coverage_of(samples, point_set):
    """The grid measures of samples [n, d] in data units, or None for a point set without known modes.

    One sample in 100 covers a mode, as the 20 of 2,000 of GN-GAN, or a quarter of its equal share if that is fewer.
    """
    if point_set.centers is None or point_set.std is None:
        return None
    return grid_coverage(
        samples,
        point_set.centers,
        radius=registration_radius(point_set.std),
        minimum=max(1, len(samples) // max(100, 4 * len(point_set.centers))),
    )


class Coverage(keras.callbacks.Callback):
    """Measures the coverage of the averaged generator and warns when it collapses.

    Does nothing for a point set without known modes. Also measures at the end of training, unless it was stopped early.
    Values are named "coverage/registered_modes" and so on. "coverage/collapsed" is 1 while at most half as many modes
    are covered as at the best measurement before, if that was a quarter of all or more; else 0.

    Args:
      point_set: with the centres of the modes, in data units.
      scaling: between data units and the network's range.
      every: steps between two measurements; 0 makes none.
      count: samples for each.
      seed: of their latents.
      log: a `MetricsLog`, also the memory of earlier measurements when a run resumes.
      board: a `TensorBoard`.
      progress: a `Progress`, which shows the covered modes.

    Attributes:
      history: (step, covered modes) of every measurement of the run, in order.
    """

    def __init__(self, point_set, scaling, *, every, count=2000, seed=0, log, board=None, progress=None):
        super().__init__()
        self._point_set = point_set
        self._scaling = scaling
        self._every = check_every(every) if point_set.centers is not None and point_set.std is not None else 0
        self._count = count
        self._seed = seed
        self._log = log
        self._board = board
        self._progress = progress
        self.history = []

    def on_train_begin(self, logs=None):
        self.history = [
            (line["step"], int(line["values"][MODES]))
            for line in self._log.lines()
            if line["step"] <= self.model.global_step and MODES in line["values"]
        ]
        if self.history:
            self._show()

    def on_train_batch_end(self, batch, logs=None):
        if is_due(self.model.global_step, self._every):
            self._measure(self.model.global_step)

    def on_train_end(self, logs=None):
        step = self.model.global_step
        measured = bool(self.history) and self.history[-1][0] == step
        if self._every and not measured and not self.model.stop_training:
            self._measure(step)

    def _measure(self, step):
        with self.model.averaged():
            samples = self.model.generate(self.model.latents(self._seed, self._count))
        coverage = coverage_of(np.asarray(self._scaling.to_data(samples)), self._point_set)
        modes = coverage.registered_modes
        best_step, best = max(self.history, key=lambda entry: entry[1], default=(step, 0))
        # A run that never had a quarter of the modes has nothing to collapse from.
        collapsed = best >= len(self._point_set.centers) / 4 and modes <= best / 2
        if collapsed and self.history[-1][1] > best / 2:
            self._warn(f"mode collapse: {modes} modes are covered at step {step}, {best} were at step {best_step}.")
        self.history.append((step, modes))
        values = {f"coverage/{name}": float(value) for name, value in coverage._asdict().items()}
        values["coverage/collapsed"] = float(collapsed)
        self._log.write(step, "evaluation", values)
        if self._board is not None:
            self._board.scalars(step, values)
        self._show()

    def _show(self):
        if self._progress is not None:
            self._progress.show(f"{self.history[-1][1]}/{len(self._point_set.centers)} modes")

    def _warn(self, text):
        if self._progress is not None:
            self._progress.write(f"warning: {text}")
        else:
            print(f"warning: {text}", file=sys.stderr)
