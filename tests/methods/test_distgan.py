"""Dist-GAN: every loss on linear networks, in features and in samples."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from analytic import tensors

from tfgan2.methods.distgan import DistGAN

REAL = np.array([[0.5, 0.9], [0.2, 0.3], [0.1, 0.6]], "float32")
LATENTS = np.array([[1.0, 0.2], [0.5, 0.4], [0.2, 0.8]], "float32")
MIXING = np.array([0.0, 0.25, 1.0], "float32")
FEATURES = np.array([[1.0, 0.0, 2.0], [0.0, -1.0, 1.0]])  # F(x) = x FEATURES
SLOPE = FEATURES @ [0.5, 0.25, -1.0]  # of the logit, w.x + 1/2
FAKE = LATENTS / 2.0  # G(z) = z / 2
CODES = 2.0 * REAL - 0.2  # E(x) = 2 x - 1/5
RECONSTRUCTIONS = REAL - 0.1


def dense(units, kernel, bias, name=None):
    constant = keras.initializers.Constant
    return keras.layers.Dense(units, kernel_initializer=constant(kernel), bias_initializer=constant(bias), name=name)


def discriminator(name="features"):
    top = dense(1, [[0.5], [0.25], [-1.0]], 0.5)
    return keras.Sequential([keras.Input((2,)), dense(3, FEATURES, 0.0, name=name), top])


def distgan(**arguments):
    generator = keras.Sequential([keras.Input((2,)), dense(2, 0.5 * np.eye(2), 0.0)])
    encoder = keras.Sequential([keras.Input((2,)), dense(2, 2.0 * np.eye(2), -0.2)])
    return DistGAN(generator, discriminator(), encoder, **arguments)


def probability(samples):
    return 1.0 / (1.0 + np.exp(-samples @ SLOPE - 0.5))


def test_the_autoencoder_compares_features():
    loss, terms = distgan(distance_weight=3.0).autoencoder_loss(*tensors(REAL, LATENTS))
    error = np.mean(((REAL - RECONSTRUCTIONS) @ FEATURES) ** 2)
    lambda_w = (2 / 3) ** 0.5  # of two latents and three features
    distance = (np.mean((RECONSTRUCTIONS - FAKE) @ FEATURES) - lambda_w * np.mean(CODES - LATENTS)) ** 2
    np.testing.assert_allclose(terms["reconstruction_error"], error, rtol=1e-5)
    np.testing.assert_allclose(terms["distance"], distance, rtol=1e-4)
    np.testing.assert_allclose(loss, error + 3.0 * distance, rtol=1e-4)


def test_the_autoencoder_compares_samples():
    loss, terms = distgan(distance="samples", distance_weight=3.0).autoencoder_loss(*tensors(REAL, LATENTS))
    error = -np.mean(REAL * np.log(RECONSTRUCTIONS + 1e-7) + (1.0 - REAL) * np.log(1.0 - RECONSTRUCTIONS + 1e-7))
    distance = (np.mean(RECONSTRUCTIONS - FAKE) - np.mean(CODES - LATENTS)) ** 2
    assert distance > 1e-4
    np.testing.assert_allclose(terms["reconstruction_error"], error, rtol=1e-4)
    np.testing.assert_allclose(terms["distance"], distance, rtol=1e-4)
    np.testing.assert_allclose(loss, error + 3.0 * distance, rtol=1e-4)


def test_the_autoencoder_of_features_moves_the_encoder_alone(compiled):
    assert distgan(distance="samples").players["autoencoder"] == ["encoder", "generator"]
    game = compiled(distgan())
    assert game.players["autoencoder"] == ["encoder"]
    before = [weight.numpy() for weight in game.weights]
    game.minimize("autoencoder", game.autoencoder_loss, *tensors(REAL, LATENTS))
    moved = [w.path for w, value in zip(game.weights, before, strict=True) if not np.array_equal(w.numpy(), value)]
    assert moved == [weight.path for weight in game.encoder.weights]


@pytest.mark.parametrize("on", ["probability", "logit"])
def test_the_discriminator_takes_reconstructions_for_real(on):
    game = distgan(loss="hinge", reconstruction_weight=0.3, penalty_weight=2.0, gradient_penalty_on=on)
    adversarial = -0.7 * probability(REAL).mean() - 0.3 * probability(RECONSTRUCTIONS).mean()
    adversarial += probability(FAKE).mean()
    mixed = MIXING[:, None] * REAL + (1.0 - MIXING[:, None]) * FAKE
    norms = np.linalg.norm(SLOPE) * np.ones(3)
    if on == "probability":
        norms *= probability(mixed) * (1.0 - probability(mixed))
    loss, terms = game.discriminator_loss(*tensors(REAL, LATENTS, MIXING))
    np.testing.assert_allclose(terms["gradient_penalty"], np.mean((norms - 1.0) ** 2), rtol=1e-4)
    np.testing.assert_allclose(loss, adversarial + 2.0 * np.mean((norms - 1.0) ** 2), rtol=1e-4)


@pytest.mark.parametrize("loss", ["log", "hinge"])
def test_the_discriminator_takes_reconstructions_for_fakes_as_in_the_authors_code(loss):
    penalty = {"gradient_penalty_on": "logit", "gradient_norm": "rms", "penalty_weight": 0.1}
    game = distgan(loss=loss, reconstruction_weight=0.5, reconstructions_are="fake", **penalty)
    real, reconstruction, fake = (probability(samples) for samples in (REAL, RECONSTRUCTIONS, FAKE))
    if loss == "log":
        adversarial = -(np.log(real) + np.log(1 - reconstruction)).mean() / 2 - np.log(1 - fake).mean()
    else:
        adversarial = -(real + 1 - reconstruction).mean() / 2 + fake.mean()
    slope = (np.linalg.norm(SLOPE) / 2**0.5 - 1) ** 2
    value, terms = game.discriminator_loss(*tensors(REAL, LATENTS, MIXING))
    np.testing.assert_allclose(terms["gradient_penalty"], slope, rtol=1e-4)
    np.testing.assert_allclose(value, adversarial + 0.1 * slope, rtol=1e-4)


def test_the_generator_matches_mean_scores():
    loss, terms = distgan().generator_loss(*tensors(REAL, LATENTS))
    expected = abs(probability(REAL).mean() - probability(FAKE).mean())
    assert expected > 0.01
    np.testing.assert_allclose(loss, expected, rtol=1e-4)
    assert terms == {}


def test_a_step_plays_the_autoencoder_once(monkeypatch):
    game, played = distgan(discriminator_steps=2), []
    monkeypatch.setattr(game, "minimize", lambda player, loss, *tensors: played.append((player, *tensors)) or {})
    game.train_step({"real": tf.range(8.0)[:, None]})
    assert [player for player, *_ in played] == ["autoencoder", "discriminator", "discriminator", "generator"]
    samples = [np.ravel(tensors[0]).tolist() for _, *tensors in played]
    assert samples == [[0.0, 2.0, 4.0, 6.0]] * 2 + [[1.0, 3.0, 5.0, 7.0]] * 2


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__()
        self.features = keras.layers.Dense(3, name="features")
        self.top = keras.layers.Dense(1)

    def call(self, samples):
        return self.top(self.features(samples))


@pytest.mark.parametrize("make", [lambda: discriminator(name="hidden"), Subclassed], ids=["unnamed", "subclassed"])
def test_features_are_compared_where_the_discriminator_shows_them(make):
    game, other = distgan(distance="samples"), make()
    other(tf.zeros([1, 2]))
    message = "^distance is 'features'; it must be samples for a discriminator without a layer named features"
    with pytest.raises(ValueError, match=message):
        DistGAN(game.generator, other, game.encoder)
    DistGAN(game.generator, other, game.encoder, distance="samples")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"loss": "logistic"}, "loss is 'logistic'; it must be one of log, hinge."),
        ({"distance": "feature"}, "distance is 'feature'; it must be one of features, samples."),
        ({"gradient_penalty_on": "logits"}, "gradient_penalty_on is 'logits'; it must be one of probability, logit."),
        ({"gradient_norm": "L2"}, "gradient_norm is 'L2'; it must be one of l2, rms."),
        ({"reconstructions_are": "false"}, "reconstructions_are is 'false'; it must be one of real, fake."),
        ({"prior": "gaussian"}, "prior is 'gaussian'; it must be one of uniform, normal."),
        ({"distance_weight": -1.0}, "distance_weight is -1.0; it must be at least 0."),
        ({"penalty_weight": -1.0}, "penalty_weight is -1.0; it must be at least 0."),
        ({"reconstruction_weight": -0.1}, "reconstruction_weight is -0.1; it must be in [0, 1]."),
        ({"discriminator_steps": 0}, "discriminator_steps is 0; it must be in [1, 100]."),
    ],
)
def test_values_out_of_range(arguments, message):
    with pytest.raises(ValueError) as error:
        distgan(**arguments)
    assert str(error.value) == message
