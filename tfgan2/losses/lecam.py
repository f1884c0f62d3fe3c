"""The LeCam regulariser of a discriminator, for little data (Tseng et al., CVPR 2021)."""

import tensorflow as tf


def lecam(real_logits, fake_logits, real_average, fake_average):
    """Mean of max(0, D(x) - a_F)^2 plus mean of max(0, a_R - D(G(z)))^2.

    It keeps the logits of real samples from rising far above the average logit of generated samples, and the reverse.
    With the Wasserstein loss the generator then minimises a weighted LeCam divergence. The paper has plain squares.
    The authors' code has this form, which ignores samples that the discriminator classifies wrongly.

    Args:
      real_logits: D(x) of real samples, of any shape.
      fake_logits: D(G(z)) of generated samples, of any shape.
      real_average: a_R, the moving average of the mean logit of real samples, a scalar. It gets no gradient.
      fake_average: a_F, the same for generated samples.

    Returns:
      A scalar >= 0.
    """
    real_average, fake_average = tf.stop_gradient(real_average), tf.stop_gradient(fake_average)
    too_real = tf.nn.relu(real_logits - fake_average)
    too_fake = tf.nn.relu(real_average - fake_logits)
    return tf.reduce_mean(tf.square(too_real)) + tf.reduce_mean(tf.square(too_fake))
