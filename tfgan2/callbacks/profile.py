"""A profile of a few steps for TensorBoard."""

import keras
import tensorflow as tf

from tfgan2.system.files import storing


class Profile(keras.callbacks.Callback):
    """Profiles from the first return to Python at or after one step to the first at or after another.

    TensorBoard shows the profile where the package xprof, its profile plugin, is installed.

    Args:
      folder: the TensorBoard folder of the run.
      first: step after which the profile begins. The first chunk of a run traces and compiles; choose a later one.
      last: step after which it ends.

    Raises:
      ValueError: the steps do not rise from at least 0.
    """

    def __init__(self, folder, *, first, last):
        super().__init__()
        if not 0 <= first < last:
            raise ValueError(f"the profile is to go from step {first} to {last}; give two steps, 0 <= first < last.")
        self._folder = str(folder)
        self._first = first
        self._last = last
        self._running = False

    def on_train_begin(self, logs=None):
        self._move()

    def on_train_batch_end(self, batch, logs=None):
        self._move()

    def on_train_end(self, logs=None):
        self._stop()

    def _move(self):
        step = self.model.global_step
        if step >= self._last:
            self._stop()
        elif step >= self._first and not self._running:
            with storing(self._folder):
                tf.profiler.experimental.start(self._folder)
            self._running = True

    def _stop(self):
        if self._running:
            self._running = False
            with storing(self._folder):
                tf.profiler.experimental.stop()
