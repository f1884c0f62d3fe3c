"""The guide of generated samples into their part of the data space (PGMGAN, CVPR 2021).

A partitioner maps samples to logits f(x) [k]; part i is where f_i is the largest.
"""

import tensorflow as tf

_REDUCTIONS = {"sum": tf.reduce_sum, "mean": tf.reduce_mean}


def guide(logits, parts, *, reduction="sum"):
    """R_i(x), how far a sample is outside of its part: the sum over c of max(0, f_c(x) - f_i(x)) (Eq. 6).

    Zero inside the part and on its border, where its gradient is zero too; above zero outside. A constant added to all
    logits changes nothing. The authors' code takes the mean over the k logits instead, which their weight 6.0 is for:
    with the sum that is 6.0 / k.

    Args:
      logits: [n, k].
      parts: integers [n] in [0, k), the part that each sample is meant for.
      reduction: over the k logits, "sum" as printed or "mean" as in the authors' code.

    Returns:
      [n], at least 0.
    """
    excess = tf.nn.relu(logits - tf.gather(logits, parts[:, None], batch_dims=1))
    return _REDUCTIONS[reduction](excess, axis=1)
