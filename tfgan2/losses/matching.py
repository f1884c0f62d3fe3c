"""Gradient matching: the generator matches the discriminator's score and slope on real data (GN-GAN, Eq. 9 to 13).

The loss is not linear in the statistics. So replicas average the statistics first, and the two are separate functions.
"""

import tensorflow as tf

from tfgan2.losses.gradients import input_gradient, sample_norms, sample_sums


def norm_statistics(score, inputs):
    """The statistics of each sample, in the form that the paper calls stable and uses.

    Args:
      score: Maps inputs [n, ...] to probabilities D(x), [n, 1].
      inputs: [n, ...].

    Returns:
      {"score": D(x) [n], "slope": ||grad D(x)|| [n], "slope_times_point": |grad D(x)^T x| [n]}.
    """
    values, gradient = input_gradient(score, inputs)
    return {
        "score": tf.reshape(values, [-1]),
        "slope": sample_norms(gradient),
        "slope_times_point": tf.abs(sample_sums(gradient * inputs)),
    }


def vector_statistics(score, inputs):
    """As `norm_statistics`, in the form of Eq. 13 as printed: the gradient itself, and grad D(x)^T x with its sign.

    Returns:
      {"score": [n], "slope": [n, d], "slope_times_point": [n]}.
    """
    values, gradient = input_gradient(score, inputs)
    return {
        "score": tf.reshape(values, [-1]),
        "slope": tf.reshape(gradient, [gradient.shape[0], -1]),
        "slope_times_point": sample_sums(gradient * inputs),
    }


def matching_terms(real_means, fake_means):
    """The three terms of V_G (GN-GAN, Eq. 13), before their weights.

    Args:
      real_means, fake_means: Means over the batch of `norm_statistics` or `vector_statistics`.

    Returns:
      {"score": |difference of means|, "slope": squared L2 norm of the difference, "slope_times_point": squared
      difference}.
    """
    return {
        "score": tf.abs(real_means["score"] - fake_means["score"]),
        "slope": tf.reduce_sum(tf.square(real_means["slope"] - fake_means["slope"])),
        "slope_times_point": tf.square(real_means["slope_times_point"] - fake_means["slope_times_point"]),
    }


MATCHING_STATISTICS = {"norm": norm_statistics, "vector": vector_statistics}
