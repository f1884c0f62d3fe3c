"""PGMGAN's Theorems 1 and 2: what one generator must miss, and that the game of each part adds up to the whole."""

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
    """How many samples there are of each value: parts of the given sizes have the given numbers of samples."""
    return np.concatenate(
        [random.multinomial(mass, random.dirichlet(np.ones(size))) for size, mass in zip(sizes, masses, strict=True)]
    )


def played_divergence(real, fake, steps=400):
    """JSD in nats from the library's own loss, by a discriminator with one logit a value that learns by descent."""
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
    # The best value of the game is 2 ln 2 - 2 JSD.
    return LN2 - float(loss()) / 2


def exact_divergence(real, fake):
    return jensenshannon(real / real.sum(), fake / fake.sum()) ** 2


@pytest.mark.parametrize("seed", range(4))
def test_divergence_is_that_of_the_parts(seed):
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


def test_divergence_is_more_if_the_shares_differ():
    # The theorem asks for Q to have the parts' shares of P, which is why labels are drawn like the data's.
    random = np.random.default_rng(0)
    real, fake = random_counts(random, [4, 4], [300, 300]), random_counts(random, [4, 4], [500, 100])
    parts = [exact_divergence(real[part], fake[part]) for part in (slice(4), slice(4, 8))]
    assert exact_divergence(real, fake) > np.mean(parts) + 0.02


# Theorem 1: a generator of Lipschitz constant c from N(0, I) misses at least delta in total variation.


def least_missed(shares, distances, constant):
    """delta = max_i pi* - Phi(Phi^-1(pi*) - d_i / c), pi* = min(pi_i, 1 - pi_i)."""
    smaller = np.minimum(shares, 1 - np.asarray(shares))
    return np.max(smaller - norm.cdf(norm.ppf(smaller) - np.asarray(distances) / constant))


@pytest.mark.parametrize(("ratio", "delta"), [(0.5, 0.191462), (1, 0.341345), (2, 0.477250)])
def test_worked_values_are_the_best_that_a_generator_can_do(ratio, delta):
    assert least_missed([0.5, 0.5], [ratio, ratio], 1.0) == pytest.approx(delta, abs=1e-6)
    # Manifolds 0 and d on the line: the best generator goes from one to the other with slope c, at the place `start`.
    starts = np.linspace(-3, 3, 60_001)
    missed = np.abs(0.5 - norm.cdf(starts)) + np.abs(0.5 - norm.sf(starts + ratio))
    assert missed.min() == pytest.approx(delta, abs=1e-4)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("constant", [0.5, 2.0])
def test_no_lipschitz_network_does_better(seed, constant):
    keras.utils.set_random_seed(seed)
    generator = keras.Sequential(
        [keras.Input((2,)), *(SpectralDense(32, activation="relu") for _ in range(2)), SpectralDense(1)]
    )
    converge(generator, tolerance=0.001)
    outputs = constant * generator(np.random.default_rng(seed).normal(size=(20_000, 2))).numpy()[:, 0]
    outputs -= np.median(outputs)
    # Half of the data are at -1/2 or below, half at 1/2 or above.
    missed = abs(0.5 - (outputs <= -0.5).mean()) + abs(0.5 - (outputs >= 0.5).mean())
    delta = least_missed([0.5, 0.5], [1.0, 1.0], constant)
    assert missed > delta - 0.01
