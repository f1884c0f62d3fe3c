"""Exponential moving averages of weights."""

import contextlib

import tensorflow as tf


class Averages:
    """Averages of some weights over training, which can replace the weights for a while.

    The decay of update t = 0, 1, ... is at most (1 + t) / (10 + t), so that short runs forget their initial weights.

    Args:
      weights: Keras variables. The averages must be built inside the scope of their strategy.
      decay: Decay of an update, in [0, 1).

    Attributes:
      variables: The averages, in the order of the weights.
    """

    def __init__(self, weights, decay):
        self._weights = list(weights)
        self._decay = decay
        self.variables = [_average_of(weight) for weight in self._weights]

    def update(self, step):
        """Adds the present weights to the averages; `step` is the number of updates before this one."""
        steps = tf.cast(step, tf.float32)
        decay = tf.minimum(self._decay, (1.0 + steps) / (10.0 + steps))
        for average, weight in zip(self.variables, self._weights, strict=True):
            average.assign(decay * average + (1.0 - decay) * tf.convert_to_tensor(weight))

    @contextlib.contextmanager
    def in_place(self):
        """Within this context the weights hold their averages."""
        raw = [tf.identity(weight.value) for weight in self._weights]
        try:
            for weight, average in zip(self._weights, self.variables, strict=True):
                weight.assign(average)
            yield
        finally:
            for weight, value in zip(self._weights, raw, strict=True):
                weight.assign(value)


def _average_of(weight):
    return tf.Variable(
        weight.value, trainable=False, name="average", aggregation=tf.VariableAggregation.ONLY_FIRST_REPLICA
    )
