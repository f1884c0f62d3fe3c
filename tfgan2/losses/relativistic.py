"""The relativistic loss of pairs (Jolicoeur-Martineau, 2019), as R3GAN uses it (NeurIPS 2024).

The discriminator tells which sample of a pair is the real one. With this loss a generator that leaves out a part of
the data is no local minimum of the game, unlike with the standard GAN's loss (Sun et al., 2020). Training converges
only with gradient penalties on both kinds of samples.
"""

import tensorflow as tf


def discriminator(real_logits, fake_logits):
    """Mean of softplus(-(D(x) - D(G(z)))), x and G(z) paired by row.

    Args:
      real_logits: D(x) of real samples, of any shape.
      fake_logits: D(G(z)) of generated samples, of the same shape.
    """
    return tf.reduce_mean(tf.nn.softplus(fake_logits - real_logits))


def generator(real_logits, fake_logits):
    """Mean of softplus(-(D(G(z)) - D(x))), with the arguments of `discriminator`."""
    return tf.reduce_mean(tf.nn.softplus(real_logits - fake_logits))
