"""The LeCam regulariser of a discriminator, for little data (Tseng et al., CVPR 2021)."""

import tensorflow as tf


def lecam(real_logits, fake_logits, real_average, fake_average):
    """Mean of max(0, D(x) - a_F)^2 plus mean of max(0, a_R - D(G(z)))^2.

    It holds the logits of either kind of samples near the average of the other kind. With the Wasserstein loss the
    generator then minimises a weighted LeCam divergence. The paper has plain squares; its code cuts them off at 0,
    which leaves alone what the discriminator mistakes.

    Args:
      real_logits: D(x), of any shape.
      fake_logits: D(G(z)), of any shape.
      real_average: a_R, scalar, the moving average of the mean logit of real samples.
      fake_average: a_F, that of generated samples.

    Returns:
      A scalar >= 0; the averages are constants to it.
    """
    real_average, fake_average = tf.stop_gradient(real_average), tf.stop_gradient(fake_average)
    too_real = tf.nn.relu(real_logits - fake_average)
    too_fake = tf.nn.relu(real_average - fake_logits)
    return tf.reduce_mean(tf.square(too_real)) + tf.reduce_mean(tf.square(too_fake))
