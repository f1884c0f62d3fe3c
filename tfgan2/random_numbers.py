"""Random numbers that are equal in eager mode, in graphs and in XLA programs, on any device."""

import math

import numpy as np
import tensorflow as tf


def random_numbers(distribution, shape, key):
    """Draws [*shape] float32 numbers, a function of `key` and of the position alone.

    TensorFlow makes equal Philox bits in all modes, but XLA converts them to floats in another way. So this function
    converts the bits: 24 bits make a number in [0, 1), exactly, and two such numbers make a normal number by Box and
    Muller's formula.

    Args:
      distribution: "unit" U[0, 1), "uniform" U[-1, 1), "normal" N(0, 1), or "bimodal", see `bimodal_of`.
      shape: List of integers.
      key: int64 [2].

    Raises:
      ValueError: the distribution is none of these.
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


def recovered_seed(seed, number):
    """The seed of a training, in [0, 2^31), after its recovery of some number. Number 0 leaves the seed as it is."""
    return int(np.random.SeedSequence((seed, number)).generate_state(1)[0] >> 1) if number else seed


def bimodal_of(uniform):
    """Maps U[-1, 1) to a distribution with two modes: U[-1, -0.8) or U[0.8, 1), each with probability 1/2."""
    return 0.2 * uniform + tf.where(uniform < 0.0, -0.8, 0.8)
