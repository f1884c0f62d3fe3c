"""Behaviour of Keras on which this package relies. After an upgrade, a failure shows which code to review."""

import keras
import numpy as np
import pytest
import tensorflow as tf


@pytest.mark.parametrize("built", [True, False])
def test_only_built_optimizers_are_restored(built, tmp_path):
    """So Game.compile builds every optimizer, and Game.state has the variables of built optimizers."""
    weight = keras.Variable([1.0, 2.0])
    trained, restored = keras.optimizers.Adam(), keras.optimizers.Adam()
    trained.apply([tf.constant([1.0, 1.0])], [weight])
    path = tf.train.Checkpoint(optimizer=trained).write(str(tmp_path / "optimizer"))
    if built:
        restored.build([weight])
    tf.train.Checkpoint(optimizer=restored).read(path).expect_partial()
    moments = restored.variables[2:]
    assert len(moments) == (2 if built else 0)
    assert all(np.all(moment.numpy() > 0) for moment in moments)


def test_variables_in_lists_and_dicts_of_a_model_are_not_saved(tmp_path):
    """So checkpoints save Game.state, a flat dict of variables, and not the model."""

    class Holder(keras.Model):
        def __init__(self):
            super().__init__()
            self.kept = [tf.Variable(1.0)]
            self.kept_by_name = {"a": tf.Variable(1.0)}

    path = tf.train.Checkpoint(model=Holder()).write(str(tmp_path / "model"))
    assert not [name for name, _ in tf.train.list_variables(path) if "kept" in name]


def test_spectral_normalization_of_keras_overwrites_the_kernel():
    """So layers/spectral.py has its own layer. A discriminator is called several times inside one gradient tape."""
    keras.utils.set_random_seed(0)
    layer = keras.layers.SpectralNormalization(keras.layers.Dense(3))
    inputs = tf.ones([1, 4])
    layer(inputs)
    kernel = layer.layer.kernel
    before = kernel.numpy()
    layer(inputs, training=True)
    assert np.abs(kernel.numpy() - before).max() > 0.01


def test_unconnected_gradients_of_keras_variables_are_none():
    """So Game.minimize checks for None. Zeros for unconnected gradients fail with variables of Keras."""
    variable = keras.Variable(1.0)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(variable.value)
        loss = tf.constant(2.0) * 3.0
    assert tape.gradient(loss, variable.value) is None
    with pytest.raises(AttributeError):
        tape.gradient(loss, [variable], unconnected_gradients=tf.UnconnectedGradients.ZERO)


def test_weights_lack_the_seeds_of_dropout_and_variables_have_them():
    """So Game.state uses `variables`."""
    network = keras.Sequential([keras.Input((2,)), keras.layers.Dropout(0.5), keras.layers.Dense(1)])
    assert len(network.weights) == 2
    assert len(network.variables) == 3


def test_paths_of_weights_count_the_layers_of_the_process():
    """So Game.state numbers variables. By its paths, the second network of a process could not be restored."""
    first, second = (keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)]) for _ in range(2))
    assert first.weights[0].path != second.weights[0].path
    assert first.weights[0].name == second.weights[0].name


def test_only_fit_makes_the_train_function():
    """Every `fit` calls Game.make_train_function, and `compile` does not."""
    calls = []

    class Model(keras.Model):
        def make_train_function(self, force=False):
            calls.append(force)
            self.train_function = lambda iterator: (next(iterator), {"loss": 1.0})[1]

    model = Model()
    model.built = True
    model.compile(optimizer=None)
    assert calls == []
    for _ in range(2):
        model.fit(tf.data.Dataset.from_tensors(tf.zeros([1])).repeat(2), steps_per_epoch=2, verbose=0, shuffle=False)
    assert calls == [False, False]
