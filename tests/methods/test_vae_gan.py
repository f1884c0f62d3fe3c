"""VAE-GAN: the losses of its three players, on linear networks."""

import keras
import numpy as np
import pytest
from analytic import linear, softplus, tensors

from tfgan2.methods.vae_gan import VAEGAN

REAL = np.array([[1.0, 2.0], [-1.0, 0.5]])
LATENTS, NOISE = np.array([[0.5], [-1.0]]), np.array([[2.0], [-1.0]])
# m(x) = x_1 + x_2, v = e^-2, G(z) = (z, 2 z), F(x) = (x_1 + 1, 2 x_2), logit F_1 - F_2 / 2.
CODES = REAL.sum(axis=1, keepdims=True) + np.exp(-1) * NOISE
FAKE, RECONSTRUCTIONS = (latents * [1.0, 2.0] for latents in (LATENTS, CODES))
KL = ((REAL.sum(axis=1) ** 2 + np.exp(-2) + 2 - 1) / 2).mean()
FEATURE_LOSS = (((REAL - RECONSTRUCTIONS) * [1.0, 2.0]) ** 2).sum(axis=1).mean() / 2 + np.log(2 * np.pi)


def logits(samples):
    return samples[:, 0] + 1 - samples[:, 1]


@pytest.fixture(scope="module")
def game():
    points = keras.Input((2,))
    features = keras.layers.Dense(2, name="features")(points)
    discriminator = keras.Model(points, keras.layers.Dense(1)(features))
    discriminator.set_weights([np.diag([1.0, 2.0]), np.array([1.0, 0.0]), np.array([[1.0], [-0.5]]), np.zeros(1)])
    encoder = linear([[1.0, 0.0], [1.0, 0.0]], [0.0, -2.0])
    return VAEGAN(linear([[1.0, 2.0]], [0.0, 0.0]), discriminator, encoder, gamma=0.3)


def test_encoder(game):
    loss, terms = game.encoder_loss(*tensors(REAL, NOISE))
    assert {name: float(value) for name, value in terms.items()} == pytest.approx(
        {"kl": KL, "feature_loss": FEATURE_LOSS}, rel=1e-5
    )
    assert float(loss) == pytest.approx(KL + FEATURE_LOSS, rel=1e-5)


def test_discriminator(game):
    loss, _ = game.discriminator_loss(*tensors(REAL, LATENTS, NOISE))
    expected = softplus(-logits(REAL)) + softplus(logits(FAKE)) + softplus(logits(RECONSTRUCTIONS))
    assert float(loss) == pytest.approx(expected.mean(), rel=1e-5)


def test_generator(game):
    loss, terms = game.generator_loss(*tensors(REAL, LATENTS, NOISE))
    expected = softplus(-logits(FAKE)) + softplus(-logits(RECONSTRUCTIONS))
    assert float(loss) == pytest.approx(expected.mean() + 0.3 * FEATURE_LOSS, rel=1e-5)
    assert float(terms["feature_loss"]) == pytest.approx(FEATURE_LOSS, rel=1e-5)
