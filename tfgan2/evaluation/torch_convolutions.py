"""Convolutions with the weights of PyTorch, each with its batch norm folded in."""

import keras
import numpy as np

NORM_PARTS = ("weight", "bias", "running_mean", "running_var")


def published_shapes(layer, convolution, norm):
    """Returns the names and shapes of the tensors of a convolution and the batch norm that follows it.

    Args:
      layer: A `Conv2D` or `DepthwiseConv2D` of Keras that has been built.
      convolution, norm: Names of the two modules in PyTorch.
    """
    height, width, channels, filters = layer.kernel.shape
    if isinstance(layer, keras.layers.DepthwiseConv2D):
        channels, filters = filters, channels
    shapes = {f"{convolution}.weight": (filters, channels, height, width)}
    return shapes | {f"{norm}.{part}": (filters,) for part in NORM_PARTS}


def folded(layer, tensors, convolution, norm, *, epsilon):
    """Returns the kernel and bias of a layer of Keras that equals a convolution and its batch norm at inference.

    Args:
      layer, convolution, norm: See `published_shapes`.
      tensors: Name -> array.
      epsilon: The batch norm adds it to the variance.
    """
    kernel = tensors[f"{convolution}.weight"].astype(np.float64)
    scale, offset, mean, variance = (tensors[f"{norm}.{part}"].astype(np.float64) for part in NORM_PARTS)
    with np.errstate(invalid="ignore", divide="ignore"):
        scale = scale / np.sqrt(variance + epsilon)
    kernel = (kernel * scale[:, None, None, None]).transpose(2, 3, 1, 0)
    if isinstance(layer, keras.layers.DepthwiseConv2D):
        kernel = kernel.swapaxes(2, 3)
    return kernel, offset - mean * scale


def difference(tensors, shapes):
    """Returns how tensors differ from the expected names and shapes, in words, or None if they don't."""
    found = {name: tensor.shape for name, tensor in tensors.items()}
    if found == shapes:
        return None
    missing, strange = (sorted(one - other) for one, other in ((set(shapes), set(found)), (set(found), set(shapes))))
    if missing or strange:
        return f"{_some(missing)} missing, {_some(strange)} unknown"
    name = min(name for name in shapes if found[name] != shapes[name])
    return f"{name} has the shape {list(found[name])} in place of {list(shapes[name])}"


def _some(names):
    return f"{len(names)} tensors (such as {names[0]}) are" if names else "0 tensors are"
