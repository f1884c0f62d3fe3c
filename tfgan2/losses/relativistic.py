"""The relativistic loss of pairs (Jolicoeur-Martineau, 2019), as R3GAN uses it (NeurIPS 2024).

The discriminator tells which of a real and a generated sample is the real one. Its loss has no minimum for the
generator in which a part of the data is left out, unlike that of the standard GAN, but it converges only with a
penalty on the gradients at both kinds of samples.
"""

import tensorflow as tf


def discriminator(real_logits, fake_logits):
    """Mean of softplus(-(D(x) - D(G(z)))), x and G(z) being paired by their places.

    Args:
      real_logits: D(x), of any shape.
      fake_logits: D(G(z)), of the same shape.
    """
    return tf.reduce_mean(tf.nn.softplus(fake_logits - real_logits))


def generator(real_logits, fake_logits):
    """Mean of softplus(-(D(G(z)) - D(x))); arguments as for the discriminator."""
    return tf.reduce_mean(tf.nn.softplus(real_logits - fake_logits))
