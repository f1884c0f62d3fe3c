"""Batch norm by the batch's own statistics: its numbers, no state, precision, replicas, saving."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan2.layers.batch_statistics import BatchStatisticsNormalization

IMAGES = np.random.default_rng(0).normal(3.0, 2.0, size=(4, 5, 5, 2)).astype(np.float32)


def layer_of(inputs, **options):
    layer = BatchStatisticsNormalization(**options)
    layer.build(inputs.shape)
    layer.set_weights([np.array([0.5, 2.0], np.float32), np.array([1.0, -1.0], np.float32)])
    return layer


def reference(inputs, epsilon):
    """In NumPy, with the scales 0.5, 2 and the offsets 1, -1 of `layer_of`."""
    axes = tuple(range(inputs.ndim - 1))
    normalized = (inputs - inputs.mean(axes)) / np.sqrt(inputs.var(axes) + epsilon)
    return normalized * [0.5, 2.0] + [1.0, -1.0]


@pytest.mark.parametrize("inputs", [IMAGES, IMAGES[:, 0, 0]], ids=["images", "vectors"])
@pytest.mark.parametrize("epsilon", [1e-5, 1.0])
def test_equals_reference_in_training_and_inference(inputs, epsilon):
    layer = layer_of(inputs, epsilon=epsilon)
    for training in (True, False):
        np.testing.assert_allclose(layer(inputs, training=training), reference(inputs, epsilon), rtol=1e-4, atol=1e-5)
    assert [weight.name for weight in layer.weights] == ["gamma", "beta"] and not layer.non_trainable_weights


def test_without_gain_and_offset():
    layer = BatchStatisticsNormalization(epsilon=1.0, center=False, scale=False)
    outputs = layer(IMAGES)
    assert layer.weights == []
    scaled = outputs * np.array([0.5, 2.0]) + np.array([1.0, -1.0])
    np.testing.assert_allclose(scaled, reference(IMAGES, 1.0), rtol=1e-4, atol=1e-5)


def test_equals_keras_in_training():
    layer = layer_of(IMAGES, epsilon=1e-5)
    keras_layer = keras.layers.BatchNormalization(epsilon=1e-5)
    keras_layer.build(IMAGES.shape)
    keras_layer.gamma.assign(layer.gamma)
    keras_layer.beta.assign(layer.beta)
    np.testing.assert_allclose(layer(IMAGES), keras_layer(IMAGES, training=True), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("precision", ["float16", "bfloat16"])
def test_statistics_are_float32_in_mixed_precision(precision):
    # Around 300 bfloat16 has steps of 2 and float16 of 1/4: a mean or variance in them would be far off.
    inputs = tf.cast(IMAGES + 300.0, precision)
    layer = layer_of(IMAGES, epsilon=1e-5, dtype=f"mixed_{precision}")
    outputs = layer(inputs)
    assert outputs.dtype == precision and layer.gamma.dtype == "float32"
    expected = reference(tf.cast(inputs, tf.float32).numpy(), 1e-5)
    np.testing.assert_allclose(tf.cast(outputs, tf.float32), expected, atol=0.03)


@pytest.mark.parametrize("synchronized", [False, True])
def test_statistics_of_all_replicas(synchronized, two_replicas):
    with two_replicas.scope():
        layer = layer_of(IMAGES, epsilon=1e-5, synchronized=synchronized)
    halves = IMAGES[:1], IMAGES[1:2]

    @tf.function
    def run():
        def call():
            index = tf.distribute.get_replica_context().replica_id_in_sync_group
            return layer(tf.stack(halves)[index])

        return two_replicas.experimental_local_results(two_replicas.run(call))

    outputs = np.concatenate([output.numpy() for output in run()])
    apart = np.concatenate([reference(half, 1e-5) for half in halves])
    together = reference(IMAGES[:2], 1e-5)
    assert np.abs(apart - together).max() > 0.1
    np.testing.assert_allclose(outputs, together if synchronized else apart, rtol=1e-4, atol=1e-4)


def test_saved_layer_is_equal(tmp_path):
    layer = layer_of(IMAGES, epsilon=0.25, synchronized=True, name="norm")
    inputs = keras.Input(IMAGES.shape[1:])
    keras.Model(inputs, layer(inputs)).save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras").get_layer("norm")
    assert loaded.get_config() == layer.get_config()
    assert (loaded.epsilon, loaded.synchronized) == (0.25, True)
    np.testing.assert_array_equal(loaded(IMAGES), layer(IMAGES))
