"""Gradient penalties on a discriminator."""

import tensorflow as tf

from tfgan2.losses.gradients import input_gradient, sample_norms, sample_sums


def interpolate(real, fake, mixing):
    """Points on the segments between paired samples: mixing * real + (1 - mixing) * fake.

    Args:
      real, fake: [n, ...].
      mixing: [n], each in [0, 1].
    """
    mixing = tf.reshape(mixing, [-1] + [1] * (real.shape.rank - 1))
    return mixing * real + (1.0 - mixing) * fake


def two_sided(function, inputs):
    """Mean of (||gradient|| - 1)^2, the penalty of WGAN-GP (Gulrajani et al., 2017) and of GN-GAN's V_P."""
    _, gradient = input_gradient(function, inputs)
    return tf.reduce_mean(tf.square(sample_norms(gradient) - 1.0))


def one_sided(function, inputs):
    """Mean of max(0, ||gradient|| - 1)^2: slopes below one are left alone (Petzka et al., 2018)."""
    _, gradient = input_gradient(function, inputs)
    return tf.reduce_mean(tf.square(tf.nn.relu(sample_norms(gradient) - 1.0)))


def zero_centered(function, inputs):
    """Mean of ||gradient||^2 (Mescheder et al., 2018, without their factor 1/2)."""
    _, gradient = input_gradient(function, inputs)
    return tf.reduce_mean(sample_sums(tf.square(gradient)))


def roth(function, inputs, labels, weights):
    """Sum of w (y - sigmoid(v))^2 ||gradient of v||^2, v the logits (Roth et al., 2017, for the Jensen-Shannon GAN).

    With w one over the size of each class it is their regulariser E_P[(1 - D)^2 ||grad||^2] + E_Q[D^2 ||grad||^2].

    Args:
      function: inputs [n, ...] -> logits [n].
      inputs: samples of both classes.
      labels: [n], y = 1 for samples of P and 0 for those of Q.
      weights: [n], w.
    """
    logits, gradient = input_gradient(function, inputs)
    return tf.reduce_sum(weights * tf.square(labels - tf.sigmoid(logits)) * sample_sums(tf.square(gradient)))


GRADIENT_PENALTIES = {"two_sided": two_sided, "one_sided": one_sided, "zero_centered": zero_centered}
"""Each maps (function, inputs [n, ...]) to a scalar; `function` gives one number a sample."""
