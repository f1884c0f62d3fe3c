"""ADA: how the probability moves, what it makes of images, and that the layer works in all modes and precisions."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from modes import MODES

from tfgan2.layers.adaptive_augmentation import NORMALS, TRANSFORMS, UNITS, AdaptiveAugmentation, augmented
from tfgan2.layers.augmentation import cut_out

RANDOM = np.random.default_rng(0)
SIZE = 8


def images_of(channels=3, count=6):
    return RANDOM.uniform(-1, 1, (count, SIZE, SIZE, channels)).astype(np.float32)


def noise(count=6):
    units, normals = RANDOM.random((count, UNITS)), RANDOM.normal(size=(count, NORMALS))
    return units.astype(np.float32), normals.astype(np.float32)


def layer_of(channels=3, *, probability=0.0, **options):
    layer = AdaptiveAugmentation(**options)
    layer.build((None, SIZE, SIZE, channels))
    layer.probability.assign(probability)
    return layer


# The probability.


@pytest.mark.parametrize("mode", MODES)
def test_the_probability_follows_the_reference(mode):
    # 400 batches of 2,500 images: each fourth moves it by 4 * 2,500 / 500,000 = 0.02, within [0, 1].
    layer = layer_of()
    adapt = MODES[mode](lambda sign: layer.adapt(sign, 2500, 0.6))
    signs = np.clip(RANDOM.normal(0.6, 0.4, 400), -1, 1).astype(np.float32)
    signs[:120] = 0.9  # so that it reaches 1 and has to stop
    signs[120:260] = 0.1  # and 0
    probability, seen = 0.0, []
    for index, sign in enumerate(signs):
        adapt(tf.constant(sign))
        if index % 4 == 3:
            mean = signs[index - 3 : index + 1].mean(dtype=np.float64)
            probability = min(max(probability + np.sign(mean - 0.6) * 4 * 2500 / 500_000, 0.0), 1.0)
            assert float(layer.sign) == pytest.approx(mean, abs=1e-6)
        seen.append(float(layer.probability))
        assert seen[-1] == pytest.approx(probability, abs=1e-5)
    assert seen[119] == pytest.approx(0.6) and seen[259] == 0.0 and max(seen[260:]) > 0
    layer.probability.assign(1.0)
    for _ in range(8):
        adapt(tf.constant(1.0))
    assert float(layer.probability) == 1.0


def test_another_target():
    layer = layer_of(probability=0.5)
    for _ in range(4):
        layer.adapt(tf.constant(0.4), 50, 0.2)
    assert float(layer.probability) == pytest.approx(0.5 + 4 * 50 / 500_000)


def test_checkpoints_hold_its_state():
    layer = layer_of()
    names = {weight.name for weight in layer.weights}
    assert names == {"calls", "probability", "sign", "sign_sum", "batches"} and not layer.trainable_weights


# The transformations.


def test_nothing_at_probability_zero_and_something_at_one():
    images = images_of()
    np.testing.assert_allclose(augmented(images, *noise(), tf.constant(0.0)), images, atol=1e-6)
    assert np.abs(augmented(images, *noise(), tf.constant(1.0)) - images).max(axis=(1, 2, 3)).min() > 0.1


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("transform", TRANSFORMS)
def test_one_transformation(transform, channels):
    images, (units, normals) = images_of(channels), noise()
    count = len(TRANSFORMS)
    # Every second image has it; the choices within it are known: flips done, three quarter turns, a shift by one pixel.
    units[:, TRANSFORMS.index(transform)] = [0.1, 0.9] * 3
    units[:, count:] = [0.1, 0.8, 0.99, 0.0, 0.5 + 1 / 6, 0.1, 0.5 + 1 / 3, 0.5, 0.0]
    normals[:] = [1.0, 0.5, 2.0, -1.0]
    found = augmented(images, units, normals, tf.constant(0.5), (transform,)).numpy()
    np.testing.assert_allclose(found[1::2], images[1::2], atol=1e-6)
    found, images = found[::2], images[::2]
    colors, opacity = images[..., :3], images[..., 3:]
    grey = colors.mean(axis=3, keepdims=True)

    def recolored(values):
        return np.concatenate([values, opacity], axis=3)

    if transform == "translation":  # down by one, left by one
        np.testing.assert_allclose(found[:, 1:, :-1], images[:, :-1, 1:], atol=1e-6)
        return
    if transform in ("scale", "rotation"):  # see below
        assert np.abs(found - images).max(axis=(1, 2, 3)).min() > 0.1
        return
    expected = {
        "flip": images[:, :, ::-1],
        "quarter_turn": np.rot90(images, axes=(1, 2)),
        "brightness": recolored(colors + 0.1),
        "contrast": recolored(2.0 * colors),
        "luma_flip": recolored(colors - 2 * grey),
        "hue": recolored(colors[..., [2, 0, 1]] if channels > 1 else colors),
        "saturation": recolored((colors + grey) / 2),
        "cutout": cut_out(images, np.tile([[0.5, 0.0]], (3, 1)).astype(np.float32)),
    }
    np.testing.assert_allclose(found, expected[transform], atol=1e-5)


def test_scales_and_rotations_of_a_plane():
    # A plane of value row is, scaled by 2^0.2 and turned by 60 degrees, read at R(-60) p / 2^0.2.
    rows, columns = np.mgrid[:SIZE, :SIZE] - (SIZE - 1) / 2
    plane = np.tile(rows.astype(np.float32)[None, ..., None], (6, 1, 1, 1))
    units, normals = noise()
    units[:], normals[:] = 0.0, 1.0
    units[:, len(TRANSFORMS) + 4] = 0.5 + 1 / 6
    found = augmented(plane, units, normals, tf.constant(1.0), ("scale", "rotation")).numpy()[0, ..., 0]
    expected = (np.cos(np.pi / 3) * rows - np.sin(np.pi / 3) * columns) / 2**0.2
    inside = np.abs(expected) < (SIZE - 1) / 2 - 0.6
    inside &= np.abs(np.sin(np.pi / 3) * rows + np.cos(np.pi / 3) * columns) / 2**0.2 < (SIZE - 1) / 2
    np.testing.assert_allclose(found[inside], expected[inside], atol=1e-4)
    assert inside.sum() > 20


def test_each_transformation_has_the_probability():
    images = np.tile(images_of(count=1), (4000, 1, 1, 1))
    for transform in ("brightness", "rotation", "cutout"):
        found = augmented(images, *noise(4000), tf.constant(0.3), (transform,)).numpy()
        changed = np.abs(found - images).max(axis=(1, 2, 3)) > 1e-4
        assert changed.mean() == pytest.approx(0.3, abs=0.03)
    # A flip is done in one of two cases, a turn in three of four.
    for transform, share in (("flip", 0.15), ("quarter_turn", 0.225), ("luma_flip", 0.15)):
        found = augmented(images, *noise(4000), tf.constant(0.3), (transform,)).numpy()
        changed = np.abs(found - images).max(axis=(1, 2, 3)) > 1e-4
        assert changed.mean() == pytest.approx(share, abs=0.025)


# The layer.


@pytest.mark.parametrize(("channels", "output_range"), [(1, "symmetric"), (3, "unit"), (4, "symmetric")])
def test_the_layer_in_all_modes(channels, output_range):
    images = tf.constant((images_of(channels) + 1) / 2 if output_range == "unit" else images_of(channels))
    weights = tf.constant(RANDOM.normal(size=(SIZE * SIZE * channels, 1)), tf.float32) / 10

    def penalty(layer, images):
        with tf.GradientTape() as outer:
            outer.watch(images)
            with tf.GradientTape() as inner:
                inner.watch(images)
                seen = layer(images, training=True)
                logits = tf.tanh(tf.reshape(seen, [-1, SIZE * SIZE * channels]) @ weights)
            gradient = inner.gradient(logits, images)
            value = tf.reduce_sum(gradient**2)
        return seen, gradient, outer.gradient(value, images)

    results = []
    for mode in MODES.values() if channels == 3 else (MODES["eager"], MODES["graph"]):
        layer = layer_of(channels, output_range=output_range, probability=0.7, seed=2)
        run = mode(lambda images, layer=layer: penalty(layer, images))
        results.append([run(images), run(images)])
        assert int(layer.calls.numpy()) == 2
        np.testing.assert_array_equal(layer(images), images)
    eager, *others = results
    for other in others:
        for call, expected in zip(tf.nest.flatten(other), tf.nest.flatten(eager), strict=True):
            np.testing.assert_allclose(call, expected, rtol=1e-3, atol=1e-4)
    assert np.abs(eager[0][0] - eager[1][0]).max() > 0.1  # each call has numbers of its own
    assert np.abs(eager[0][2]).max() > 1e-6


def test_ranges_agree():
    images = images_of()
    symmetric = layer_of(probability=0.8)(images, training=True)
    unit = layer_of(probability=0.8, output_range="unit")((images + 1) / 2, training=True)
    np.testing.assert_allclose(2 * unit - 1, symmetric, atol=1e-5)


def test_saved_layer_goes_on(tmp_path):
    layer = layer_of(transforms=("hue", "flip"), probability=0.3, seed=4, name="augmentation")
    layer.adapt(tf.constant(0.9), 1000, 0.6)
    layer(images_of(), training=True)
    inputs = keras.Input((SIZE, SIZE, 3))
    keras.Model(inputs, layer(inputs)).save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras").get_layer("augmentation")
    assert loaded.get_config() == layer.get_config()
    for each in (layer, loaded):
        for _ in range(3):
            each.adapt(tf.constant(0.9), 1000, 0.6)
    images = images_of()
    np.testing.assert_array_equal(loaded(images, training=True), layer(images, training=True))
    assert float(loaded.probability) == float(layer.probability) == pytest.approx(0.3 + 4000 / 500_000)


def test_an_unknown_transformation():
    message = f"transforms is ('blur',); it must be made of {', '.join(TRANSFORMS)}."
    with pytest.raises(ValueError) as error:
        AdaptiveAugmentation(("blur",))
    assert str(error.value) == message
