"""Random numbers that are the same in eager mode, in graphs and in XLA programs, on any device."""

import math

import tensorflow as tf


def random_numbers(law, shape, key):
    """Draws [*shape] float32 numbers, a function of `key` and of the position alone.

    TensorFlow makes equal Philox bits in all modes, but XLA turns them into floats in another way. So the bits become
    floats here: 24 of them a number in [0, 1), exactly; two of those a normal number, by Box and Muller's formula.

    Args:
      law: "unit" U[0, 1), "uniform" U[-1, 1) or "normal" N(0, 1).
      shape: list of integers.
      key: int64 [2].

    Raises:
      ValueError: the law is another.
    """
    if law == "unit":
        bits = tf.random.stateless_uniform(shape, key, None, None, tf.uint32, alg="philox")
        return tf.cast(tf.bitwise.right_shift(bits, 8), tf.float32) * 2.0**-24
    if law == "uniform":
        return 2.0 * random_numbers("unit", shape, key) - 1.0
    if law == "normal":
        radius, angle = tf.unstack(random_numbers("unit", [*shape, 2], key), axis=-1)
        return tf.sqrt(-2.0 * tf.math.log(1.0 - radius)) * tf.cos(2.0 * math.pi * angle)
    raise ValueError(f"the law of random numbers is {law!r}; it must be normal, uniform or unit.")
