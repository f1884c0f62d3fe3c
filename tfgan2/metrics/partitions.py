"""How well a partition of the data, found without labels, agrees with them."""

import numpy as np
from sklearn.metrics import normalized_mutual_info_score

from tfgan2.errors import InputError
from tfgan2.metrics.inputs import real_array


def normalized_mutual_information(partition, labels) -> float:
    """2 I(C; Y) / (H(C) + H(Y)) of the parts C and the classes Y, in [0, 1]; names of parts and classes do not matter.

    1 if each determines the other, 0 if they are independent. Of the means that normalise it this is the arithmetic
    one, scikit-learn's default. It is 1 if there is one part and one class. Chance agreement grows with the number of
    parts.

    Args:
      partition: [n] integers, n at least 1.
      labels: [n] integers.

    Raises:
      InputError: lists of another rank, empty, of different lengths, or not of integers.
    """
    return float(normalized_mutual_info_score(*_lists(labels, partition)))


def purity(partition, labels) -> float:
    """Share of samples of their part's most frequent class: 1/n sum over parts c of max over classes y of n(c, y).

    In (0, 1], at least the share of the most frequent class, and 1 for parts of one sample each: compare equal numbers
    of parts only.

    Args:
      partition: [n] integers, n at least 1.
      labels: [n] integers.

    Raises:
      InputError: lists of another rank, empty, of different lengths, or not of integers.
    """
    labels, partition = _lists(labels, partition)
    (parts, part), (classes, label) = (np.unique(array, return_inverse=True) for array in (partition, labels))
    counts = np.bincount(part * len(classes) + label, minlength=len(parts) * len(classes))
    return float(counts.reshape(len(parts), len(classes)).max(axis=1).sum() / len(labels))


def _lists(labels, partition):
    labels, partition = real_array("labels", labels), real_array("the partition's numbers", partition)
    if labels.shape != partition.shape or labels.ndim != 1 or labels.size == 0:
        raise InputError(
            f"labels have shape {labels.shape} and partition {partition.shape}; give two lists of one length"
        )
    if not (np.issubdtype(labels.dtype, np.integer) and np.issubdtype(partition.dtype, np.integer)):
        raise InputError(f"labels are {labels.dtype} and partition is {partition.dtype}; give integers")
    return labels, partition
