"""Layers with weights for each choice: each row meets those of its own choice, in training its own statistics."""

import functools

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan2.layers.chosen import ChosenBatchNormalization, ChosenDense

CHOICES = np.array([2, 0, 2, 2, 0, 2], "int32")


def vectors(count=6, dimension=3):
    return np.random.default_rng(0).normal(size=(count, dimension)).astype("float32")


@pytest.mark.parametrize("use_bias", [True, False])
def test_dense_uses_the_kernel_of_the_row(use_bias):
    layer = ChosenDense(4, 3, use_bias=use_bias, activation="relu")
    layer((vectors(), CHOICES))
    layer.set_weights([np.random.default_rng(1).normal(size=weight.shape) for weight in layer.weights])
    kernel, bias = [*layer.get_weights(), np.zeros((3, 4))][:2]
    expected = [
        np.maximum(row @ kernel[choice] + bias[choice], 0) for row, choice in zip(vectors(), CHOICES, strict=True)
    ]
    np.testing.assert_allclose(layer((vectors(), CHOICES)), expected, rtol=1e-5, atol=1e-6)
    assert layer.count_params() == 3 * (3 * 4 + 4 * use_bias)


def test_kernels_start_apart_and_each_as_if_it_were_alone():
    keras.utils.set_random_seed(0)
    layer = ChosenDense(50, 3, kernel_initializer="glorot_uniform")
    layer((vectors(dimension=40), CHOICES))
    kernels = layer.get_weights()[0]
    limit = np.sqrt(6 / (40 + 50))  # not of a fan with all three
    for kernel in kernels:
        assert 0.98 * limit < np.abs(kernel).max() < limit
    assert np.abs(kernels[0] - kernels[1]).max() > limit / 2


def test_only_what_was_chosen_gets_a_gradient():
    dense, norm = ChosenDense(4, 3), ChosenBatchNormalization(3)
    choices = np.tile(CHOICES, 5)
    with tf.GradientTape() as tape:
        outputs = norm((dense((vectors(30), choices)), choices), training=True)
        loss = tf.reduce_sum(outputs * vectors(30, dimension=4))
    weights = [weight.value for weight in dense.trainable_weights + norm.trainable_weights]
    gradients = tape.gradient(loss, weights)
    assert len(gradients) == 4
    for gradient in gradients[:1] + gradients[2:]:  # norm cancels the bias
        assert np.abs(gradient[0]).max() > 1e-3 and np.abs(gradient[2]).max() > 1e-3
        np.testing.assert_array_equal(gradient[1], np.zeros_like(gradient[1]))


def test_norm_is_that_of_the_rows_of_a_choice_alone():
    rows = 5 + 2 * vectors(40)
    choices = np.repeat(np.array([0, 2], "int32"), [10, 30])
    shared = ChosenBatchNormalization(3, momentum=0.9, epsilon=1e-3)
    alone = [keras.layers.BatchNormalization(momentum=0.9, epsilon=1e-3) for _ in range(2)]
    parts = [slice(0, 10), slice(10, 40)]
    for training in (True, True, False):
        outputs = shared((rows, choices), training=training)
        for part, norm in zip(parts, alone, strict=True):
            np.testing.assert_allclose(outputs[part], norm(rows[part], training=training), rtol=1e-4, atol=1e-5)
    gamma, beta, mean, variance = shared.get_weights()
    assert gamma.shape == beta.shape == (3, 3)
    np.testing.assert_array_equal(mean[1], 0)  # it had no rows
    np.testing.assert_array_equal(variance[1], 1)
    np.testing.assert_allclose(mean[2], alone[1].get_weights()[2], rtol=1e-5)


def test_synchronized_norm_takes_the_rows_of_all_replicas(two_replicas):
    rows, choices = vectors(12), np.tile(CHOICES, 2)
    whole = ChosenBatchNormalization(3)((rows, choices), training=True).numpy()
    for synchronized in (True, False):
        with two_replicas.scope():
            norm = ChosenBatchNormalization(3, synchronized=synchronized)
            norm.build([(None, 3), (None,)])
        parts = tf.data.Dataset.from_tensors((rows, choices)).unbatch().batch(12)
        batch = next(iter(two_replicas.experimental_distribute_dataset(parts)))
        normalize = tf.function(functools.partial(norm, training=True), autograph=False)
        outputs = two_replicas.run(normalize, (batch,))
        together = np.concatenate([part.numpy() for part in two_replicas.experimental_local_results(outputs)])
        assert np.allclose(together, whole, atol=1e-5) is synchronized


def test_both_come_back_from_their_configuration():
    inputs, choices = keras.Input((3,)), keras.Input((), dtype="int32")
    hidden = ChosenDense(4, 3, use_bias=False, activation="relu", kernel_initializer="he_normal")((inputs, choices))
    outputs = ChosenBatchNormalization(3, momentum=0.8, epsilon=0.1, synchronized=True)((hidden, choices))
    network = keras.Model([inputs, choices], outputs)
    copy = keras.Model.from_config(network.get_config())
    assert [layer.get_config() for layer in copy.layers] == [layer.get_config() for layer in network.layers]
    assert copy.output_shape == (None, 4)
