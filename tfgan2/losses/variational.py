"""The two terms of the evidence lower bound of a variational autoencoder (Kingma and Welling, 2014), in nats."""

import math

import tensorflow as tf


def kl_from_standard_normal(means, log_variances):
    """KL(N(m, diag(v)) || N(0, I)) = 1/2 sum (m^2 + v - log v - 1), [n].

    Args:
      means: [n, d].
      log_variances: log v, [n, d].
    """
    return 0.5 * tf.reduce_sum(tf.square(means) + tf.exp(log_variances) - log_variances - 1.0, axis=1)


def normal_log_likelihood(samples, means, std):
    """log N(x; m, std^2 I), [n].

    Args:
      samples: x, [n, ...].
      means: m, [n, ...].
      std: Standard deviation, a number above 0.
    """
    scaled = tf.reshape((samples - means) / std, [samples.shape[0], -1])
    constant = scaled.shape[1] * (math.log(std) + 0.5 * math.log(2.0 * math.pi))
    return -0.5 * tf.reduce_sum(tf.square(scaled), axis=1) - constant
