"""Labels as arrays of files hold them."""

import numpy as np

from tfgan2.errors import InputError

LARGEST_LABEL = 2**16 - 1
"""Each number up to the largest label is a class with a name, so a stray large one would fill the memory."""


def checked_labels(name, labels, count, class_names=(), *, array="labels"):
    """The labels of a file, int32 [count].

    Args:
      name: of the data set, which messages begin with.
      labels: integers, or floating point numbers that are whole, [count] or [count, 1].
      count: number of samples.
      class_names: by label, if the file has them.
      array: what the file calls the labels.

    Raises:
      InputError: they have another shape or type, or one is negative, above `LARGEST_LABEL` or without a name.
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
