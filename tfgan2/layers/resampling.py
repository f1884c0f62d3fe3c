"""Bilinear upsampling and blur that can be differentiated twice."""

import keras


@keras.saving.register_keras_serializable("tfgan2")
class BilinearDouble(keras.layers.Layer):
    """Doubles height and width by bilinear interpolation: [n, h, w, c] -> [n, 2 h, 2 w, c].

    The values are those of `keras.layers.UpSampling2D`. TensorFlow has no second derivative of that layer: penalties on
    gradients through it silently lose all that comes after it. Here each axis is a product with a constant matrix.
    """

    def call(self, inputs):
        return _along_both_axes(_doubling, inputs)

    def compute_output_shape(self, input_shape):
        rows, height, width, channels = input_shape
        return (rows, 2 * height, 2 * width, channels)


@keras.saving.register_keras_serializable("tfgan2")
class Blur(keras.layers.Layer):
    """Blurs height and width by the weights 1/4, 1/2 and 1/4: [n, h, w, c] -> [n, h, w, c]. Edges are repeated.

    After a deconvolution it removes the pattern of the highest frequency, a chessboard, as in StyleGAN (Karras, Laine
    and Aila, CVPR 2019).
    """

    def call(self, inputs):
        return _along_both_axes(_blurring, inputs)

    def compute_output_shape(self, input_shape):
        return input_shape


def _along_both_axes(matrix, inputs):
    """Multiplies rows and columns of images by matrix(size), which is [outputs][size]."""
    height, width, channels = inputs.shape[1:]
    outputs = _along_rows(matrix(width), keras.ops.reshape(inputs, (-1, width, channels)))
    new_width = outputs.shape[1]
    outputs = _along_rows(matrix(height), keras.ops.reshape(outputs, (-1, height, new_width * channels)))
    return keras.ops.reshape(outputs, (-1, outputs.shape[1], new_width, channels))


def _along_rows(matrix, inputs):
    return keras.ops.matmul(keras.ops.convert_to_tensor(matrix, inputs.dtype), inputs)


def _doubling(size):
    """Rows [2 size][size]: an output takes 3/4 of the nearest input and 1/4 of the next one, at the edge all of it."""
    matrix = [[0.0] * size for _ in range(2 * size)]
    for place, row in enumerate(matrix):
        nearest, next_one = place // 2, place // 2 + (1 if place % 2 else -1)
        row[nearest] += 0.75
        row[min(max(next_one, 0), size - 1)] += 0.25
    return matrix


def _blurring(size):
    """Rows [size][size]: an output takes half of its input and a quarter of each neighbour."""
    matrix = [[0.0] * size for _ in range(size)]
    for place, row in enumerate(matrix):
        row[place] += 0.5
        for neighbour in (place - 1, place + 1):
            row[min(max(neighbour, 0), size - 1)] += 0.25
    return matrix
