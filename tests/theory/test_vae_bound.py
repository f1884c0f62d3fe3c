"""The bound of a VAE with linear networks: at its optimum it is the log likelihood of probabilistic PCA.

A linear decoder x ~ N(W z + b, s^2 I) is probabilistic PCA (Tipping and Bishop, 1999). Its posterior is normal. If the
columns of W are orthogonal, its covariance is diagonal, so an encoder reaches it.
"""

import numpy as np
import pytest
import tensorflow as tf
from analytic import linear
from scipy.stats import multivariate_normal
from tables import slope

from tfgan2.methods.vae import VAE

DIMENSION, LATENTS = 4, 2
RANDOM = np.random.default_rng(0)
POINTS = RANDOM.normal(size=(50, DIMENSION)) * [2.0, 1.0, 0.4, 0.3] @ RANDOM.normal(size=(DIMENSION, DIMENSION)) + 1.0
# The mean over these directions is exact for quadratic functions of noise from N(0, I).
DIRECTIONS = np.sqrt(LATENTS) * np.concatenate([np.eye(LATENTS), -np.eye(LATENTS)])
REAL = tf.constant(np.repeat(POINTS, len(DIRECTIONS), axis=0), tf.float32)
NOISE = tf.constant(np.tile(DIRECTIONS, (len(POINTS), 1)), tf.float32)


def principal_components():
    """The best W, b and s of probabilistic PCA, the kernel and bias of the means, and the variances of the latents."""
    center = POINTS.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov(POINTS.T, bias=True))
    values, vectors, variance = values[LATENTS:], vectors[:, LATENTS:], values[:LATENTS].mean()
    weights = vectors * np.sqrt(values - variance)
    kernel = weights / values
    return weights, center, np.sqrt(variance), kernel, -center @ kernel, variance / values


def vae(weights, center, std, kernel, bias, variances, *, beta=1.0):
    encoder = linear(np.hstack([kernel, np.zeros_like(kernel)]), np.concatenate([bias, np.log(variances)]))
    return VAE(linear(weights.T, center), encoder, decoder_std=float(std), beta=beta)


def loss_of(game):
    return game.autoencoder_loss(REAL, NOISE, NOISE)[0]


def negative_log_likelihood(weights, center, std):
    covariance = weights @ weights.T + std**2 * np.eye(DIMENSION)
    return -multivariate_normal(center, covariance).logpdf(POINTS).mean()


def test_the_optimum_is_the_likelihood_of_probabilistic_pca():
    best = principal_components()
    game = vae(*best)
    assert float(loss_of(game)) == pytest.approx(negative_log_likelihood(*best[:3]), rel=1e-5)
    assert all(slope(network, lambda: loss_of(game)) < 1e-4 for network in (game.generator, game.encoder))


@pytest.mark.parametrize("seed", range(3))
def test_others_are_above_their_likelihood_and_above_the_optimum(seed):
    best, random = principal_components(), np.random.default_rng(seed)
    weights, center, std, kernel, bias, variances = (part + 0.2 * random.normal(size=np.shape(part)) for part in best)
    std, variances = abs(std) + 0.1, np.abs(variances) + 0.1
    loss = float(loss_of(vae(weights, center, std, kernel, bias, variances)))
    likelihood = negative_log_likelihood(weights, center, std)
    assert loss > likelihood + 0.01
    assert likelihood > negative_log_likelihood(*best[:3])


def test_beta_is_a_factor_of_the_decoders_variance():
    weights, center, std, *encoder = principal_components()
    beta, factors = 4.0, np.array([1.0, 0.6])

    def both(factor):
        parts = factor * weights, center, std, *encoder
        wider = factor * weights, center, std * np.sqrt(beta), *encoder
        return float(loss_of(vae(*parts, beta=beta))), beta * float(loss_of(vae(*wider)))

    (one, other), (moved, other_moved) = map(both, factors)
    assert moved - one == pytest.approx(other_moved - other, rel=1e-4)
    assert abs(moved - one) > 0.1
