"""How samples spread over classes, by the labels that a classifier gives them: modes covered, reverse KL, negatives.

The labels come from a classifier, so every number here holds for that classifier only and is blurred by its errors;
those of real, held-out data are the floor to print beside it.
"""

from collections.abc import Collection

import numpy as np

from tfgan2.errors import InputError
from tfgan2.metrics.inputs import numbers, real_array


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


def reverse_kl(counts) -> float:
    """KL of the shares p_k = c_k / sum_j c_j from equal shares: sum over p_k > 0 of p_k ln(K p_k), in nats, 0 to ln K.

    The value depends on the number of samples: equal shares of 1,000 modes sampled 2,500 times give 0.22 nats, 26,000
    times 0.019.

    The unit of the numbers in Table 1 of PGMGAN (CVPR 2021) is not known. Its public code takes decimal logarithms over
    the modes of a classifier, to match the numbers that PacGAN prints, and natural ones for 2-D data. But the GAN's
    2.97 with a deviation of 0.216 over five runs cannot be decimal: over 1,000 modes no value is above 3 then, so that
    five of this mean deviate by at most 0.067. One nat is 0.434 decimal units, or 1.443 bits.

    Args:
      counts: [K], samples of each class, not all 0.

    Raises:
      InputError: counts of another rank, empty, negative, not real, not finite or all 0.
    """
    counts = _counts(counts)
    shares = counts[counts > 0] / counts.sum()
    return float(max(0.0, np.sum(shares * np.log(len(counts) * shares))))


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
