"""The Inception network of 2015 in Keras, with the names of layers as in PyTorch files."""

import functools

import keras

FEATURES = 2048

# These settings do not depend on the precision and the data format of a run.
_SETTINGS = {"dtype": "float32", "data_format": "channels_last"}
_Conv2D = functools.partial(keras.layers.Conv2D, activation="relu", kernel_initializer="zeros")


def inception_network():
    """Returns the network from images float32 [n, 299, 299, 3] in [-1, 1] to features [n, 2048], with zero weights.

    It is the network of Szegedy et al. (CVPR 2016, Table 1) as in the published graph. An average pool divides by the
    number of pixels inside the image. The last block has a maximum pool instead of the paper's average pool. Each
    convolution includes the following batch norm, so it has a bias.
    """
    inputs = keras.Input((299, 299, 3), dtype="float32")
    x = _conv(inputs, "Conv2d_1a_3x3", 32, 3, strides=2)
    x = _conv(x, "Conv2d_2a_3x3", 32, 3, padding="valid")
    x = _conv(x, "Conv2d_2b_3x3", 64, 3)
    x = _halved(x)
    x = _conv(x, "Conv2d_3b_1x1", 80)
    x = _conv(x, "Conv2d_4a_3x3", 192, 3, padding="valid")
    x = _halved(x)
    for name, pooled in (("Mixed_5b", 32), ("Mixed_5c", 64), ("Mixed_5d", 64)):
        x = _block_a(x, name, pooled)
    x = _block_b(x, "Mixed_6a")
    for name, channels in (("Mixed_6b", 128), ("Mixed_6c", 160), ("Mixed_6d", 160), ("Mixed_6e", 192)):
        x = _block_c(x, name, channels)
    x = _block_d(x, "Mixed_7a")
    x = _block_e(x, "Mixed_7b", keras.layers.AveragePooling2D)
    x = _block_e(x, "Mixed_7c", keras.layers.MaxPooling2D)
    return keras.Model(inputs, keras.layers.GlobalAveragePooling2D(**_SETTINGS)(x))


def _conv(x, name, filters, height=1, width=None, *, strides=1, padding="same"):
    padding = "valid" if strides == 2 else padding
    size = (height, width or height)
    return _Conv2D(filters, size, strides=strides, padding=padding, name=name, **_SETTINGS)(x)


def _chain(x, prefix, *convolutions, last_strides=1):
    """A chain of convolutions prefix_1, prefix_2 and so on, each (filters, height) or (filters, height, width)."""
    for index, arguments in enumerate(convolutions, start=1):
        strides = last_strides if index == len(convolutions) else 1
        x = _conv(x, f"{prefix}_{index}", *arguments, strides=strides)
    return x


def _halved(x):
    return keras.layers.MaxPooling2D(3, strides=2, padding="valid", **_SETTINGS)(x)


def _pooled(x, name, filters, pool=keras.layers.AveragePooling2D):
    # The average pool of TensorFlow is over the pixels inside the image.
    return _conv(pool(3, strides=1, padding="same", **_SETTINGS)(x), f"{name}.branch_pool", filters)


def _joined(*branches):
    return keras.layers.Concatenate(dtype="float32")(list(branches))


def _block_a(x, name, pooled):
    return _joined(
        _conv(x, f"{name}.branch1x1", 64),
        _chain(x, f"{name}.branch5x5", (48, 1), (64, 5)),
        _chain(x, f"{name}.branch3x3dbl", (64, 1), (96, 3), (96, 3)),
        _pooled(x, name, pooled),
    )


def _block_b(x, name):
    return _joined(
        _conv(x, f"{name}.branch3x3", 384, 3, strides=2),
        _chain(x, f"{name}.branch3x3dbl", (64, 1), (96, 3), (96, 3), last_strides=2),
        _halved(x),
    )


def _block_c(x, name, channels):
    wide, high = (channels, 1, 7), (channels, 7, 1)
    return _joined(
        _conv(x, f"{name}.branch1x1", 192),
        _chain(x, f"{name}.branch7x7", (channels, 1), wide, (192, 7, 1)),
        _chain(x, f"{name}.branch7x7dbl", (channels, 1), high, wide, high, (192, 1, 7)),
        _pooled(x, name, 192),
    )


def _block_d(x, name):
    return _joined(
        _chain(x, f"{name}.branch3x3", (192, 1), (320, 3), last_strides=2),
        _chain(x, f"{name}.branch7x7x3", (192, 1), (192, 1, 7), (192, 7, 1), (192, 3), last_strides=2),
        _halved(x),
    )


def _block_e(x, name, pool):
    single = _chain(x, f"{name}.branch3x3", (384, 1))
    double = _chain(x, f"{name}.branch3x3dbl", (448, 1), (384, 3))
    return _joined(
        _conv(x, f"{name}.branch1x1", 320),
        _conv(single, f"{name}.branch3x3_2a", 384, 1, 3),
        _conv(single, f"{name}.branch3x3_2b", 384, 3, 1),
        _conv(double, f"{name}.branch3x3dbl_3a", 384, 1, 3),
        _conv(double, f"{name}.branch3x3dbl_3b", 384, 3, 1),
        _pooled(x, name, 192, pool),
    )
