"""A game with one weight, so that every number can be computed by hand."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan2.methods.base.generative_game import GenerativeGame


class Descent(GenerativeGame):
    """One weight w with the loss w * mean(real). The gradient is mean(real)."""

    roles = ("generator",)

    def __init__(self, **arguments):
        generator = keras.Sequential(
            [keras.Input((1,)), keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")], name="generator"
        )
        super().__init__({"generator": generator}, **arguments)

    @property
    def players(self):
        return {"generator": ["generator"]}

    @property
    def weight(self):
        return float(self.generator.weights[0].numpy().item())

    def train_step(self, batch):
        return self.minimize("generator", self.weight_loss, batch["real"])

    def weight_loss(self, real):
        return tf.reduce_mean(self.generator(real, training=True)), {"mean_sample": tf.reduce_mean(real)}


@pytest.fixture
def descent():
    """The class, for tests that change it."""
    return Descent


@pytest.fixture
def compiled():
    """(game, learning rate, how to compile) -> the game, with plain gradient descent for every network."""

    def compile_game(game, learning_rate=0.5, **how):
        game.compile({role: keras.optimizers.SGD(learning_rate) for role in game.trained_roles}, **how)
        return game

    return compile_game


@pytest.fixture
def stream():
    """(array [steps, n, ...]) -> iterator over batches "real" [n, ...]."""

    def batches(array):
        return iter(tf.data.Dataset.from_tensor_slices({"real": np.asarray(array, "float32")}))

    return batches
