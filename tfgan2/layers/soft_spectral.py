"""Soft spectral normalisation: it divides a kernel only if its norm is above a coefficient.

The layer uses the weight W / (max(1, sigma / coefficient) + 1e-5) (Gouk et al., 2018; Behrmann et al., 2019, i-ResNet).
SN-GAN takes the norm of a convolution's kernel matrix. Here sigma is the norm of the convolution as an operator on
inputs of the layer's size, with its zero padding. This norm bounds the layer's Lipschitz constant.
"""

import keras
import tensorflow as tf

from tfgan2.errors import ArgumentError
from tfgan2.layers.spectral import SpectralConv2D, SpectralDense

_MARGIN = 1e-5


class _SoftSpectralNorm:
    """Makes the norm of a spectrally normalised layer soft.

    Args:
      *positional: Arguments of the Keras layer.
      coefficient: Largest Lipschitz constant of the layer, above 0.
      iterations: Power iterations in one `power_iteration`.
      **options: Options of the Keras layer.

    Raises:
      ArgumentError: the coefficient or the number of iterations is out of range.
    """

    def __init__(self, *positional, coefficient=0.9, iterations=5, **options):
        super().__init__(*positional, **options)
        if not coefficient > 0:
            raise ArgumentError("coefficient", coefficient, "above 0")
        if iterations < 1:
            raise ArgumentError("iterations", iterations, "at least 1")
        self.coefficient = coefficient
        self.iterations = iterations

    def normalized_kernel(self):
        """The kernel. It is divided if its sigma is above the coefficient."""
        divisor = tf.maximum(self.sigma() / self.coefficient, 1.0) + _MARGIN
        return self.kernel / tf.cast(divisor, self.kernel.dtype)

    def get_config(self):
        return {**super().get_config(), "coefficient": self.coefficient, "iterations": self.iterations}

    def _iterated(self, vector):
        # A network has dozens of these layers. Unrolled iterations would take half a minute to trace and compile.
        iterate = super()._iterated
        return keras.ops.fori_loop(0, self.iterations, lambda _, vector: iterate(vector), vector)


@keras.saving.register_keras_serializable("tfgan2")
class SoftSpectralDense(_SoftSpectralNorm, SpectralDense):
    """`keras.layers.Dense` with a kernel of a spectral norm of at most a coefficient."""


@keras.saving.register_keras_serializable("tfgan2")
class SoftSpectralConv2D(_SoftSpectralNorm, SpectralConv2D):
    """`keras.layers.Conv2D` with an operator norm, on inputs of one size, of at most a coefficient.

    A 1x1 convolution has the norm of its kernel matrix. For larger kernels the singular vector is an input of the
    operator, and the power method applies the convolution and its transpose.

    Raises:
      ValueError: the inputs have no fixed size when the layer is built.
    """

    def build(self, input_shape):
        if None in input_shape[1:]:
            raise ValueError(
                f"{self.name!r} takes inputs {tuple(input_shape)}; the norm of a convolution depends on their height "
                "and width: give the network's input a fixed size."
            )
        super().build(input_shape)
        self.input_spec = keras.layers.InputSpec(shape=(None, *input_shape[1:]))

    def _vector_shape(self, input_shape):
        return super()._vector_shape(input_shape) if self._is_matrix() else tuple(input_shape[1:])

    def _map(self, vector):
        if self._is_matrix():
            return super()._map(vector)
        return keras.layers.Conv2D.convolution_op(self, vector[None], self._exact_kernel())[0]

    def _adjoint(self, vector):
        if self._is_matrix():
            return super()._adjoint(vector)
        # The gradient of a linear map, at any point, is its adjoint: here the transposed convolution.
        anywhere = tf.zeros_like(self.singular_vector)
        with tf.GradientTape() as tape:
            tape.watch(anywhere)
            outputs = self._map(anywhere)
        return tape.gradient(outputs, anywhere, output_gradients=vector)

    def _is_matrix(self):
        return self.kernel_size == (1, 1)
