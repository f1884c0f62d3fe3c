"""Spectral normalisation with the true gradient (Miyato et al., 2018, SN-GAN).

The layer uses the weight W / sigma. sigma = u^T W v comes from power iteration, and gradients pass through it. `call`
never assigns: one tape can hold several calls of a discriminator, and all of them must use the same weight.
`power_iterate` must run once before each update of the weight.
"""

import keras
import tensorflow as tf

from tfgan2.errors import ArgumentError

_EPSILON = 1e-12


class _SpectralNorm:
    """Adds the left singular vector and the normalised kernel to a Keras layer with a `kernel`."""

    # Those of Keras' dense and convolutional layers omit the singular vector.
    save_own_variables = keras.layers.Layer.save_own_variables
    load_own_variables = keras.layers.Layer.load_own_variables

    def build(self, input_shape):
        super().build(input_shape)
        self.singular_vector = self.add_weight(
            name="singular_vector",
            shape=self._vector_shape(input_shape),
            initializer=keras.initializers.RandomNormal(stddev=1.0),
            trainable=False,
            autocast=False,
            aggregation="only_first_replica",
            dtype=keras.backend.result_type(self.variable_dtype, "float32"),
        )

    def power_iteration(self):
        """Moves the singular vector one step of power iteration towards the largest singular value."""
        self.singular_vector.assign(self._iterated(_unit(tf.convert_to_tensor(self.singular_vector))))

    def sigma(self):
        """The estimate u^T W v of the largest singular value, never above it. Gradients pass to W alone."""
        mapped = self._map(_unit(tf.convert_to_tensor(self.singular_vector)))
        return tf.tensordot(tf.stop_gradient(_unit(mapped)), mapped, len(mapped.shape))

    def normalized_kernel(self):
        """The kernel divided by `sigma`."""
        return self.kernel / tf.cast(self.sigma() + _EPSILON, self.kernel.dtype)

    def _iterated(self, vector):
        """The vector after one power iteration."""
        return _unit(self._adjoint(_unit(self._map(vector))))

    # sigma is the norm of this linear map: the kernel as a matrix. Layers with another map override these three.

    def _vector_shape(self, input_shape):
        """Shape of the singular vector."""
        del input_shape
        return (self.kernel.shape[-1],)

    def _map(self, vector):
        return tf.linalg.matvec(self._matrix(), vector)

    def _adjoint(self, vector):
        return tf.linalg.matvec(self._matrix(), vector, transpose_a=True)

    def _matrix(self):
        return tf.reshape(self._exact_kernel(), [-1, self.kernel.shape[-1]])

    def _exact_kernel(self):
        return tf.cast(self.kernel, self.singular_vector.dtype)


def _unit(vector):
    return vector / (tf.norm(vector) + _EPSILON)


@keras.saving.register_keras_serializable("tfgan2")
class SpectralDense(_SpectralNorm, keras.layers.Dense):
    """`keras.layers.Dense` with a kernel that is divided by its spectral norm."""

    def call(self, inputs):
        outputs = keras.ops.matmul(inputs, keras.ops.cast(self.normalized_kernel(), inputs.dtype))
        if self.use_bias:
            outputs = outputs + keras.ops.cast(self.bias, outputs.dtype)
        return outputs if self.activation is None else self.activation(outputs)


@keras.saving.register_keras_serializable("tfgan2")
class SpectralConv2D(_SpectralNorm, keras.layers.Conv2D):
    """`keras.layers.Conv2D` with a kernel that is divided by its spectral norm as a matrix [outputs, all else].

    This is SN-GAN's normalisation of the kernel matrix, not the norm of the convolution as an operator.
    """

    def convolution_op(self, inputs, kernel):
        del kernel  # not normalised
        return super().convolution_op(inputs, keras.ops.cast(self.normalized_kernel(), inputs.dtype))


def power_iterate(network):
    """Runs `power_iteration` in every spectrally normalised layer of a network."""
    for layer in _normalized_layers(network):
        layer.power_iteration()


def converge(network, *, tolerance=0.01):
    """Runs `power_iterate` until all sigmas of a network have converged. Training does so over its updates.

    From a random start the relative error after q iterations is about log(d) / 2q, for any gaps between singular values
    (Kuczynski and Wozniakowski, 1992). So the error is about the tolerance once a further iteration adds about the
    square of the tolerance.

    Args:
      network: A `keras.Model`.
      tolerance: Approximate relative error of sigma, in [0.001, 1).

    Raises:
      ArgumentError: the tolerance is out of range.
    """
    if not 0.001 <= tolerance < 1:
        raise ArgumentError("tolerance", tolerance, "in [0.001, 1)")
    layers = _normalized_layers(network)

    @tf.function(autograph=False)
    def iterate():
        power_iterate(network)
        return [layer.sigma() for layer in layers]

    before, after = [0.0] * len(layers), iterate()
    while any(new > (1.0 + tolerance**2) * old for old, new in zip(before, after, strict=True)):
        before, after = after, iterate()


def _normalized_layers(network):
    return [layer for layer in network._flatten_layers() if hasattr(layer, "power_iteration")]
