"""Differentiable augmentation: what each one does, and that gradients of gradients pass through it."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan2.layers.augmentation import NOISE, POLICIES, Augmentation, augment, cut_out, recolored, translated
from tfgan2.random_numbers import random_numbers

RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.uniform(-1, 1, (5, 16, 8, 3)).astype(np.float32)


def unit(*shape):
    return RANDOM.random(shape).astype(np.float32)


def test_colours():
    noise = np.array([[0.5, 0.5, 0.5], [0.9, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 1, 0.5], [0.5, 0.5, 0.2]], np.float32)
    found = recolored(IMAGES, noise).numpy()
    np.testing.assert_allclose(found[0], IMAGES[0], atol=1e-6)  # the middle of every range changes nothing
    np.testing.assert_allclose(found[1], IMAGES[1] + 0.4, atol=1e-6)
    grey = IMAGES.mean(axis=3, keepdims=True)
    np.testing.assert_allclose(found[2], np.broadcast_to(grey[2], found[2].shape), atol=1e-6)
    np.testing.assert_allclose(found[3], 2 * (IMAGES[3] - grey[3]) + grey[3], atol=1e-6)
    mean = IMAGES[4].mean()
    np.testing.assert_allclose(found[4], 0.7 * (IMAGES[4] - mean) + mean, atol=1e-6)


def test_colours_leave_the_opacity():
    noise, opacity = unit(5, 3), unit(5, 16, 8, 1)
    found = recolored(np.concatenate([IMAGES, opacity], axis=3), noise).numpy()
    np.testing.assert_array_equal(found[..., 3:], opacity)
    np.testing.assert_array_equal(found[..., :3], recolored(IMAGES, noise))


@pytest.mark.parametrize("output_range", ["symmetric", "unit"])
def test_what_is_cut_out_is_transparent(output_range):
    low = {"symmetric": -1.0, "unit": 0.0}[output_range]
    layer = Augmentation(("translation", "cutout"), output_range=output_range)
    found = layer(tf.ones([20, 16, 8, 4]), training=True).numpy()
    cut = found[..., 3] < 1
    np.testing.assert_allclose(found[cut], [[(low + 1) / 2] * 3 + [low]] * cut.sum(), atol=1e-6)
    assert (found[~cut] == 1).all() and 0.1 < cut.mean() < 0.4


def test_one_channel_has_no_saturation():
    grey = IMAGES[..., :1]
    np.testing.assert_allclose(recolored(grey, np.full((5, 3), [0.5, 0.9, 0.5], np.float32)), grey, atol=1e-6)


def test_translation():
    # An eighth of 16 rows and 8 columns: -2 to 2 rows, -1 to 1 columns.
    noise = np.array([[0.5, 0.5], [0, 0.5], [0.999, 0.5], [0.5, 0], [0.7, 0.999]], np.float32)
    found = translated(IMAGES, noise).numpy()
    np.testing.assert_array_equal(found[0], IMAGES[0])
    np.testing.assert_array_equal(found[1, :-2], IMAGES[1, 2:])
    assert not found[1, -2:].any()
    np.testing.assert_array_equal(found[2, 2:], IMAGES[2, :-2])
    assert not found[2, :2].any()
    np.testing.assert_array_equal(found[3, :, :-1], IMAGES[3, :, 1:])
    assert not found[3, :, -1].any()
    np.testing.assert_array_equal(found[4, 1:, 1:], IMAGES[4, :-1, :-1])
    assert not found[4, 0].any() and not found[4, :, 0].any()


def test_cutout():
    # 8 rows and 4 columns; rows -4 to 4 with the noise 0, 12 to 20 with the noise 1.
    noise = np.array([[0, 0], [0.999, 0.999], [0.5, 0.5], [0, 0.5], [0.5, 0.999]], np.float32)
    rows = [slice(0, 4), slice(12, 16), slice(4, 12), slice(0, 4), slice(4, 12)]
    columns = [slice(0, 2), slice(6, 8), slice(2, 6), slice(2, 6), slice(6, 8)]
    expected = IMAGES.copy()
    for image, row, column in zip(expected, rows, columns, strict=True):
        image[row, column] = 0
    np.testing.assert_array_equal(cut_out(IMAGES, noise), expected)


def test_every_place_is_as_likely():
    ones = np.ones((20_000, 8, 8, 1), np.float32)
    shifted = translated(ones, unit(20_000, 2)).numpy()[..., 0]
    # Of the shifts -1, 0, 1 one leaves the first row empty, one the last: 2/3 (standard error .0033).
    assert shifted.mean(axis=0)[0, 4] == pytest.approx(2 / 3, abs=0.02)
    assert shifted.mean(axis=0)[-1, 4] == pytest.approx(2 / 3, abs=0.02)
    assert shifted.mean(axis=0)[0, -1] == pytest.approx(4 / 9, abs=0.02)
    # Of the 9 places of 4 rows, from -2 to 6, row 0 is in 3 and rows 2 to 5 in 4; as many columns.
    kept = cut_out(ones, unit(20_000, 2)).numpy()[..., 0].mean(axis=0)
    assert kept[0, 0] == pytest.approx(1 - 9 / 81, abs=0.02) and kept[3, 4] == pytest.approx(1 - 16 / 81, abs=0.02)


def test_policies():
    noise = unit(5, NOISE)
    everything = cut_out(translated(recolored(IMAGES, noise[:, :3]), noise[:, 3:5]), noise[:, 5:])
    np.testing.assert_array_equal(augment(IMAGES, noise), everything)
    np.testing.assert_array_equal(augment(IMAGES, noise, ("cutout",)), cut_out(IMAGES, noise[:, 5:]))
    np.testing.assert_array_equal(augment(IMAGES, noise, ()), IMAGES)
    with pytest.raises(ValueError) as raised:
        augment(IMAGES, noise, ("colour", "cutout"))
    assert str(raised.value) == f"policy is ('colour', 'cutout'); it must be made of {', '.join(POLICIES)}."


WEIGHTS = RANDOM.normal(size=(16 * 8 * 3, 1)).astype(np.float32)


def penalty(images, noise):
    """A gradient penalty of a small discriminator behind the augmentation, and its gradient."""
    with tf.GradientTape() as outer:
        outer.watch(images)
        with tf.GradientTape() as inner:
            inner.watch(images)
            logits = tf.tanh(tf.reshape(augment(images, noise), [-1, 16 * 8 * 3]) @ WEIGHTS / 10)
        gradient = inner.gradient(logits, images)
        value = tf.reduce_sum(gradient**2)
    return value, gradient, outer.gradient(value, images)


def test_second_derivatives_in_eager_graph_and_xla():
    images, noise = tf.constant(IMAGES), tf.constant(unit(5, NOISE))
    eager = penalty(images, noise)
    for compiled in (False, True):
        for found, expected in zip(
            tf.function(penalty, jit_compile=compiled, autograph=False)(images, noise), eager, strict=True
        ):
            np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-6)
    # Against a difference: the penalty along a random direction.
    direction = RANDOM.normal(size=IMAGES.shape).astype(np.float32)
    step = 1e-2
    there, back = (penalty(images + sign * step * direction, noise)[0] for sign in (1, -1))
    assert float(tf.reduce_sum(eager[2] * direction)) == pytest.approx(float(there - back) / (2 * step), rel=0.02)
    assert np.abs(eager[2]).max() > 1e-6


def layer_of(**options):
    layer = Augmentation(**options)
    layer.build(IMAGES.shape)
    return layer


def expected_call(index, seed=0):
    return augment(IMAGES, random_numbers("unit", [len(IMAGES), NOISE], tf.constant([seed, index], tf.int64))).numpy()


def test_the_layer_augments_in_training_only():
    layer = layer_of(seed=3)
    np.testing.assert_array_equal(layer(IMAGES), IMAGES)
    for index in range(3):
        np.testing.assert_allclose(layer(IMAGES, training=True), expected_call(index, seed=3), atol=1e-6)
    np.testing.assert_array_equal(layer(IMAGES, training=False), IMAGES)
    assert int(layer.calls.numpy()) == 3 and not layer.trainable_weights
    # Every image and every call has numbers of its own.
    assert np.abs(expected_call(0) - expected_call(1)).max(axis=(1, 2, 3)).min() > 0.1


def test_images_between_zero_and_one():
    layer = layer_of(output_range="unit")
    found = layer((IMAGES + 1) / 2, training=True).numpy()
    np.testing.assert_allclose(2 * found - 1, expected_call(0), atol=1e-5)


@pytest.mark.parametrize("jit_compile", [False, True])
def test_the_layer_counts_in_graphs(jit_compile):
    layer = layer_of()
    run = tf.function(
        lambda images: (layer(images, training=True), layer(images, training=True)), jit_compile=jit_compile
    )
    for first in (0, 2):
        for index, found in enumerate(run(tf.constant(IMAGES)), first):
            np.testing.assert_allclose(found, expected_call(index), atol=1e-5)


@pytest.mark.parametrize("jit_compile", [False, True])
def test_replicas_count_alike(jit_compile, two_replicas):
    with two_replicas.scope():
        layer = layer_of()
    call = tf.function(lambda images: layer(images, training=True), jit_compile=jit_compile, autograph=False)

    @tf.function
    def run():
        return two_replicas.experimental_local_results(two_replicas.run(lambda: call(tf.constant(IMAGES))))

    for index in range(2):
        for found in run():
            np.testing.assert_allclose(found, expected_call(index), atol=1e-5)
    assert int(layer.calls.numpy()) == 2


def test_saved_layer_goes_on_counting(tmp_path):
    layer = layer_of(policy=("cutout", "color"), output_range="unit", seed=5, name="augmentation")
    layer(IMAGES, training=True)
    inputs = keras.Input(IMAGES.shape[1:])
    keras.Model(inputs, layer(inputs)).save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras").get_layer("augmentation")
    assert loaded.get_config() == layer.get_config() and loaded.policy == ("cutout", "color")
    np.testing.assert_array_equal(loaded(IMAGES, training=True), layer(IMAGES, training=True))


def test_a_layer_of_an_unknown_policy():
    with pytest.raises(ValueError, match=r"policy is \('blur',\); it must be made of color, translation, cutout"):
        Augmentation(("blur",))
