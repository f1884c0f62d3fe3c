"""Arrays with one row per sample of a part: their computation, and their place in batches."""

import numpy as np
import tensorflow as tf

_BLOCK = 500  # Samples that are mapped together.


class NetworkSamples:
    """The samples of a part in the range of the networks. They are numbered from 0 to size - 1 within the part.

    Args:
      part: The `Part`.
      scaling: The `Scaling` of the data.

    Attributes:
      name: Name of the dataset.
      size: Number of samples.
      shape: Shape of a sample.
      labels: Class of each sample, int32 [size], or None without labels.
      repeats: Whether the part is repeated if it is smaller than a batch.
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
        """Applies a function of tensors to blocks float32 [n, *shape] of all samples, in a graph.

        Returns the joined results [size, ...].
        """
        blocks = tf.TensorSpec([None, *self.shape], tf.float32)
        compiled = tf.function(function, input_signature=[blocks], autograph=False)
        return np.concatenate([compiled(block).numpy() for block in self._blocks()])

    def flat(self):
        """Returns the samples as float32 [size, d]."""
        return np.concatenate([np.reshape(block, (len(block), -1)) for block in self._blocks()])

    def _blocks(self):
        for rows in np.split(self._part.all_rows, range(_BLOCK, self.size, _BLOCK)):
            yield tf.cast(self._scaling.to_network(self._part.data.as_float(rows)), tf.float32)


def with_arrays(part, arrays):
    """Returns a part with other labels or neighbours in its batches.

    Args:
      part: The `Part`, with n samples.
      arrays: {"labels": integers [n]}, {"neighbors": integers [n, k]}, or both. Neighbours are numbers of samples as in
        `NetworkSamples`.
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
