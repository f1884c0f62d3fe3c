"""A pooling layer that Keras does not have."""

import keras


@keras.saving.register_keras_serializable("tfgan2")
class GlobalSumPooling2D(keras.layers.Layer):
    """Sums over height and width: [n, height, width, channels] -> [n, channels]."""

    def call(self, inputs):
        return keras.ops.sum(inputs, axis=(1, 2))

    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[-1])
