"""Scores of predicted classes: modes covered, reverse KL, and the share of negative classes.

A classifier predicts the class of each sample. Its errors change every score, so a score holds for that classifier
only. Print the score of real held-out data beside it: no generator can be expected to do better.
"""

from collections.abc import Collection

import numpy as np

from tfgan2.errors import ArgumentError, InputError
from tfgan2.metrics.inputs import numbers, real_array


def class_counts(labels, classes: int) -> np.ndarray:
    """Counts the samples of each class.

    Args:
      labels: [n] integers in [0, classes), at least one.
      classes: K, the number of classes.

    Returns:
      int64 [K].

    Raises:
      InputError: The labels have another rank, are empty, are not integers, or are outside [0, classes).
        `classes` is below 1.
    """
    if classes < 1:
        raise ArgumentError("classes", classes, "at least 1")
    return np.bincount(_labels(labels, classes), minlength=classes)


def modes_covered(counts, minimum: int = 1) -> int:
    """Number of classes with at least `minimum` samples.

    With a minimum of 1 it is `modes` of PGMGAN (CVPR 2021, Table 1). The value grows with the number of samples. For
    example, 2,500 equally likely draws from 1,000 modes hit 918 modes on average, and 26,000 draws hit all.

    Args:
      counts: [K], samples of each class.
      minimum: A class with at least this many samples is covered.

    Returns:
      An integer in [0, K].

    Raises:
      InputError: As for `reverse_kl`, or `minimum` is below 1.
    """
    if minimum < 1:
        raise ArgumentError("minimum", minimum, "at least 1")
    return int(np.sum(_counts(counts) >= minimum))


def reverse_kl(counts) -> float:
    """KL divergence of the class shares from equal shares, in nats.

    With p_k = c_k / sum_j c_j it is the sum over p_k > 0 of p_k ln(K p_k).

    The value depends on the number of samples. For 1,000 modes with equal shares, 2,500 samples give 0.22 nats and
    26,000 samples give 0.019.

    The unit in Table 1 of PGMGAN (CVPR 2021) is unknown. Its public code uses decimal logarithms for the modes of a
    classifier, to match PacGAN's numbers, and natural logarithms for 2-D data. Yet the printed 2.97 of the GAN, with a
    standard deviation of 0.216 over five runs, cannot be decimal. A decimal value over 1,000 modes is at most 3, so
    five values with a mean of 2.97 have a standard deviation of at most 0.067. One nat is 0.434 decimal units or
    1.443 bits.

    Args:
      counts: [K], samples of each class, not all 0.

    Returns:
      A number in [0, ln K].

    Raises:
      InputError: The counts have another rank, are empty, negative, not real, not finite, or all 0.
    """
    counts = _counts(counts)
    shares = counts[counts > 0] / counts.sum()
    return float(max(0.0, np.sum(shares * np.log(len(counts) * shares))))


def negative_share(labels, negatives: Collection[int], classes: int) -> float:
    """Share of samples that the classifier puts in a negative class, a class that the generator must avoid.

    Args:
      labels: [n] integers in [0, classes), at least one.
      negatives: The negative classes: at least one of them, and not all classes.
      classes: K, the number of classes.

    Returns:
      A number in [0, 1].

    Raises:
      InputError: As for `class_counts`, or `negatives` is empty, has all classes, or has a number that is no class.
    """
    counts = class_counts(labels, classes)
    chosen = sorted(set(negatives))
    if not set(chosen) <= set(range(classes)) or not 0 < len(chosen) < classes:
        raise InputError(
            f"negatives is {chosen}; it must have at least one of the classes 0 to {classes - 1}, and not all."
        )
    return float(counts[chosen].sum() / counts.sum())


def _labels(labels, classes):
    array = real_array("labels", labels)
    if array.ndim != 1 or array.size == 0:
        raise InputError(f"labels have shape {array.shape}; they must be a list of at least one label.")
    if not np.issubdtype(array.dtype, np.integer):
        raise InputError(f"labels have type {array.dtype}; they must be integers. Try the argmax of the logits.")
    if array.min() < 0 or array.max() >= classes:
        raise InputError(
            f"labels are in [{array.min()}, {array.max()}]; with {classes} classes they must be in [0, {classes - 1}]."
        )
    return array


def _counts(counts):
    counts = numbers("counts", counts)
    if counts.ndim != 1 or not np.isfinite(counts).all() or (counts < 0).any() or counts.sum() == 0:
        raise InputError(
            f"counts have shape {counts.shape}; they must be a list of finite numbers >= 0, at least one above 0."
        )
    return counts
