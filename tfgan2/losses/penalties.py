"""Gradient penalties on a discriminator."""

import tensorflow as tf

from tfgan2.losses.gradients import EPSILON, input_gradient, sample_norms, sample_sums


def interpolate(real, fake, mixing):
    """Points on the segments between paired samples: mixing * real + (1 - mixing) * fake.

    Args:
      real, fake: [n, ...].
      mixing: Numbers in [0, 1], [n].
    """
    mixing = tf.reshape(mixing, [-1] + [1] * (real.shape.rank - 1))
    return mixing * real + (1.0 - mixing) * fake


def two_sided(function, inputs, *, norm=sample_norms):
    """Mean of (||gradient|| - 1)^2, the penalty of WGAN-GP (Gulrajani et al., 2017) and GN-GAN's V_P.

    Args:
      function: Maps inputs [n, ...] to one number for each sample.
      inputs: [n, ...].
      norm: A function of GRADIENT_NORMS.
    """
    _, gradient = input_gradient(function, inputs)
    return tf.reduce_mean(tf.square(norm(gradient) - 1.0))


def one_sided(function, inputs):
    """Mean of max(0, ||gradient|| - 1)^2. Slopes below 1 are not penalised (Petzka et al., 2018)."""
    _, gradient = input_gradient(function, inputs)
    return tf.reduce_mean(tf.square(tf.nn.relu(sample_norms(gradient) - 1.0)))


def zero_centered(function, inputs):
    """Mean of ||gradient||^2 (Mescheder et al., 2018, without their factor 1/2)."""
    _, gradient = input_gradient(function, inputs)
    return tf.reduce_mean(sample_sums(tf.square(gradient)))


def pairwise(function, targets, others, mixing, *, squared=False):
    """Mean of ||gradient - u|| between pairs; u is the unit vector from `others` to `targets` (LOGAN, AAAI 2018).

    The penalty makes the gradient point from each reconstruction to its original, with slope 1. The points and u are
    constants: the penalty trains the function's weights only. For equal pairs u is 0, so the function must be flat
    there. The public code divides 0 by 0.

    Args:
      function: Maps inputs [n, ...] to logits, one for each sample. The paper's formula has D; its text and code have
        the logit.
      targets: x, or z, [n, ...].
      others: G(E(x)), or E(G(z)), [n, ...].
      mixing: Numbers in [0, 1], [n]; 1 is at the target.
      squared: Whether the norms are squared, as the paper's supplement prints them. Its text and code do not square
        them.

    Returns:
      A scalar, at least 0.
    """
    targets, others = tf.stop_gradient(targets), tf.stop_gradient(others)
    _, gradient = input_gradient(function, interpolate(targets, others, mixing))
    away = targets - others
    scales = tf.math.rsqrt(sample_sums(tf.square(away)) + EPSILON)
    errors = gradient - away * tf.reshape(scales, [-1] + [1] * (away.shape.rank - 1))
    return tf.reduce_mean(sample_sums(tf.square(errors)) if squared else sample_norms(errors))


def roth(function, inputs, labels, weights):
    """Sum of w (y - sigmoid(v))^2 ||gradient of v||^2 over the logits v (Roth et al., 2017, for the Jensen-Shannon
    GAN).

    With w, one over the size of each class, it is their regulariser E_P[(1 - D)^2 ||grad||^2] + E_Q[D^2 ||grad||^2].

    Args:
      function: Maps inputs [n, ...] to logits [n].
      inputs: Samples of both classes, [n, ...].
      labels: y, [n]: 1 for samples of P and 0 for samples of Q.
      weights: w, [n].
    """
    logits, gradient = input_gradient(function, inputs)
    return tf.reduce_sum(weights * tf.square(labels - tf.sigmoid(logits)) * sample_sums(tf.square(gradient)))


GRADIENT_PENALTIES = {"two_sided": two_sided, "one_sided": one_sided, "zero_centered": zero_centered}
"""Each maps (function, inputs [n, ...]) to a scalar. `function` gives one number for each sample."""
