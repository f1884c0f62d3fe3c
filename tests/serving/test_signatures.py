"""What the signatures of an export take, refuse and give."""

import io
import json

import keras
import numpy as np
import pytest
import tensorflow as tf
from exported_games import (
    SCALING,
    SEED,
    assert_close,
    assert_differ,
    autoencoding_game,
    choosing_game,
    game_without_encoder,
    replay,
)
from PIL import Image

from tfgan2.data.kinds import IMAGES, POINTS
from tfgan2.data.scaling import Scaling
from tfgan2.serving.saved_model import export_game


def test_signatures_follow_the_networks(exports):
    loaded = {name: tf.saved_model.load(str(path)) for name, (_, path) in exports.items()}
    assert set(loaded["autoencoding"].signatures) == {
        *("serving_default", "generate", "encode", "reconstruct", "interpolate"),
    }
    assert set(loaded["spectral"].signatures) == {"serving_default", "generate"}
    for name, dimensions in (("autoencoding", [None, 2]), ("spectral", [None, 4, 2])):
        signatures = loaded[name].signatures
        assert signatures["generate"].structured_outputs["samples"].shape.as_list() == dimensions
        assert signatures["serving_default"].structured_input_signature[1] == {
            "latents": tf.TensorSpec([None, 3], tf.float32, "latents")
        }


def test_samples_of_a_choice(tmp_path):
    model = choosing_game()
    path = export_game(model, Scaling(0.0, 1.0), POINTS, tmp_path)
    signatures = tf.saved_model.load(str(path)).signatures
    latents = model.latents(SEED, 1500)[0].numpy()
    drawn = model.choices(SEED, 1500).numpy()
    inputs = {"count": tf.constant(1500, tf.int64), "seed": tf.constant(SEED, tf.int64)}
    for label, labels in ((-1, drawn), (2, np.full(1500, 2))):
        generated = signatures["generate"](**inputs, label=tf.constant(label, tf.int64))["samples"]
        assert_close(generated, latents + 10 * labels[:, None])
        served = signatures["serving_default"](latents=tf.constant(latents), label=tf.constant(labels, tf.int32))
        assert_close(served["samples"], generated)
    message = "label must be one of 0, 1, 2; it is"
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        signatures["generate"](**inputs, label=tf.constant(3, tf.int64))
    with pytest.raises(tf.errors.InvalidArgumentError, match="label must be at least -1; it is"):
        signatures["generate"](**inputs, label=tf.constant(-2, tf.int64))
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        signatures["serving_default"](latents=tf.constant(latents[:2]), label=tf.constant([0, -1], tf.int32))
    replay(path)
    origin = json.loads((path / "assets.extra/tfgan2.json").read_text())
    assert (origin["choice"], origin["offered_choices"]) == ("label", [0, 1, 2])


FEW = np.full((3, 2), 0.5, np.float32)


@pytest.mark.parametrize(
    ("signature", "inputs", "message"),
    [
        ("serving_default", {"latents": np.full((2, 3), np.inf, np.float32)}, "latents must be finite numbers; they a"),
        ("serving_default", {"latents": np.full((2, 3), np.nan, np.float32)}, "latents must be finite numbers; they a"),
        ("generate", {"count": np.int64(-1), "seed": np.int64(0)}, "count must be at least 0; it is"),
        ("encode", {"samples": np.full((2, 2), np.inf, np.float32)}, "samples must be finite numbers; they are"),
        (
            "interpolate",
            {"first": FEW, "second": FEW[:1], "count": np.int64(3)},
            "first and second must have equal numbers of samples",
        ),
        ("interpolate", {"first": FEW, "second": FEW, "count": np.int64(1)}, "count must be at least 2; it is"),
    ],
)
def test_refused_by_signatures(exports, signature, inputs, message):
    signatures = tf.saved_model.load(str(exports["autoencoding"][1])).signatures
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        signatures[signature](**{name: tf.constant(value) for name, value in inputs.items()})


def test_images_out_of_range_are_refused(tmp_path):
    path = export_game(autoencoding_game(), Scaling(0.0, 1.0), IMAGES, tmp_path)
    encode = tf.saved_model.load(str(path)).signatures["encode"]
    assert encode(samples=tf.constant([[0.0, 1.0]]))["latents"].shape == (1, 3)
    for value in (-0.1, 1.1, np.nan):
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"images must be in \[0, 1\]; they are"):
            encode(samples=tf.constant([[0.5, value]]))


def test_generated_images_are_grey_levels(tmp_path):
    latents = keras.Input((64,))
    levels = keras.layers.Reshape((8, 8, 1))(keras.layers.Activation("tanh")(latents))
    model = game_without_encoder(keras.Model(latents, levels))
    signatures = tf.saved_model.load(
        str(export_game(model, Scaling(0.5, 0.5), IMAGES, tmp_path, averaged=False))
    ).signatures
    drawn = model.latents(SEED, 5)
    images = signatures["serving_default"](latents=drawn)["samples"].numpy()
    assert images.dtype == np.float32 and images.shape == (5, 8, 8, 1) and 0 <= images.min() < images.max() <= 1
    generated = signatures["generate"](count=tf.constant(5, tf.int64), seed=tf.constant(SEED, tf.int64))["samples"]
    assert generated.dtype == tf.uint8
    np.testing.assert_array_equal(generated, IMAGES.as_stored(images))
    extremes = tf.constant([[-100.0, 100.0] * 32])
    np.testing.assert_array_equal(signatures["serving_default"](latents=extremes)["samples"][0, 0, :2, 0], [0.0, 1.0])


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_png_files_hold_the_generated_images(channels, tmp_path):
    latents = keras.Input((64 * channels,))
    images = keras.layers.Reshape((8, 8, channels))(keras.layers.Activation("tanh")(latents))
    model = game_without_encoder(keras.Model(latents, images))
    path = export_game(model, Scaling(0.5, 0.5), IMAGES, tmp_path, averaged=False)
    signatures = tf.saved_model.load(str(path)).signatures
    inputs = {"count": tf.constant(3, tf.int64), "seed": tf.constant(SEED, tf.int64)}
    files = signatures["generate_png"](**inputs)["png_bytes"].numpy()
    found = [np.asarray(Image.open(io.BytesIO(file))).reshape(8, 8, channels) for file in files]
    np.testing.assert_array_equal(found, signatures["generate"](**inputs)["samples"])
    assert "generate_png" in {signature for signature, *_ in replay(path)}


def test_rows_depend_on_seed_and_index_alone(exports, tmp_path):
    _, path = exports["spectral"]
    loaded = tf.saved_model.load(str(path))

    def generate(count, seed):
        inputs = {"count": tf.constant(count, tf.int64), "seed": tf.constant(seed, tf.int64)}
        return loaded.signatures["generate"](**inputs)["samples"].numpy()

    many = generate(1500, SEED)  # more than one block of latents
    for count in (1, 3, 1025):
        assert_close(generate(count, SEED), many[:count])
    assert generate(0, SEED).shape == (0, 4, 2)
    assert_differ(many[:1024][:476], many[1024:])
    assert_differ(generate(3, SEED + 1), many[:3])

    # A generator that hands its latents through shows them: the very bits of the game's own.
    latents = keras.Input((2,))
    identity = keras.Model(latents, keras.layers.Dense(2, use_bias=False, kernel_initializer="identity")(latents))
    model = game_without_encoder(identity)
    loaded = tf.saved_model.load(str(export_game(model, Scaling(0.0, 1.0), POINTS, tmp_path)))
    for count in (3, 1500):
        np.testing.assert_array_equal(generate(count, SEED), model.latents(SEED, count).numpy())


def test_float32_from_half_precision(tmp_path):
    latents = keras.Input((2,))
    half = keras.Model(latents, keras.layers.Dense(2, dtype="float16")(latents))
    assert half(np.zeros((1, 2))).dtype == "float16"
    loaded = tf.saved_model.load(str(export_game(game_without_encoder(half), SCALING, POINTS, tmp_path)))
    assert loaded.signatures["serving_default"].structured_outputs["samples"].dtype == tf.float32
