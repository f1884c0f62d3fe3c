"""Spectral normalisation with the true gradient (Miyato et al., 2018, SN-GAN).

The weight used is W / sigma, with sigma = u^T W v from power iteration and the gradient taken through it. `call` never
assigns: a discriminator is called several times inside one tape, and all calls must see one weight. Whoever moves the
weight runs `power_iteration` once before.
"""

import keras
import tensorflow as tf

_EPSILON = 1e-12


class _SpectralNorm:
    """Adds the left singular vector and the normalised kernel to a Keras layer that has a `kernel`."""

    # Keras' own for dense and convolution would leave the singular vector out.
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
        """The estimate u^T W v of the largest singular value, never above it; gradients pass to W alone."""
        mapped = self._map(_unit(tf.convert_to_tensor(self.singular_vector)))
        return tf.tensordot(tf.stop_gradient(_unit(mapped)), mapped, len(mapped.shape))

    def normalized_kernel(self):
        """The kernel divided by `sigma`."""
        return self.kernel / tf.cast(self.sigma() + _EPSILON, self.kernel.dtype)

    def _iterated(self, vector):
        """The vector after one power iteration."""
        return _unit(self._adjoint(_unit(self._map(vector))))

    # The linear map whose norm sigma is, here of the kernel as a matrix; layers with another one replace these three.

    def _vector_shape(self, input_shape):
        """Of the singular vector."""
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
    """`keras.layers.Dense` with its kernel divided by its spectral norm."""

    def call(self, inputs):
        outputs = keras.ops.matmul(inputs, keras.ops.cast(self.normalized_kernel(), inputs.dtype))
        if self.use_bias:
            outputs = outputs + keras.ops.cast(self.bias, outputs.dtype)
        return outputs if self.activation is None else self.activation(outputs)


@keras.saving.register_keras_serializable("tfgan2")
class SpectralConv2D(_SpectralNorm, keras.layers.Conv2D):
    """`keras.layers.Conv2D` with its kernel, read as a matrix (outputs, the rest), divided by its spectral norm.

    This is SN-GAN's normalisation of the kernel matrix, not the norm of the convolution as an operator.
    """

    def convolution_op(self, inputs, kernel):
        del kernel  # the raw one
        return super().convolution_op(inputs, keras.ops.cast(self.normalized_kernel(), inputs.dtype))


def power_iterate(network):
    """Runs `power_iteration` in every spectrally normalised layer of a network."""
    for layer in _normalized_layers(network):
        layer.power_iteration()


def converge(network, *, tolerance=0.01):
    """Runs `power_iterate` until every sigma of a network is as large as it gets, which training does over its updates.

    From a random start the relative error after q iterations is about log(d) / 2q, whatever the gaps between singular
    values (Kuczynski and Wozniakowski, 1992), so it has come down to the tolerance where a few more iterations add
    about the tolerance's square.

    Args:
      network: a `keras.Model`.
      tolerance: relative error of sigma, about, in [0.001, 1).

    Raises:
      ValueError: the tolerance is out of range.
    """
    if not 0.001 <= tolerance < 1:
        raise ValueError(f"tolerance is {tolerance}; it must be in [0.001, 1).")
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
