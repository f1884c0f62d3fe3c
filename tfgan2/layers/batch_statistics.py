"""Batch normalisation with the statistics of the batch, also in inference."""

import keras


@keras.saving.register_keras_serializable("tfgan2")
class BatchStatisticsNormalization(keras.layers.Layer):
    """Batch norm by the mean and variance of the present batch, in training and in inference.

    Unlike `keras.layers.BatchNormalization` it has no moving statistics, so a call does not depend on earlier calls. In
    inference a sample depends on the others in its batch.

    Args:
      epsilon: Constant that is added to the variance.
      center: Whether there is an offset.
      scale: Whether there is a gain.
      synchronized: Whether the statistics are those of the batches of all replicas.
      **options: Options of `keras.layers.Layer`.
    """

    def __init__(self, *, epsilon=1e-3, center=True, scale=True, synchronized=False, **options):
        super().__init__(**options)
        self.epsilon = epsilon
        self.center = center
        self.scale = scale
        self.synchronized = synchronized

    def build(self, input_shape):
        options = {"shape": (input_shape[-1],), "autocast": False}
        self.gamma = self.add_weight(name="gamma", initializer="ones", **options) if self.scale else None
        self.beta = self.add_weight(name="beta", initializer="zeros", **options) if self.center else None

    def call(self, inputs):
        inputs = keras.ops.cast(inputs, keras.backend.result_type(inputs.dtype, "float32"))
        axes = list(range(len(inputs.shape) - 1))
        mean, variance = keras.ops.moments(inputs, axes, synchronized=self.synchronized)
        outputs = keras.ops.batch_normalization(
            inputs, mean, variance, axis=-1, offset=self.beta, scale=self.gamma, epsilon=self.epsilon
        )
        return keras.ops.cast(outputs, self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        own = {name: getattr(self, name) for name in ("epsilon", "center", "scale", "synchronized")}
        return {**super().get_config(), **own}
