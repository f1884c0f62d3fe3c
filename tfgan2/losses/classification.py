"""Losses of discriminators that also classify."""

import tensorflow as tf


def class_loss(logits, labels):
    """Cross-entropy of the classes, a scalar mean.

    Args:
      logits: [n, K].
      labels: Integers [n] in [0, K).
    """
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits))


def projected(logits, projections, labels):
    """Logits of samples with labels: the sample's logit plus its projection on the label (Miyato and Koyama, 2018).

    Args:
      logits: [n, 1].
      projections: Inner products [n, K] of a sample's features with the embedding of each label.
      labels: Integers [n] in [0, K).

    Returns:
      [n, 1].
    """
    return logits + tf.gather(projections, labels[:, None], batch_dims=1)
