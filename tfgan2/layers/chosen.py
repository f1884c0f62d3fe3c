"""Layers with separate weights for each choice: a generator of a mixture, a class or a partition."""

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable("tfgan2")
class ChosenDense(keras.layers.Layer):
    """A dense layer with a kernel and a bias for each choice: ([n, d], int32 [n]) -> [n, units].

    Args:
      units: Dimension of the output.
      choices: Number of choices.
      use_bias: Whether there are biases, initially zero.
      kernel_initializer: Initializer of each kernel [d, units].
      activation: Activation of the output, a name or a function.
      **options: Options of `keras.layers.Layer`.
    """

    def __init__(
        self, units, choices, *, use_bias=True, kernel_initializer="glorot_uniform", activation=None, **options
    ):
        super().__init__(**options)
        self.units = units
        self.choices = choices
        self.use_bias = use_bias
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.activation = keras.activations.get(activation)

    def build(self, input_shape):
        dimension = input_shape[0][-1]
        self.kernel = self.add_weight(
            name="kernel", shape=(self.choices, dimension, self.units), initializer=self._kernels
        )
        if self.use_bias:
            self.bias = self.add_weight(name="bias", shape=(self.choices, self.units), initializer="zeros")

    def call(self, inputs):
        vectors, choices = inputs
        chosen = keras.ops.one_hot(choices, self.choices, dtype=vectors.dtype)
        # One product with all kernels, one below the other. The vectors are zero at kernels that are not chosen.
        placed = keras.ops.reshape(chosen[:, :, None] * vectors[:, None, :], (-1, self.choices * vectors.shape[-1]))
        outputs = keras.ops.matmul(placed, keras.ops.reshape(self.kernel, (-1, self.units)))
        if self.use_bias:
            outputs = outputs + keras.ops.matmul(chosen, self.bias)
        return self.activation(outputs)

    def compute_output_shape(self, input_shape):
        return (*input_shape[0][:-1], self.units)

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "choices": self.choices,
            "use_bias": self.use_bias,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
            "activation": keras.activations.serialize(self.activation),
        }

    def _kernels(self, shape, dtype=None):
        """Initialises each kernel by a copy of the initializer. One with a seed would repeat its numbers."""
        choices, *alone = shape
        copies = [self.kernel_initializer.clone() for _ in range(choices)]
        return keras.ops.stack([copy(alone, dtype=dtype) for copy in copies])


@keras.saving.register_keras_serializable("tfgan2")
class ChosenBatchNormalization(keras.layers.Layer):
    """Batch norm over the rows of each choice separately: ([n, units], int32 [n]) -> [n, units].

    In training the rows of a choice are normalised by their own statistics, which update the choice's moving averages.
    A choice without rows keeps its moving averages.

    Args:
      choices: Number of choices.
      momentum: Momentum of the moving averages.
      epsilon: Constant that is added to the variance.
      synchronized: Whether the statistics are those of the batches of all replicas.
      **options: Options of `keras.layers.Layer`.
    """

    def __init__(self, choices, *, momentum=0.9, epsilon=1e-5, synchronized=False, **options):
        super().__init__(**options)
        self.choices = choices
        self.momentum = momentum
        self.epsilon = epsilon
        self.synchronized = synchronized

    def build(self, input_shape):
        shape = (self.choices, input_shape[0][-1])
        self.gamma = self.add_weight(name="gamma", shape=shape, initializer="ones", autocast=False)
        self.beta = self.add_weight(name="beta", shape=shape, initializer="zeros", autocast=False)
        statistics = {"shape": shape, "trainable": False, "autocast": False}
        self.moving_mean = self.add_weight(name="moving_mean", initializer="zeros", **statistics)
        self.moving_variance = self.add_weight(name="moving_variance", initializer="ones", **statistics)

    def call(self, inputs, training=None):
        vectors, choices = inputs
        vectors = keras.ops.cast(vectors, keras.backend.result_type(vectors.dtype, "float32"))
        chosen = keras.ops.one_hot(choices, self.choices, dtype=vectors.dtype)
        mean, variance = self.moving_mean, self.moving_variance
        if training:
            counts = self._sum(keras.ops.sum(chosen, 0))[:, None]
            present = counts > 0
            counts = keras.ops.maximum(counts, 1.0)
            mean = self._sum(keras.ops.matmul(keras.ops.transpose(chosen), vectors)) / counts
            squares = keras.ops.square(vectors - keras.ops.matmul(chosen, mean))
            variance = self._sum(keras.ops.matmul(keras.ops.transpose(chosen), squares)) / counts
            for moving, value in ((self.moving_mean, mean), (self.moving_variance, variance)):
                moved = moving * self.momentum + value * (1.0 - self.momentum)
                moving.assign(keras.ops.where(present, moved, moving))
        scale = self.gamma / keras.ops.sqrt(variance + self.epsilon)
        outputs = (vectors - keras.ops.matmul(chosen, mean)) * keras.ops.matmul(chosen, scale)
        return keras.ops.cast(outputs + keras.ops.matmul(chosen, self.beta), self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return input_shape[0]

    def get_config(self):
        return {
            **super().get_config(),
            "choices": self.choices,
            "momentum": self.momentum,
            "epsilon": self.epsilon,
            "synchronized": self.synchronized,
        }

    def _sum(self, values):
        """The sum over all replicas, if the layer is synchronized."""
        context = tf.distribute.get_replica_context() if self.synchronized else None
        return context.all_reduce(tf.distribute.ReduceOp.SUM, values) if context else values
