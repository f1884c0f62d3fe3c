"""PGMGAN's Theorems 1 and 2: a lower bound for a single generator, and the divergence as a sum over parts."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy.spatial.distance import jensenshannon
from scipy.stats import norm

from tfgan2.layers.spectral import SpectralDense, converge
from tfgan2.losses.adversarial import logistic

LN2 = np.log(2)


# Theorem 2: JSD(P || Q) is the sum of pi_i JSD(p_i || q_i).


def random_counts(random, sizes, masses):
    """Random counts of values. Each part has `size` values and `mass` samples."""
    return np.concatenate(
        [random.multinomial(mass, random.dirichlet(np.ones(size))) for size, mass in zip(sizes, masses, strict=True)]
    )


def played_divergence(real, fake, steps=400):
    """JSD in nats from the logistic loss of a trained discriminator, which has one logit per value."""
    logits = tf.Variable(np.zeros(len(real)))
    samples = [np.repeat(np.arange(len(counts)), counts) for counts in (real, fake)]
    rates = tf.constant(1 / (real / real.sum() + fake / fake.sum() + 1e-12))

    def loss():
        return logistic.discriminator(*(tf.gather(logits, values) for values in samples))

    @tf.function
    def play():
        for _ in tf.range(steps):
            with tf.GradientTape() as tape:
                value = loss()
            logits.assign_sub(4 * rates * tf.convert_to_tensor(tape.gradient(value, logits)))

    play()
    # The smallest loss is 2 ln 2 - 2 JSD.
    return LN2 - float(loss()) / 2


def exact_divergence(real, fake):
    return jensenshannon(real / real.sum(), fake / fake.sum()) ** 2


@pytest.mark.parametrize("seed", range(4))
def test_divergence_is_the_weighted_sum_over_the_parts(seed):
    random = np.random.default_rng(seed)
    sizes, masses = [3, 5, 2, 6], random.multinomial(600, random.dirichlet(np.ones(4))) + 20
    real, fake = (random_counts(random, sizes, masses) for _ in range(2))
    ends = np.cumsum(sizes)[:-1]
    shares = masses / masses.sum()
    pairs = list(zip(np.split(real, ends), np.split(fake, ends), strict=True))
    whole = played_divergence(real, fake)
    assert whole == pytest.approx(exact_divergence(real, fake), abs=2e-3)
    parts = [played_divergence(*pair) for pair in pairs]
    np.testing.assert_allclose(parts, [exact_divergence(*pair) for pair in pairs], atol=2e-3)
    assert whole > 0.01 and shares @ parts == pytest.approx(whole, abs=4e-3)
    exact = [exact_divergence(*pair) for pair in pairs]
    assert shares @ exact == pytest.approx(exact_divergence(real, fake), rel=1e-9)


def test_divergence_is_larger_if_the_shares_differ():
    # The theorem assumes equal shares of the parts in P and Q. So PGMGAN draws parts with their shares in the data.
    random = np.random.default_rng(0)
    real, fake = random_counts(random, [4, 4], [300, 300]), random_counts(random, [4, 4], [500, 100])
    parts = [exact_divergence(real[part], fake[part]) for part in (slice(4), slice(4, 8))]
    assert exact_divergence(real, fake) > np.mean(parts) + 0.02


# Theorem 1: with latents from N(0, I), a generator with Lipschitz constant c has a total variation distance of at least
# delta to the data.


def least_missed(shares, distances, constant):
    """The bound delta = max_i pi* - Phi(Phi^-1(pi*) - d_i / c) with pi* = min(pi_i, 1 - pi_i)."""
    smaller = np.minimum(shares, 1 - np.asarray(shares))
    return np.max(smaller - norm.cdf(norm.ppf(smaller) - np.asarray(distances) / constant))


@pytest.mark.parametrize(("ratio", "delta"), [(0.5, 0.191462), (1, 0.341345), (2, 0.477250)])
def test_the_best_generator_on_a_line_reaches_the_bound(ratio, delta):
    assert least_missed([0.5, 0.5], [ratio, ratio], 1.0) == pytest.approx(delta, abs=1e-6)
    # The manifolds are 0 and d. The best generator is 0, then rises with slope c from `start` on, then is d.
    starts = np.linspace(-3, 3, 60_001)
    missed = np.abs(0.5 - norm.cdf(starts)) + np.abs(0.5 - norm.sf(starts + ratio))
    assert missed.min() == pytest.approx(delta, abs=1e-4)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("constant", [0.5, 2.0])
def test_no_lipschitz_network_is_below_the_bound(seed, constant):
    keras.utils.set_random_seed(seed)
    generator = keras.Sequential(
        [keras.Input((2,)), *(SpectralDense(32, activation="relu") for _ in range(2)), SpectralDense(1)]
    )
    converge(generator, tolerance=0.001)
    outputs = constant * generator(np.random.default_rng(seed).normal(size=(20_000, 2))).numpy()[:, 0]
    outputs -= np.median(outputs)
    # Half of the data are at most -1/2, the other half at least 1/2.
    missed = abs(0.5 - (outputs <= -0.5).mean()) + abs(0.5 - (outputs >= 0.5).mean())
    delta = least_missed([0.5, 0.5], [1.0, 1.0], constant)
    assert missed > delta - 0.01
