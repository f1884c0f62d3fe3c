"""Packing: a discriminator that sees several samples at once (Lin et al., "PacGAN", NeurIPS 2018)."""

import tensorflow as tf


def packed(samples, count):
    """Joins every `count` samples along their last axis: [n, ..., c] -> [n / count, ..., count c].

    A generator that leaves out modes makes samples more alike than the data, which a pack shows and a sample does not.
    The samples of a pack have to be of one kind and independent.

    Args:
      samples: [n, ..., c], such as images or points; `count` divides n.
      count: samples in a pack, at least 1; those of a pack follow each other.

    Raises:
      ValueError: `count` does not divide n.
    """
    rows, *places, channels = samples.shape
    if rows % count:
        raise ValueError(f"count is {count}; it must divide the {rows} samples of a batch.")
    apart = tf.reshape(samples, [rows // count, count, *places, channels])
    side_by_side = tf.stack(tf.unstack(apart, axis=1), axis=-2)
    return tf.reshape(side_by_side, [rows // count, *places, count * channels])
