"""The guide of generated samples into their part of the data space (PGMGAN, CVPR 2021).

A partitioner maps samples to logits f(x) [k]. Part i is where f_i is the largest logit.
"""

import tensorflow as tf

_REDUCTIONS = {"sum": tf.reduce_sum, "mean": tf.reduce_mean}


def guide(logits, parts, *, reduction="sum"):
    """R_i(x) = sum_c max(0, f_c(x) - f_i(x)) (Eq. 6), a measure of the distance of a sample from its part.

    It is zero with zero gradient inside the part and on its border, and positive outside. It does not change if a
    constant is added to all logits. The authors' code has the mean over the k logits. Their weight 6.0 is for the mean
    and equals 6.0 / k for the sum.

    Args:
      logits: [n, k].
      parts: The requested part of each sample, integers [n] in [0, k).
      reduction: Reduction over the k logits: "sum", as printed, or "mean", as in the authors' code.

    Returns:
      [n], at least 0.
    """
    excess = tf.nn.relu(logits - tf.gather(logits, parts[:, None], batch_dims=1))
    return _REDUCTIONS[reduction](excess, axis=1)
