"""Methods with a distribution of latents: what users call, and which encoders fit."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from analytic import linear

from tfgan2.methods.base.families import FamilyError
from tfgan2.methods.vae import VAE
from tfgan2.methods.vae_gan import VAEGAN
from tfgan2.networks.logan_cnn import LoganCNN
from tfgan2.networks.mlp import MLP
from tfgan2.networks.pgmgan_mlp import PGMGANMLP

POINTS = tf.constant([[1.0, 2.0], [-1.0, 0.5]])


@pytest.fixture
def vae():
    """m(x) = x_1 + x_2, v = e^-2, G(z) = (z, 2 z)."""
    return VAE(linear([[1.0, 2.0]], [0.0, 0.0]), linear([[1.0, 0.0], [1.0, 0.0]], [0.0, -2.0]), decoder_std=0.5)


def test_codes_are_the_means_at_inference_and_drawn_in_training(vae):
    np.testing.assert_allclose(vae.encode(POINTS), [[3.0], [-0.5]])
    np.testing.assert_allclose(vae.reconstruct(POINTS), [[3.0, 6.0], [-0.5, -1.0]])
    means, log_variances = vae.posterior(POINTS)
    codes = vae.codes(means, log_variances, tf.constant([[2.0], [-1.0]]))
    np.testing.assert_allclose(codes, [[3.0 + 2 * np.exp(-1)], [-0.5 - np.exp(-1)]], rtol=1e-6)


def test_the_score_is_the_bound_without_noise(vae):
    loss, terms = vae.autoencoder_loss(POINTS[:1], tf.zeros([1, 1]), tf.zeros([1, 1]))
    np.testing.assert_allclose(vae.score(POINTS)[0], -loss, rtol=1e-6)
    assert vae.score(POINTS).shape == (2, 1)
    assert float(terms["kl"]) == pytest.approx((9 + np.exp(-2) + 2 - 1) / 2, rel=1e-6)
    assert float(terms["reconstruction_error"]) == pytest.approx((2**2 + 4**2) / 2)


def test_an_encoder_of_latents_alone_is_refused():
    message = r"^the encoder has 1 outputs; it must have 2, the means and log variances of 1 latents\.$"
    with pytest.raises(ValueError, match=message):
        VAE(linear([[1.0, 2.0]], [0.0, 0.0]), linear([[1.0], [1.0]], [0.0]))


def test_a_discriminator_without_features_is_refused():
    networks = linear([[1.0, 2.0]], [0.0, 0.0]), linear([[1.0], [1.0]], [0.0]), linear(np.ones((2, 2)), [0.0, 0.0])
    with pytest.raises(ValueError, match=r"^VAE-GAN compares samples by a layer of the discriminator; name its last"):
        VAEGAN(*networks)


def test_networks_of_families():
    given = {"classes": 0, "arguments": {}}
    family = MLP(latent_dim=3)
    generator, encoder = VAE.make_networks(family, (2,), **given)
    assert (generator.input_shape, encoder.output_shape, family.latent_dim) == ((None, 3), (None, 6), 3)
    family = LoganCNN(latent_dim=3, width_multiplier=1 / 64)
    *_, encoder = VAEGAN.make_networks(family, (8, 8, 1), **given)
    assert encoder.layers[-1].activation is keras.activations.linear
    assert family.encoder((8, 8, 1)).layers[-1].activation is keras.activations.tanh
    with pytest.raises(FamilyError, match=r"^it has no method gaussian_encoder\(sample_shape\)\.$"):
        VAE.make_networks(PGMGANMLP(), (2,), **given)
