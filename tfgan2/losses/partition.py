"""Losses of partitioners, networks that cut the data space into parts."""

import tensorflow as tf

_EPSILON = 1e-8


def neighbor_loss(anchor_logits, neighbor_logits, *, entropy_weight, balance_weight, mean):
    """Neighbours share their part, each sample has one, and all parts are used (PGMGAN, CVPR 2021, Eq. 5, negated).

    With S = softmax of the logits, a the anchors, n a neighbour of each, and H the entropy:
    -mean log(S_a . S_n) + alpha mean H(S_a) - beta H(mean S_a). The paper prints sums for the first two terms; all
    three are means here, so that the weights do not depend on the batch.

    Args:
      anchor_logits, neighbor_logits: [n, k].
      entropy_weight: alpha.
      balance_weight: beta.
      mean: [n, k] -> [k], the mean over the batch, of all replicas together: the entropy is not linear in it.

    Returns:
      (the loss, terms): scalars; the terms are consistency, mean log(S_a . S_n), at most 0; entropy, mean H(S_a), and
      balance, H(mean S_a), in nats, both in [0, log k].
    """
    anchors, neighbors = tf.nn.softmax(anchor_logits), tf.nn.softmax(neighbor_logits)
    shares = mean(anchors)
    terms = {
        "consistency": tf.reduce_mean(tf.math.log(tf.reduce_sum(anchors * neighbors, axis=1) + _EPSILON)),
        "entropy": -tf.reduce_mean(tf.reduce_sum(anchors * tf.nn.log_softmax(anchor_logits), axis=1)),
        "balance": -tf.reduce_sum(shares * tf.math.log(shares + _EPSILON)),
    }
    return entropy_weight * terms["entropy"] - terms["consistency"] - balance_weight * terms["balance"], terms
