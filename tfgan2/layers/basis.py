"""Learned pictures, one for each channel: the first layer of a generator, the last of a discriminator (R3GAN, 2024)."""

import keras


class _Basis(keras.layers.Layer):
    """Holds one picture for each channel, [size, size, channels].

    Args:
      size: Height and width of the pictures.
      stddev: Standard deviation of the initial values, which are normal.
      **options: Options of `keras.layers.Layer`.
    """

    def __init__(self, size, *, stddev=1.0, **options):
        super().__init__(**options)
        self.size = size
        self.stddev = stddev

    def build(self, input_shape):
        shape = (self.size, self.size, input_shape[-1])
        initializer = keras.initializers.RandomNormal(stddev=self.stddev)
        self.basis = self.add_weight(name="basis", shape=shape, initializer=initializer)

    def get_config(self):
        return {**super().get_config(), "size": self.size, "stddev": self.stddev}


@keras.saving.register_keras_serializable("tfgan2")
class FromBasis(_Basis):
    """Multiplies each picture by a coefficient: [n, channels] -> [n, size, size, channels]."""

    def call(self, inputs):
        return inputs[:, None, None, :] * self.basis

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.size, self.size, input_shape[-1])


@keras.saving.register_keras_serializable("tfgan2")
class OntoBasis(_Basis):
    """Inner products with the pictures: [n, size, size, channels] -> [n, channels]."""

    def call(self, inputs):
        return keras.ops.sum(inputs * self.basis, axis=(1, 2))

    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[-1])
