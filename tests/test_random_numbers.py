"""Random numbers: their distributions, and that every way to run TensorFlow draws the same ones."""

import numpy as np
import pytest
import scipy.stats
import tensorflow as tf

from tfgan2.random_numbers import bimodal_of, random_numbers

KEY = tf.constant([(7 << 32) | 123, 5], tf.int64)
DISTRIBUTIONS = {
    "unit": scipy.stats.uniform(0.0, 1.0),
    "uniform": scipy.stats.uniform(-1.0, 2.0),
    "normal": scipy.stats.norm(),
}


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_numbers_follow_their_law(distribution):
    numbers = random_numbers(distribution, [50, 1000], KEY).numpy()
    assert numbers.dtype == np.float32
    assert scipy.stats.kstest(numbers.ravel(), DISTRIBUTIONS[distribution].cdf).pvalue > 0.01
    assert abs(np.corrcoef(numbers[:, :-1].ravel(), numbers[:, 1:].ravel())[0, 1]) < 0.02
    low, high = DISTRIBUTIONS[distribution].support()
    assert low <= numbers.min() and numbers.max() < high


def test_mixture():
    # The fifth of an interval is left on either side.
    uniform = tf.constant([-1.0, -1e-7, 0.0, 0.999])
    np.testing.assert_allclose(bimodal_of(uniform), [-1.0, -0.8, 0.8, 0.9998], rtol=1e-6)
    numbers = random_numbers("bimodal", [50, 1000], KEY).numpy()
    np.testing.assert_array_equal(numbers, bimodal_of(random_numbers("uniform", [50, 1000], KEY)))


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_eager_graph_and_xla_draw_the_same(distribution):
    eager = random_numbers(distribution, [7, 3], KEY).numpy()
    # Units are made of integers; a normal number passes through a logarithm and a cosine.
    tolerance = 1e-6 if distribution == "normal" else 0.0
    for jit_compile in (False, True):
        drawn = tf.function(random_numbers, jit_compile=jit_compile)(distribution, [7, 3], KEY).numpy()
        np.testing.assert_allclose(drawn, eager, rtol=0.0, atol=tolerance)


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_a_number_does_not_depend_on_how_many_are_drawn(distribution):
    few, many = random_numbers(distribution, [5, 3], KEY).numpy(), random_numbers(distribution, [1000, 3], KEY).numpy()
    np.testing.assert_allclose(many[:5], few, rtol=0.0, atol=1e-6)


def test_other_keys_give_other_numbers():
    keys = [[0, 0], [1, 0], [0, 1], [1 << 32, 0], [0, 1 << 32]]
    drawn = [random_numbers("unit", [100], tf.constant(key, tf.int64)).numpy() for key in keys]
    for index, numbers in enumerate(drawn):
        for other in drawn[:index]:
            assert abs(np.corrcoef(numbers, other)[0, 1]) < 0.4
            assert not np.any(numbers == other)


def test_an_unknown_distribution_is_named():
    with pytest.raises(
        ValueError, match="the distribution of random numbers is 'cauchy'; it must be normal, uniform, bimodal or unit"
    ):
        random_numbers("cauchy", [1], KEY)
