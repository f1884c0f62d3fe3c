"""Agreement of a partition of the data, learnt without labels, with the labels."""

import numpy as np
from sklearn.metrics import normalized_mutual_info_score

from tfgan2.errors import InputError
from tfgan2.metrics.inputs import real_array


def normalized_mutual_information(partition, labels) -> float:
    """Normalised mutual information 2 I(C; Y) / (H(C) + H(Y)) of the parts C and the classes Y.

    The value is 1 if each determines the other, or if there is one part and one class. It is 0 if they are independent.
    The numbering of parts and classes does not matter. The divisor is the arithmetic mean of both entropies, the
    default of scikit-learn. Chance agreement grows with the number of parts.

    Args:
      partition: [n] integers, the part of each sample, n at least 1.
      labels: [n] integers, the class of each sample.

    Returns:
      A number in [0, 1].

    Raises:
      InputError: The lists have another rank, are empty, have different lengths, or are not of integers.
    """
    return float(normalized_mutual_info_score(*_lists(labels, partition)))


def purity(partition, labels) -> float:
    """Share of samples that belong to the most frequent class of their part.

    With n(c, y) samples of class y in part c it is 1/n sum over c of max over y of n(c, y). The value is at least the
    share of the most frequent class, and 1 for parts of one sample each. So compare equal numbers of parts only.

    Args:
      partition: [n] integers, the part of each sample, n at least 1.
      labels: [n] integers, the class of each sample.

    Returns:
      A number in (0, 1].

    Raises:
      InputError: The lists have another rank, are empty, have different lengths, or are not of integers.
    """
    labels, partition = _lists(labels, partition)
    (parts, part), (classes, label) = (np.unique(array, return_inverse=True) for array in (partition, labels))
    counts = np.bincount(part * len(classes) + label, minlength=len(parts) * len(classes))
    return float(counts.reshape(len(parts), len(classes)).max(axis=1).sum() / len(labels))


def _lists(labels, partition):
    labels, partition = real_array("labels", labels), real_array("parts", partition)
    if labels.shape != partition.shape or labels.ndim != 1 or labels.size == 0:
        raise InputError(
            f"labels and parts have shapes {labels.shape} and {partition.shape}; they must be lists of equal length."
        )
    if not (np.issubdtype(labels.dtype, np.integer) and np.issubdtype(partition.dtype, np.integer)):
        raise InputError(f"labels and parts have types {labels.dtype} and {partition.dtype}; they must be integers.")
    return labels, partition
