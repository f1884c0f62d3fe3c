"""Moving averages of a discriminator's mean logits, of real and of generated samples."""

import tensorflow as tf

from tfgan2.errors import ArgumentError


class LogitAverages:
    """The averages a_R and a_F of the LeCam regulariser.

    Up to 1 / (1 - decay) updates an average is the mean of all values; later it is an exponential moving average.

    Args:
      decay: Decay of the moving average, in [0, 1).

    Attributes:
      real: Scalar variable, the average logit of real samples; 0 before the first update.
      fake: The same for generated samples.
      updates: Scalar variable, the number of updates.

    Raises:
      ArgumentError: the decay is out of range.
    """

    def __init__(self, decay=0.99):
        if not 0.0 <= decay < 1.0:
            raise ArgumentError("decay", decay, "in [0, 1)")
        self._decay = decay
        self.real, self.fake = (_variable(name, tf.float32) for name in ("real_logit", "fake_logit"))
        self.updates = _variable("updates", tf.int64)

    def update(self, real_logit, fake_logit):
        """Adds the mean logits of one update, taken over all replicas."""
        updates = tf.cast(self.updates, tf.float32)
        decay = tf.minimum(self._decay, updates / (updates + 1.0))
        for average, value in ((self.real, real_logit), (self.fake, fake_logit)):
            average.assign(decay * average + (1.0 - decay) * tf.cast(value, tf.float32))
        self.updates.assign_add(1)

    def state(self):
        """Name -> variable, for checkpoints."""
        return {"real": self.real, "fake": self.fake, "updates": self.updates}


def _variable(name, dtype):
    aggregation = tf.VariableAggregation.ONLY_FIRST_REPLICA
    return tf.Variable(0, dtype=dtype, trainable=False, name=name, aggregation=aggregation)
