"""A cheap game for tests of callbacks. It has all attributes of a game that callbacks read."""

import contextlib

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan2.errors import NonFiniteError


class Board:
    """Keeps what a callback writes to TensorBoard, in `points` and `images`."""

    def __init__(self):
        self.points, self.images = [], []

    def scalars(self, step, values):
        self.points.append((step, values))

    def image(self, step, name, pixels):
        self.images.append((step, name, pixels))


class PlayedGame:
    """Generates `points` with averaged weights, and distant points otherwise."""

    def __init__(self, global_step=0, points=None):
        self.global_step = global_step
        self.stop_training = self.finish_training = False
        self.phase = "train"
        self.networks = {}
        self.choice = None
        self.network_optimizers = {
            "discriminator": keras.optimizers.SGD(0.25),
            "generator": keras.optimizers.SGD(keras.optimizers.schedules.PiecewiseConstantDecay([10], [0.5, 0.125])),
        }
        for optimizer in self.network_optimizers.values():
            optimizer.build([])
        self.points = points
        self._is_averaged = False

    def schedule(self, train_steps):
        return [("train", train_steps)]

    def check_finite(self):
        if not np.isfinite(np.zeros(1) if self.points is None else self.points).all():
            raise NonFiniteError("a point is not finite.")

    @contextlib.contextmanager
    def averaged(self):
        self._is_averaged = True
        yield self
        self._is_averaged = False

    def latents(self, seed, count, choice=()):
        return tf.random.stateless_normal([count, 2], [seed, 0])

    def generate(self, latents):
        def points(latents):  # as they are now, in graphs, too
            found = np.resize(self.points, (len(latents), self.points.shape[1]))
            return (found if self._is_averaged else found + 100).astype(np.float32)

        return tf.numpy_function(points, [latents], tf.float32)

    def score(self, samples):
        return tf.reduce_sum(samples, axis=1, keepdims=True)

    def play(self, callbacks, chunks):
        """Runs callbacks over chunks. A chunk is a pair (steps, logs), or a function to call between chunks."""
        callbacks = keras.callbacks.CallbackList(callbacks, model=self)
        callbacks.on_train_begin()
        for chunk in chunks:
            if callable(chunk):
                chunk()
                continue
            steps, logs = chunk
            self.global_step += steps
            callbacks.on_train_batch_end(self.global_step, logs)
        callbacks.on_train_end()


@pytest.fixture
def play():
    """Function that plays chunks on a game with given step and points, and returns the game."""

    def played(callbacks, chunks, *, global_step=0, points=None, game=None):
        game = game or PlayedGame(global_step, points)
        game.play(callbacks, chunks)
        return game

    return played


@pytest.fixture
def game():
    return PlayedGame


@pytest.fixture
def board():
    return Board()
