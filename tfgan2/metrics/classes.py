"""How samples spread over classes, by the labels that a classifier gives them: modes covered, reverse KL, negatives.

The labels come from a classifier, so every number here holds for that classifier only and is blurred by its errors;
those of real, held-out data are the floor to print beside it.
"""

import math
from collections.abc import Collection

import numpy as np

from tfgan2.errors import InputError
from tfgan2.metrics.checks import numbers, real_array


def class_counts(labels, classes: int) -> np.ndarray:
    """Counts the samples of each class.

    Args:
      labels: [n] integers in [0, classes), at least one.
      classes: K, the number of classes.

    Returns:
      int64 [K].

    Raises:
      InputError: labels of another rank, empty, not integers or outside of the classes; no class.
    """
    if classes < 1:
        raise InputError(f"classes is {classes!r}; give a number of at least 1")
    return np.bincount(_labels(labels, classes), minlength=classes)


def modes_covered(counts, minimum: int = 1) -> int:
    """Classes with at least `minimum` samples: `modes` of PGMGAN (CVPR 2021, Table 1), where one sample is enough.

    It grows with the number of samples: 2,500 equally likely draws of 1,000 modes hit 918 on average, 26,000 all.

    Args:
      counts: [K], samples of each class.
      minimum: Samples that make a class covered.

    Raises:
      InputError: counts as for `reverse_kl`; a minimum below 1.
    """
    if minimum < 1:
        raise InputError(f"minimum is {minimum!r}; a covered mode needs at least 1 sample")
    return int(np.sum(_counts(counts) >= minimum))


def reverse_kl(counts, base: float = 10.0) -> float:
    """KL of the shares p_k = c_k / sum_j c_j from equal shares: sum over p_k > 0 of p_k log(K p_k), in [0, log K].

    The public code of PGMGAN (CVPR 2021) takes base 10 over the modes of a classifier, to match the numbers that PacGAN
    prints, and natural logarithms for 2-D data. The value depends on the number of samples: equal shares of 1,000 modes
    sampled 2,500 times give 0.097 in base 10.

    Args:
      counts: [K], samples of each class, not all 0.
      base: Base of the logarithm, above 1.

    Raises:
      InputError: counts of another rank, empty, negative, not finite or all 0; a base not above 1.
    """
    counts = _counts(counts)
    if not base > 1:
        raise InputError(f"base is {base!r}; give a number above 1")
    shares = counts[counts > 0] / counts.sum()
    return float(max(0.0, np.sum(shares * np.log(len(counts) * shares))) / math.log(base))


def negative_share(labels, negatives: Collection[int], classes: int) -> float:
    """Share of samples that the classifier puts in a negative class, one that the generator is to leave out; in [0, 1].

    Args:
      labels: as for `class_counts`.
      negatives: The negative classes, at least one and not all.
      classes: K, the number of classes.

    Raises:
      InputError: labels as for `class_counts`; negatives none, all, or not among the classes.
    """
    counts = class_counts(labels, classes)
    chosen = sorted(set(negatives))
    if not set(chosen) <= set(range(classes)) or not 0 < len(chosen) < classes:
        raise InputError(f"negatives are {chosen}; give at least one and not all of the classes 0 to {classes - 1}")
    return float(counts[chosen].sum() / counts.sum())


def _labels(labels, classes):
    array = real_array("labels", labels)
    if array.ndim != 1 or array.size == 0:
        raise InputError(f"labels have shape {array.shape}; give a list of at least one")
    if not np.issubdtype(array.dtype, np.integer):
        raise InputError(f"labels are {array.dtype}; give integers, as the argmax of the logits")
    if array.min() < 0 or array.max() >= classes:
        raise InputError(
            f"labels go from {array.min()} to {array.max()}; with {classes} classes give 0 to {classes - 1}"
        )
    return array


def _counts(counts):
    counts = numbers("counts", counts)
    if counts.ndim != 1 or not np.isfinite(counts).all() or (counts < 0).any() or counts.sum() == 0:
        raise InputError(f"counts of shape {counts.shape}: give a list of finite numbers >= 0, one of them above 0")
    return counts
