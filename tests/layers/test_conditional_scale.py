"""Layers that are told a choice: each row meets the weights of its own, alike in all modes."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan2.layers.conditional_scale import ConditionalScale, UnitEmbedding

CHOICES = np.array([2, 0, 2, 1], "int32")


@pytest.mark.parametrize("shape", [(5,), (3, 2, 5)])
def test_scale_uses_gain_and_offset_of_the_row(shape):
    values = np.random.default_rng(0).normal(size=(4, *shape)).astype("float32")
    layer = ConditionalScale(3)
    layer((values, CHOICES))
    gain, offset = (np.random.default_rng(seed).normal(size=(3, 5)) for seed in (1, 2))
    layer.set_weights([gain, offset])
    expected = [row * (1 + gain[y]) + offset[y] for row, y in zip(values, CHOICES, strict=True)]
    np.testing.assert_allclose(layer((values, CHOICES)), expected, rtol=1e-5, atol=1e-6)


def test_scales_start_near_one():
    keras.utils.set_random_seed(0)
    layer = ConditionalScale(40)
    layer((np.zeros((4, 50), "float32"), CHOICES))
    for weights in layer.get_weights():  # 2,000 numbers of standard deviation 0.02
        assert weights.std() == pytest.approx(0.02, rel=0.1) and abs(weights.mean()) < 0.002


def test_embeddings_are_of_length_one_and_of_the_row():
    layer = UnitEmbedding(3, 4)
    vectors = layer(CHOICES).numpy()
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-6)
    np.testing.assert_array_equal(vectors[0], vectors[2])
    weights = layer.get_weights()[0]
    np.testing.assert_allclose(vectors[3], weights[1] / np.linalg.norm(weights[1]), rtol=1e-5)


@pytest.mark.parametrize("layer", [ConditionalScale(3), UnitEmbedding(3, 4)])
def test_compiled_equals_eager_and_other_rows_get_no_gradient(layer):
    values = tf.constant(np.random.default_rng(0).normal(size=(4, 5)), tf.float32)
    choices = tf.constant([2, 0, 2, 0])
    inputs = (values, choices) if isinstance(layer, ConditionalScale) else choices
    layer(inputs)

    def step():
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(layer(inputs) ** 3)
        return loss, *tape.gradient(loss, [weight.value for weight in layer.trainable_weights])

    compiled = tf.function(step, jit_compile=True, autograph=False)()
    for eager, other in zip(step(), compiled, strict=True):
        np.testing.assert_allclose(other, eager, rtol=1e-5, atol=1e-6)
    for gradient in compiled[1:]:
        assert (gradient.numpy()[1] == 0).all() and (gradient.numpy()[[0, 2]] != 0).any(axis=1).all()


@pytest.mark.parametrize("layer", [ConditionalScale(3, stddev=0.5), UnitEmbedding(3, 4)])
def test_a_saved_network_is_read_back(layer, tmp_path):
    choices = keras.Input((), dtype="int32")
    values = keras.Input((5,))
    outputs = layer([values, choices]) if isinstance(layer, ConditionalScale) else layer(choices)
    network = keras.Model([values, choices], outputs)
    network.save(tmp_path / "network.keras")
    again = keras.models.load_model(tmp_path / "network.keras")
    inputs = [np.ones((4, 5), "float32"), CHOICES]
    np.testing.assert_array_equal(again(inputs), network(inputs))
    assert again.layers[-1].get_config() == layer.get_config()
