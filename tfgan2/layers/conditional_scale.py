"""Layers that condition a shared network on a partition or class."""

import keras


class _Rows(keras.layers.Layer):
    """A layer with one row of weights for each choice. Products with one-hot rows select them, with dense gradients."""

    def __init__(self, choices, **options):
        super().__init__(**options)
        self.choices = choices

    def rows(self, weights, numbers):
        """The rows [n, d] of weights [choices, d] for integers [n]."""
        return keras.ops.matmul(keras.ops.one_hot(numbers, self.choices, dtype=weights.dtype), weights)

    def get_config(self):
        return {**super().get_config(), "choices": self.choices}


@keras.saving.register_keras_serializable("tfgan2")
class ConditionalScale(_Rows):
    """A gain and an offset for each choice: ([n, ..., units], int32 [n]) -> [n, ..., units].

    After a batch norm without gain and offset it makes conditional batch norm: x (1 + gain_y) + offset_y.

    Args:
      choices: Number of choices.
      stddev: Standard deviation of the initial gains and offsets, which are normal.
      **options: Options of `keras.layers.Layer`.
    """

    def __init__(self, choices, *, stddev=0.02, **options):
        super().__init__(choices, **options)
        self.stddev = stddev

    def build(self, input_shape):
        shape = (self.choices, input_shape[0][-1])
        for name in ("gain", "offset"):
            initializer = keras.initializers.RandomNormal(stddev=self.stddev)
            setattr(self, name, self.add_weight(name=name, shape=shape, initializer=initializer))

    def call(self, inputs):
        values, numbers = inputs
        places = (-1, *[1] * (len(values.shape) - 2), values.shape[-1])
        gain, offset = (keras.ops.reshape(self.rows(weights, numbers), places) for weights in (self.gain, self.offset))
        return values * (1.0 + gain) + offset

    def compute_output_shape(self, input_shape):
        return input_shape[0]

    def get_config(self):
        return {**super().get_config(), "stddev": self.stddev}


@keras.saving.register_keras_serializable("tfgan2")
class UnitEmbedding(_Rows):
    """A vector of Euclidean length 1 for each choice: int32 [n] -> [n, units].

    Args:
      choices: Number of choices.
      units: Dimension of the vectors.
      **options: Options of `keras.layers.Layer`.
    """

    def __init__(self, choices, units, **options):
        super().__init__(choices, **options)
        self.units = units

    def build(self, input_shape):
        initializer = keras.initializers.RandomNormal(stddev=1.0)
        self.embeddings = self.add_weight(name="embeddings", shape=(self.choices, self.units), initializer=initializer)

    def call(self, inputs):
        return keras.ops.normalize(self.rows(self.embeddings, inputs), axis=-1)

    def compute_output_shape(self, input_shape):
        return (*input_shape, self.units)

    def get_config(self):
        return {**super().get_config(), "units": self.units}
