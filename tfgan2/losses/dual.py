"""The value of a discriminator that gives positive numbers (D2GAN, Nguyen et al., NeurIPS 2017)."""

import math

import tensorflow as tf

_SMALLEST = -15.0  # Below this logit the softplus is its exponential, to float32.


def dual_value(first_logits, second_logits, weight):
    """w E_P[log D] - E_Q[D] with D = softplus(logit): each of the two halves of D2GAN's objective, to be maximised.

    The largest value is that of D = w p / q. It is w (KL(P || Q) + log w - 1).

    Args:
      first_logits: Logits of samples of P, of any shape.
      second_logits: Logits of samples of Q, of any shape.
      weight: The weight w, above 0.

    Returns:
      A scalar.
    """
    return weight * tf.reduce_mean(log_softplus(first_logits)) - tf.reduce_mean(tf.nn.softplus(second_logits))


def divergence_of(value, weight):
    """The estimate of KL(P || Q) in nats by a `dual_value`. Its mean over samples is at most the divergence."""
    return value / weight - math.log(weight) + 1.0


def log_softplus(logits):
    """log(softplus(logits)), finite with its gradient for every finite logit, of the same shape."""
    return tf.where(logits < _SMALLEST, logits, tf.math.log(tf.nn.softplus(tf.maximum(logits, _SMALLEST))))


def even_logit(weight):
    """The logit of the largest value where p = q: softplus(logit) = w."""
    return math.log(math.expm1(weight))
