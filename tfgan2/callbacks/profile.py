"""Profiling of a few training steps for TensorBoard."""

import keras
import tensorflow as tf

from tfgan2.system.files import storing


class Profile(keras.callbacks.Callback):
    """Profiles the training steps between two steps.

    The profile starts and stops between chunks of steps. It starts at the first end of a chunk at or after `first`, and
    stops at the first one at or after `last`. TensorBoard shows profiles with the package xprof.

    Args:
      folder: The TensorBoard folder of the run.
      first: Step at which the profile starts. The first chunk of a run includes tracing and compilation, so choose a
        later step.
      last: Step at which the profile stops.

    Raises:
      ValueError: `first` is below 0, or `last` is not above `first`.
    """

    def __init__(self, folder, *, first, last):
        super().__init__()
        if not 0 <= first < last:
            raise ValueError(f"the steps of the profile are {first} and {last}; they must be 0 <= first < last.")
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
