"""Random numbers that are the same in eager mode, in graphs and in XLA programs, on any device."""

import math

import tensorflow as tf


def random_numbers(distribution, shape, key):
    """Draws [*shape] float32 numbers, a function of `key` and of the position alone.

    TensorFlow makes equal Philox bits in all modes, but XLA turns them into floats in another way. So the bits become
    floats here: 24 of them a number in [0, 1), exactly; two of those a normal number, by Box and Muller's formula.

    Args:
      distribution: "unit" U[0, 1), "uniform" U[-1, 1), "normal" N(0, 1), or "bimodal", of which see `bimodal_of`.
      shape: list of integers.
      key: int64 [2].

    Raises:
      ValueError: the distribution is another.
    """
    if distribution == "unit":
        bits = tf.random.stateless_uniform(shape, key, None, None, tf.uint32, alg="philox")
        return tf.cast(tf.bitwise.right_shift(bits, 8), tf.float32) * 2.0**-24
    if distribution == "uniform":
        return 2.0 * random_numbers("unit", shape, key) - 1.0
    if distribution == "bimodal":
        return bimodal_of(random_numbers("uniform", shape, key))
    if distribution == "normal":
        radius, angle = tf.unstack(random_numbers("unit", [*shape, 2], key), axis=-1)
        return tf.sqrt(-2.0 * tf.math.log(1.0 - radius)) * tf.cos(2.0 * math.pi * angle)
    raise ValueError(
        f"the distribution of random numbers is {distribution!r}; it must be normal, uniform, bimodal or unit."
    )


def bimodal_of(uniform):
    """Maps U[-1, 1) to a distribution with two modes: U[-1, -0.8) or U[0.8, 1), each with probability 1/2."""
    return 0.2 * uniform + tf.where(uniform < 0.0, -0.8, 0.8)
