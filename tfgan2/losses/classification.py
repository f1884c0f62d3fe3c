"""Losses of discriminators that also name the class of a sample."""

import tensorflow as tf


def class_loss(logits, labels):
    """Cross-entropy of classes, a scalar mean.

    Args:
      logits: [n, K].
      labels: integers [n] in [0, K).
    """
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits))


def projected(logits, projections, labels):
    """Logits of samples with labels: that of the sample plus its projection on the label (Miyato and Koyama, 2018).

    Args:
      logits: [n, 1].
      projections: [n, K], the inner products of a sample's features with the embedding of each label.
      labels: integers [n] in [0, K).

    Returns:
      [n, 1].
    """
    return logits + tf.gather(projections, labels[:, None], batch_dims=1)
