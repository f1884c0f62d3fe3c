"""Packing: a discriminator that sees several samples at once (Lin et al., "PacGAN", NeurIPS 2018)."""

import tensorflow as tf

from tfgan2.errors import ArgumentError


def packed(samples, count):
    """Joins every `count` samples along their last axis: [n, ..., c] -> [n / count, ..., count c].

    If a generator leaves out modes, its samples are more alike than the data. One sample does not show this; several
    do. All samples of a pack must be real, or all generated, and independent.

    Args:
      samples: Images or points, [n, ..., c].
      count: Number of samples in a pack, at least 1. Samples that follow each other form a pack.

    Raises:
      ArgumentError: `count` does not divide n.
    """
    if count == 1:
        return samples
    rows, *places, channels = samples.shape
    if rows % count:
        raise ArgumentError("count", count, f"a divisor of {rows}, the samples of a batch")
    apart = tf.reshape(samples, [rows // count, count, *places, channels])
    side_by_side = tf.stack(tf.unstack(apart, axis=1), axis=-2)
    return tf.reshape(side_by_side, [rows // count, *places, count * channels])
