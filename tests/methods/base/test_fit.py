"""Training by Keras' own `fit`: a user's networks, a user's tf.data."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import tfgan2
from tfgan2.errors import NonFiniteError

pytestmark = pytest.mark.filterwarnings("ignore:`shuffle=True` was passed:UserWarning")

POINTS = np.random.default_rng(0).normal([2.0, -1.0], 0.3, (64, 2)).astype("float32")


def functional(inputs, outputs):
    latents = keras.Input((inputs,))
    return keras.Model(latents, keras.layers.Dense(outputs)(keras.layers.Dense(4, "tanh")(latents)))


def sequential(inputs, outputs):
    return keras.Sequential([keras.Input((inputs,)), keras.layers.Dense(4, "tanh"), keras.layers.Dense(outputs)])


class Subclassed(keras.Model):
    def __init__(self, outputs):
        super().__init__()
        self.hidden = keras.layers.Dense(4, "tanh")
        self.output_layer = keras.layers.Dense(outputs)

    def call(self, inputs):
        return self.output_layer(self.hidden(inputs))


def subclassed(inputs, outputs):
    network = Subclassed(outputs)
    network(tf.zeros([1, inputs]))
    return network


def dataset():
    points = tf.data.Dataset.from_tensor_slices({"real": POINTS})
    return points.shuffle(64, seed=0).repeat().batch(8, drop_remainder=True)


def compiled(network, **how):
    game = tfgan2.StandardGAN(network(3, 2), network(2, 1), gradient_penalty="zero_centered", penalty_weight=1.0)
    game.compile({role: keras.optimizers.Adam(1e-2, beta_1=0.5) for role in game.trained_roles}, **how)
    return game


@pytest.mark.parametrize("network", [functional, sequential, subclassed])
def test_fit_trains_the_networks_of_a_user(network):
    game = compiled(network)
    before = [weight.numpy() for weight in game.weights]
    history = game.fit(dataset(), epochs=2, steps_per_epoch=4, verbose=0)
    assert game.global_step == 8
    assert history.epoch == [0, 1]
    assert all(np.all(np.isfinite(values)) and len(values) == 2 for values in history.history.values())
    assert {"discriminator/gradient_penalty", "generator/loss"} <= set(history.history)
    assert all(np.any(weight.numpy() != value) for weight, value in zip(game.weights, before, strict=True))
    assert game.generate(game.latents(seed=0, count=5)).shape == (5, 2)


@pytest.mark.parametrize("replicas", [1, 2])
def test_fit_runs_several_steps_between_two_returns_to_python(replicas, two_replicas):
    class Ends(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            steps.append(self.model.global_step)

    steps = []
    with two_replicas.scope() if replicas == 2 else tf.distribute.get_strategy().scope():
        game = compiled(functional, steps_per_execution=2)
    game.fit(dataset(), epochs=2, steps_per_epoch=4, verbose=0, callbacks=[Ends()])
    assert steps == [2, 4, 6, 8]


def test_fit_stops_at_a_batch_that_is_not_finite():
    points = POINTS.copy()
    points[20] = np.nan
    game = compiled(functional)
    bad = tf.data.Dataset.from_tensor_slices({"real": points}).batch(8, drop_remainder=True)
    with pytest.raises(NonFiniteError, match=r"^the batch 'real' is not finite at step 2\.$"):
        game.fit(bad, verbose=0)
    assert game.global_step == 3


def test_fit_draws_other_numbers_after_a_recovery():
    def latents(recovery):
        game.draw_anew(recovery)
        return game.random("latents", [2, 3]).numpy()

    game = compiled(functional)
    numbers = [latents(recovery) for recovery in (0, 1, 2, 1, 0)]
    assert np.array_equal(numbers[0], numbers[4]) and np.array_equal(numbers[1], numbers[3])
    assert not np.intersect1d(numbers[0], numbers[1]).size and not np.intersect1d(numbers[1], numbers[2]).size
    # The graphs of other numbers are dropped.
    game.train_chunk(iter(dataset()), 1)
    game.draw_anew(0)
    assert game._train_chunk is not None
    game.draw_anew(1)
    assert game._train_chunk is None


def test_fit_needs_compile():
    with pytest.raises(ValueError, match="must call `compile"):
        tfgan2.StandardGAN(functional(3, 2), functional(2, 1)).fit(dataset(), steps_per_epoch=1, verbose=0)
