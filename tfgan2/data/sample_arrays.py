"""Arrays with one row for each sample of a part: how they are computed, and how they get into its batches."""

import numpy as np
import tensorflow as tf

_BLOCK = 500  # samples that are mapped at once


class NetworkSamples:
    """The samples of a part as the networks take them. Their numbers, from 0 to size - 1, are those within the part.

    Attributes:
      name: of the data set.
      size: number of samples.
      shape: of one sample.
      labels: their classes, int32 [size]; None if the data have none.
      repeats: whether a part smaller than a batch is repeated.
    """

    def __init__(self, part, scaling):
        self._part = part
        self._scaling = scaling
        self.name = part.data.name
        self.size = part.size
        self.shape = part.data.shape
        self.labels = None if part.data.labels is None else part.data.labels[part.all_rows]
        self.repeats = part.rows is not None

    def mapped(self, function):
        """[size, ...]: a function of all samples, in blocks of float32 [n, *shape] in the range of the networks."""
        return np.concatenate([np.asarray(function(block)) for block in self._blocks()])

    def flat(self):
        """The samples themselves as float32 [size, d]."""
        return self.mapped(lambda block: tf.reshape(block, [len(block), -1]))

    def _blocks(self):
        for rows in np.split(self._part.all_rows, range(_BLOCK, self.size, _BLOCK)):
            yield tf.cast(self._scaling.to_network(self._part.data.as_float(rows)), tf.float32)


def with_arrays(part, arrays):
    """A part that has other labels, or neighbours, in its batches.

    Args:
      part: the `Part`, with n samples.
      arrays: {"labels": integers [n]}, {"neighbors": [n, k], numbers of samples}, or both. `NetworkSamples` says how
        samples are numbered.
    """
    rows = part.all_rows

    def of_all(values):
        everyone = np.zeros((part.data.size, *values.shape[1:]), np.int32)
        everyone[rows] = values
        return everyone

    if "labels" in arrays:
        part = part._replace(data=part.data._replace(labels=of_all(arrays["labels"])))
    if "neighbors" in arrays:
        part = part._replace(neighbors=of_all(rows[arrays["neighbors"]]))
    return part
