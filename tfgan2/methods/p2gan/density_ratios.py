"""Density ratios from P2GAN's discriminators (Theorem 1 of the paper).

The optimal output of a head for D_f(P || Q) is v(x) = g^-1(f'(p(x) / q(x))). It increases with p(x) / q(x), so the
log density ratio log(p(x) / q(x)) is an increasing function of v(x).
"""

import tensorflow as tf

from tfgan2.losses.divergences import DIVERGENCES


def names_of_ratios(heads):
    """The text "P / Q" of each head, such as "real / generator_0"."""
    return [f"{head.first} / {head.second}" for head in heads]


def log_density_ratios(heads, logits):
    """Estimates of log p/q, float32 [n, heads], from a discriminator's logits [n, heads]."""
    columns = tf.unstack(tf.cast(logits, tf.float32), axis=1)
    ratios = [DIVERGENCES[head.divergence].log_ratio(v) for head, v in zip(heads, columns, strict=True)]
    return tf.stack(ratios, axis=1)
