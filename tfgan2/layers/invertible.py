"""The layers of an invertible residual network (Behrmann et al., 2019, i-ResNet; PGMGAN's partitioner)."""

import abc
import math

import keras
import tensorflow as tf

from tfgan2.errors import ArgumentError
from tfgan2.layers.soft_spectral import SoftSpectralConv2D, SoftSpectralDense

_FRACTION_BITS = {"float64": 52, "float32": 23, "float16": 10, "bfloat16": 7}


class _InvertibleBlock(keras.layers.Layer, abc.ABC):
    """y = x + F(x). F is three layers with the Lipschitz constant L < 1 each, and ELUs before them.

    So (1 - L^3) ||x - x'|| <= ||y - y'|| <= (1 + L^3) ||x - x'||, and every y has exactly one x.

    Args:
      width: Width of the two inner layers.
      coefficient: L, in (0, 1).
      iterations: Power iterations of each layer in one `power_iteration`.
      activates_first: Whether an ELU comes before the first layer. The first block of a network has none.
      **options: Options of `keras.layers.Layer`.

    Raises:
      ArgumentError: the coefficient is out of range.
    """

    def __init__(self, width, *, coefficient=0.9, iterations=5, activates_first=True, **options):
        super().__init__(**options)
        if not 0 < coefficient < 1:
            raise ArgumentError("coefficient", coefficient, "in (0, 1), where the block has an inverse")
        self.width = width
        self.coefficient = coefficient
        self.iterations = iterations
        self.activates_first = activates_first

    def build(self, input_shape):
        options = {"coefficient": self.coefficient, "iterations": self.iterations, "dtype": self.dtype_policy}
        self.first, self.second, self.third = self._make_layers(input_shape[-1], options)
        shape = input_shape
        for layer in (self.first, self.second, self.third):
            layer.build(shape)
            shape = layer.compute_output_shape(shape)

    def call(self, inputs):
        return inputs + self._residual(inputs)

    def inverse(self, outputs):
        """The inputs of these outputs, by the fixed-point iteration x <- y - F(x).

        Each round reduces the error of x by the factor L^3 at least. The number of rounds follows from the number
        format's precision.
        """
        outputs = tf.cast(outputs, self.compute_dtype)
        rounds = math.ceil(-_FRACTION_BITS[self.compute_dtype] / math.log2(self.coefficient**3))
        return keras.ops.fori_loop(0, rounds, lambda _, inputs: outputs - self._residual(inputs), outputs)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "width": self.width,
            "coefficient": self.coefficient,
            "iterations": self.iterations,
            "activates_first": self.activates_first,
        }

    def _residual(self, inputs):
        outputs = keras.ops.elu(inputs) if self.activates_first else inputs
        return self.third(keras.ops.elu(self.second(keras.ops.elu(self.first(outputs)))))

    @abc.abstractmethod
    def _make_layers(self, channels, options):
        """The three layers of F; the last has `channels` outputs."""


@keras.saving.register_keras_serializable("tfgan2")
class InvertibleDense(_InvertibleBlock):
    """An invertible block of dense layers: [n, d] -> [n, d]."""

    def _make_layers(self, channels, options):
        widths = {"first": self.width, "second": self.width, "third": channels}
        return [SoftSpectralDense(width, name=name, **options) for name, width in widths.items()]


@keras.saving.register_keras_serializable("tfgan2")
class InvertibleConv2D(_InvertibleBlock):
    """An invertible block of convolutions 3x3, 1x1 and 3x3: [n, height, width, c] -> the same shape."""

    def _make_layers(self, channels, options):
        return [
            SoftSpectralConv2D(self.width, 3, padding="same", name="first", **options),
            SoftSpectralConv2D(self.width, 1, name="second", **options),
            SoftSpectralConv2D(channels, 3, padding="same", name="third", **options),
        ]


@keras.saving.register_keras_serializable("tfgan2")
class SpaceToDepth(keras.layers.Layer):
    """Halves height and width, which must be even, and keeps all values: [n, 2 h, 2 w, c] -> [n, h, w, 4 c]."""

    def call(self, inputs):
        return tf.nn.space_to_depth(inputs, 2)

    def inverse(self, outputs):
        """The inputs of these outputs."""
        return tf.nn.depth_to_space(outputs, 2)

    def compute_output_shape(self, input_shape):
        batch, height, width, channels = input_shape
        return (batch, height // 2, width // 2, 4 * channels)


@keras.saving.register_keras_serializable("tfgan2")
class ActNorm(keras.layers.Layer):
    """A scale and an offset for each channel (Kingma and Dhariwal, 2018, Glow), both unbounded.

    They start as 1 and 0. Glow and i-ResNet take the statistics of the first batch instead. Then the weights of a
    network would depend on the order in which it is built, restored and distributed over devices.
    """

    def build(self, input_shape):
        self.scale = self.add_weight(name="scale", shape=(input_shape[-1],), initializer="ones")
        self.offset = self.add_weight(name="offset", shape=(input_shape[-1],), initializer="zeros")

    def call(self, inputs):
        return inputs * self.scale + self.offset

    def compute_output_shape(self, input_shape):
        return input_shape
