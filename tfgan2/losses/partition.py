"""Losses of partitioners, networks that cut the data space into parts."""

import tensorflow as tf

_EPSILON = 1e-8


def neighbor_loss(anchor_logits, neighbor_logits, *, entropy_weight, balance_weight, mean):
    """The negative of PGMGAN's Eq. 5 (CVPR 2021): neighbours share a part, each sample has one, all parts are used.

    With S, the softmax of the logits, a, the anchors, n, one neighbour of each, and the entropy H, it is
      -mean log(S_a . S_n) + alpha mean H(S_a) - beta H(mean S_a).
    The paper prints sums for the first two terms. Here all three are means, so that the weights do not depend on the
    batch size.

    Args:
      anchor_logits, neighbor_logits: [n, k].
      entropy_weight: alpha.
      balance_weight: beta.
      mean: Maps [n, k] to [k], the mean over the batches of all replicas. The entropy is not linear in it.

    Returns:
      (loss, terms), scalars. The terms are consistency, mean log(S_a . S_n), at most 0; entropy, mean H(S_a), and
      balance, H(mean S_a), both in nats and in [0, log k].
    """
    anchors, neighbors = tf.nn.softmax(anchor_logits), tf.nn.softmax(neighbor_logits)
    shares = mean(anchors)
    terms = {
        "consistency": tf.reduce_mean(tf.math.log(tf.reduce_sum(anchors * neighbors, axis=1) + _EPSILON)),
        "entropy": -tf.reduce_mean(tf.reduce_sum(anchors * tf.nn.log_softmax(anchor_logits), axis=1)),
        "balance": -tf.reduce_sum(shares * tf.math.log(shares + _EPSILON)),
    }
    return entropy_weight * terms["entropy"] - terms["consistency"] - balance_weight * terms["balance"], terms
