"""What users ask a trained generator for."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from small_games import perceptron, standard_gan

from tfgan2.methods.base.generative_game import GenerativeGame
from tfgan2.methods.standard_gan import StandardGAN


def test_networks_are_used_in_inference_mode():
    generator = keras.Sequential([keras.Input((3,)), keras.layers.Dropout(0.9), keras.layers.Dense(2)])
    discriminator = keras.Sequential([keras.Input((2,)), keras.layers.Dropout(0.9), keras.layers.Dense(1)])
    game = StandardGAN(generator, discriminator)
    latents = game.latents(seed=1, count=5)
    assert latents.shape == (5, game.latent_dim)
    samples = game.generate(latents)
    np.testing.assert_array_equal(samples, generator.layers[1](latents))
    np.testing.assert_array_equal(game.score(samples), discriminator.layers[1](samples))


def test_samples_of_a_choice():
    class Chooser(StandardGAN):
        choice, offered_choices = "generator", (0, 1, 2)

    latents, places = keras.Input((2,)), keras.Input((), dtype="int32")
    samples = latents + keras.layers.Embedding(3, 2)(places)
    game = Chooser(keras.Model([latents, places], samples), perceptron(2, 1))
    assert game.latent_dim == 2
    for choice, choices in (((), game.choices(1, 5)), ((2,), [2] * 5), ((2, 0), [2, 0, 2, 0, 2])):
        drawn, chosen = game.latents(1, 5, choice)
        np.testing.assert_array_equal(chosen, choices)
        np.testing.assert_array_equal(game.generate((drawn, chosen)), game.generator((drawn, chosen)))
    for choice in (3, -1):
        message = rf"^choice is {choice}; it must be one of the generators of the run, 0, 1, 2\.$"
        with pytest.raises(ValueError, match=message):
            game.latents(1, 5, (0, choice))
    with pytest.raises(ValueError, match=r"^choice is 0; it must be left out: StandardGAN has nothing to choose\.$"):
        standard_gan().latents(1, 5, (0,))


def test_truncation():
    game = standard_gan()
    whole = game.latents(1, 5)
    game.truncate(0.5)
    np.testing.assert_array_equal(game.latents(1, 5), 0.5 * whole)
    for factor in (0.0, 1.5, float("nan")):
        with pytest.raises(ValueError, match=rf"^truncation is {factor}; it must be "):
            game.truncate(factor)


@pytest.mark.parametrize("method", ["encode", "reconstruct"])
def test_without_an_encoder_nothing_is_encoded(method):
    with pytest.raises(ValueError, match=r"^StandardGAN was built without an encoder; it cannot encode samples\.$"):
        getattr(standard_gan(), method)(tf.zeros([1, 2]))


def test_reconstructions_are_generated_from_codes():
    double = perceptron(2, 2, kernel_initializer=keras.initializers.Constant([[2.0, 0.0], [0.0, 2.0]]))
    shift = perceptron(2, 2, kernel_initializer="identity", bias_initializer="ones")
    game = GenerativeGame({"generator": double, "encoder": shift})
    samples = tf.constant([[1.0, 3.0]])
    np.testing.assert_array_equal(game.encode(samples), [[2.0, 4.0]])
    np.testing.assert_array_equal(game.reconstruct(samples), [[4.0, 8.0]])
