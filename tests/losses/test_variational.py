"""The terms of the evidence lower bound, against SciPy."""

import numpy as np
from analytic import tensors
from scipy.integrate import quad
from scipy.stats import norm

from tfgan2.losses.variational import kl_from_standard_normal, normal_log_likelihood


def test_kl():
    means, variances = np.array([[0.0, 0.0], [1.5, -0.5]]), np.array([[1.0, 1.0], [0.3, 2.0]])

    def divergence(mean, variance):
        own = norm(mean, variance**0.5)
        return quad(lambda z: own.pdf(z) * (own.logpdf(z) - norm.logpdf(z)), -12, 12)[0]

    expected = [sum(map(divergence, *row)) for row in zip(means, variances, strict=True)]
    np.testing.assert_allclose(kl_from_standard_normal(*tensors(means, np.log(variances))), expected, 1e-5, 1e-6)


def test_likelihood_of_images():
    samples, means = np.random.default_rng(0).random((2, 3, 4, 4, 2))
    expected = norm(means, 0.2).logpdf(samples).sum(axis=(1, 2, 3))
    np.testing.assert_allclose(normal_log_likelihood(*tensors(samples, means), 0.2), expected, rtol=1e-5)
