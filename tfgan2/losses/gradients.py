"""Gradients of a network with respect to its input, which can be differentiated once more."""

import math

import tensorflow as tf

EPSILON = 1e-12  # keeps the square root differentiable at a zero gradient


def input_gradient(function, inputs):
    """The values of a function and its gradient at each sample.

    Args:
      function: Maps inputs [n, ...] to one number for each sample, [n] or [n, 1]. Samples must not interact.
      inputs: [n, ...].

    Returns:
      (values, gradients): the function's output, and a tensor of the shape of `inputs`; it is zero if the function
      ignores its input.
    """
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        values = function(inputs)
    return values, tape.gradient(values, inputs, unconnected_gradients=tf.UnconnectedGradients.ZERO)


def sample_norms(tensor):
    """L2 norm over all axes but the first: [n, ...] -> [n]."""
    return tf.sqrt(sample_sums(tf.square(tensor)) + EPSILON)


def sample_root_mean_squares(tensor):
    """Root mean square over all axes but the first, the L2 norm over sqrt(d) of d elements: [n, ...] -> [n]."""
    return sample_norms(tensor) / math.sqrt(math.prod(tensor.shape[1:]))


def sample_sums(tensor):
    """Sum over all axes but the first: [n, ...] -> [n]."""
    return tf.reduce_sum(tensor, axis=list(range(1, tensor.shape.rank)))


GRADIENT_NORMS = {"l2": sample_norms, "rms": sample_root_mean_squares}
"""Each maps gradients [n, ...] to one number for each sample, [n]."""
