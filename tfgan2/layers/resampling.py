"""Bilinear upsampling that can be differentiated twice."""

import keras


@keras.saving.register_keras_serializable("tfgan2")
class BilinearDouble(keras.layers.Layer):
    """Doubles height and width by bilinear interpolation: [n, h, w, c] -> [n, 2 h, 2 w, c].

    The values are those of `keras.layers.UpSampling2D`. TensorFlow has no second derivative of that layer: penalties on
    gradients through it silently lose all that comes after it. Here each axis is a product with a constant matrix.
    """

    def call(self, inputs):
        height, width, channels = inputs.shape[1:]
        rows, columns = (keras.ops.convert_to_tensor(_doubling(size), inputs.dtype) for size in (height, width))
        outputs = keras.ops.matmul(columns, keras.ops.reshape(inputs, (-1, width, channels)))
        outputs = keras.ops.matmul(rows, keras.ops.reshape(outputs, (-1, height, 2 * width * channels)))
        return keras.ops.reshape(outputs, (-1, 2 * height, 2 * width, channels))

    def compute_output_shape(self, input_shape):
        rows, height, width, channels = input_shape
        return (rows, 2 * height, 2 * width, channels)


def _doubling(size):
    """Rows [2 size][size]: an output takes 3/4 of the nearest input and 1/4 of the next one, at the edge all of it."""
    matrix = [[0.0] * size for _ in range(2 * size)]
    for place, row in enumerate(matrix):
        nearest, next_one = place // 2, place // 2 + (1 if place % 2 else -1)
        row[nearest] += 0.75
        row[min(max(next_one, 0), size - 1)] += 0.25
    return matrix
