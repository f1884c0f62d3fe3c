"""The losses of P2GAN's players: weighted sums of the same means over the heads of a discriminator."""

import tensorflow as tf

from tfgan2.losses.divergences import DIVERGENCES


def weighted_means(logits, weights):
    """The sum of a E[g(v)] + c E[f*(g(v))] over divergences, samples and heads (P2GAN, Eq. 2).

    Args:
      logits: Name of samples -> logits [n, heads] of a discriminator; n may differ.
      weights: (divergence, name of samples) -> the weights (a, c), each a list [heads].

    Returns:
      A scalar.
    """
    total = 0.0
    for (name, samples), (activation_weights, conjugate_weights) in weights.items():
        divergence = DIVERGENCES[name]
        parts = ((divergence.activation, activation_weights), (divergence.conjugate, conjugate_weights))
        for function, head_weights in parts:
            if any(head_weights):
                total += tf.reduce_sum(tf.constant(head_weights) * tf.reduce_mean(function(logits[samples]), axis=0))
    return total
