"""Saving of checkpoints during training."""

from pathlib import Path

import keras

from tfgan2.callbacks.cadence import cadence_of
from tfgan2.errors import ArgumentError
from tfgan2.system.checkpoints import BEST, mark_best, path_of, remove, remove_unfinished, save, saved_steps


class Checkpoints(keras.callbacks.Callback):
    """Saves the complete state of a game during training and at the end.

    The newest checkpoints and the best one are kept. The link `best` in the folder points to the best checkpoint. When
    training begins, checkpoints of later steps are removed: they are damaged, so the run resumed from an earlier one.

    Args:
      folder: Folder of the checkpoints. Each checkpoint is a sub-folder.
      every: Steps between two checkpoints, or `ByTime`. 0 saves at the end of training only.
      keep: Number of newest checkpoints to keep, at least 1.
      best: Function that returns the best of a list of steps or None, such as `Measurements.best_of`.
      first: Whether a run without a checkpoint begins with one, so that it can go back to its beginning.
    """

    def __init__(self, folder, *, every, keep=3, best=None, first=False):
        super().__init__()
        self._folder = Path(folder)
        self._every = cadence_of(every)
        if keep < 1:
            raise ArgumentError("keep", keep, "at least 1")
        self._keep = keep
        self._best = best or (lambda steps: None)
        self._first = first

    def on_train_begin(self, logs=None):
        remove_unfinished(self._folder)
        for step in saved_steps(self._folder):
            if step > self.model.global_step:
                remove(path_of(self._folder, step))
        if self._first and not saved_steps(self._folder):
            save(self.model, self._folder)
        self._mark_best()

    def on_train_batch_end(self, batch, logs=None):
        step = self.model.global_step
        if self._every.is_due(step) or self._best([*saved_steps(self._folder), step]) == step:
            self._save()
            self._every.done()

    def on_train_end(self, logs=None):
        self._save()

    def _save(self):
        if self.model.global_step not in saved_steps(self._folder):
            save(self.model, self._folder)
        self._mark_best()
        best = Path(self._folder, BEST).resolve()
        for step in saved_steps(self._folder)[: -self._keep]:
            path = path_of(self._folder, step)
            if path.resolve() != best:
                remove(path)

    def _mark_best(self):
        step = self._best(saved_steps(self._folder))
        if step is not None:
            mark_best(self._folder, step)
