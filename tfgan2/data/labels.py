"""Checks of labels from files."""

import numpy as np

from tfgan2.errors import InputError

LARGEST_LABEL = 2**16 - 1
"""Each number up to the largest label is a class with a name. A limit keeps a wrong label from filling the memory."""


def checked_labels(name, labels, count, class_names=(), *, array="labels"):
    """Checks the labels of a file.

    Args:
      name: Name of the dataset. Messages begin with it.
      labels: [count] or [count, 1], integers or floats with integer values.
      count: Number of samples.
      class_names: Class names by label, or empty.
      array: Name of the labels in the file.

    Returns:
      int32 [count].

    Raises:
      InputError: The labels have another shape or type, or a label is negative, above `LARGEST_LABEL`, or without a
        name.
    """
    if labels.shape not in ((count,), (count, 1)) or labels.dtype.kind not in "iuf" or not _are_whole(labels):
        raise InputError(
            f"{name}: {array} are {labels.dtype} {list(labels.shape)}; save integers [{count}], one for each sample"
        )
    low, high = labels.min().item(), labels.max().item()
    largest = len(class_names) - 1 if class_names else LARGEST_LABEL
    if low < 0 or high > largest:
        why = ", as there are class_names" if class_names else ""
        raise InputError(f"{name}: {array} are in [{low}, {high}]; save integers in [0, {largest}]{why}")
    return labels.reshape(count).astype(np.int32)


def _are_whole(labels):
    return labels.dtype.kind != "f" or bool(np.all(np.isfinite(labels)) and np.all(np.trunc(labels) == labels))
