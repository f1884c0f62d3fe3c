"""Exponential moving averages of weights."""

import contextlib
import dataclasses

import tensorflow as tf

from tfgan2.methods.base.schedules import half_life_decay
from tfgan2.ranges import BatchSize, Positive, check_fields


@dataclasses.dataclass(kw_only=True, frozen=True)
class HalfLife:
    """A decay that does not depend on the size of a batch; see `half_life_decay`.

    Args:
      samples: Number of samples after which the share of earlier weights is halved.
      batch_size: Number of samples in a step, over all replicas.
      ramp: The half-life is at most this share of the samples so far; None keeps it constant.

    Raises:
      ArgumentError: a value is out of range.
    """

    samples: Positive
    batch_size: BatchSize
    ramp: Positive | None = None

    def __post_init__(self):
        check_fields(self)


class Averages:
    """Averages of some weights over training, which can replace the weights for a while.

    Without a ramp the decay of update t = 0, 1, ... is at most (1 + t) / (10 + t), so that short runs forget their
    initial weights.

    Args:
      weights: Keras variables. The averages must be built inside the scope of their strategy.
      decay: Decay of an update, a number in [0, 1) or a `HalfLife`.

    Attributes:
      weights: The weights.
      variables: The averages, in the order of the weights.
    """

    def __init__(self, weights, decay):
        self.weights = list(weights)
        self._decay = decay
        self.variables = [_average_of(weight) for weight in self.weights]

    def update(self, step):
        """Adds the present weights to the averages; `step` is the number of updates before this one."""
        decay = self._decay_of(step)
        for average, weight in zip(self.variables, self.weights, strict=True):
            average.assign(decay * average + (1.0 - decay) * tf.convert_to_tensor(weight))

    @contextlib.contextmanager
    def in_place(self):
        """Within this context the weights hold their averages."""
        raw = [tf.identity(weight.value) for weight in self.weights]
        try:
            for weight, average in zip(self.weights, self.variables, strict=True):
                weight.assign(average)
            yield
        finally:
            for weight, value in zip(self.weights, raw, strict=True):
                weight.assign(value)

    def _decay_of(self, step):
        decay = self._decay
        if isinstance(decay, HalfLife):
            ramp = decay.ramp
            decay = half_life_decay(step, decay.batch_size, decay.samples, ramp)
            if ramp is not None:
                return decay
        steps = tf.cast(step, tf.float32)
        return tf.minimum(decay, (1.0 + steps) / (10.0 + steps))


def _average_of(weight):
    return tf.Variable(
        weight.value, trainable=False, name="average", aggregation=tf.VariableAggregation.ONLY_FIRST_REPLICA
    )
