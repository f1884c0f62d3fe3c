"""Gradient penalties on a discriminator."""

import tensorflow as tf

from tfgan2.losses.gradients import EPSILON, input_gradient, sample_norms, sample_sums


def interpolate(real, fake, mixing):
    """Points on the segments between paired samples: mixing * real + (1 - mixing) * fake.

    Args:
      real, fake: [n, ...].
      mixing: [n], each in [0, 1].
    """
    mixing = tf.reshape(mixing, [-1] + [1] * (real.shape.rank - 1))
    return mixing * real + (1.0 - mixing) * fake


def two_sided(function, inputs, *, norm=sample_norms):
    """Mean of (||gradient|| - 1)^2, the penalty of WGAN-GP (Gulrajani et al., 2017) and of GN-GAN's V_P.

    Args:
      function: inputs [n, ...] -> one number a sample.
      inputs: [n, ...].
      norm: a function of GRADIENT_NORMS.
    """
    _, gradient = input_gradient(function, inputs)
    return tf.reduce_mean(tf.square(norm(gradient) - 1.0))


def one_sided(function, inputs):
    """Mean of max(0, ||gradient|| - 1)^2: slopes below one are left alone (Petzka et al., 2018)."""
    _, gradient = input_gradient(function, inputs)
    return tf.reduce_mean(tf.square(tf.nn.relu(sample_norms(gradient) - 1.0)))


def zero_centered(function, inputs):
    """Mean of ||gradient||^2 (Mescheder et al., 2018, without their factor 1/2)."""
    _, gradient = input_gradient(function, inputs)
    return tf.reduce_mean(sample_sums(tf.square(gradient)))


def pairwise(function, targets, others, mixing, *, squared=False):
    """Mean of ||gradient - u|| between pairs, u the unit vector from `others` to `targets` (LOGAN, AAAI 2018).

    The gradient gets a direction and a magnitude: from each reconstruction to what was reconstructed, with slope 1. The
    points, u and whatever the function holds fixed are constants: only the function's weights are to be moved by it.
    Where a pair coincides u is 0, so that the function is to be flat there; the public code divides 0 by 0.

    Args:
      function: inputs [n, ...] -> logits, one a sample; the paper's formula has D, its text and code the logit.
      targets: x, or z, [n, ...].
      others: G(E(x)), or E(G(z)), [n, ...].
      mixing: [n], each in [0, 1]; 1 is at the target.
      squared: take the mean of the squared norms, as the paper's supplement prints it; its text and code do not.

    Returns:
      A scalar >= 0.
    """
    targets, others = tf.stop_gradient(targets), tf.stop_gradient(others)
    _, gradient = input_gradient(function, interpolate(targets, others, mixing))
    away = targets - others
    scales = tf.math.rsqrt(sample_sums(tf.square(away)) + EPSILON)
    errors = gradient - away * tf.reshape(scales, [-1] + [1] * (away.shape.rank - 1))
    return tf.reduce_mean(sample_sums(tf.square(errors)) if squared else sample_norms(errors))


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
