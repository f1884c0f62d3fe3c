"""The Inception network of 2015 from weights of PyTorch programs."""

import numpy as np
import tensorflow as tf

from tfgan2.errors import InputError
from tfgan2.evaluation.inception_network import FEATURES, inception_network
from tfgan2.evaluation.torch_convolutions import difference, folded, published_shapes
from tfgan2.evaluation.torch_file import read_tensors

CLASSES = 1008
EPSILON = 1e-3  # Epsilon of batch norm.

_STEM = {
    "conv": "Conv2d_1a_3x3",
    "conv_1": "Conv2d_2a_3x3",
    "conv_2": "Conv2d_2b_3x3",
    "conv_3": "Conv2d_3b_1x1",
    "conv_4": "Conv2d_4a_3x3",
}
# Names of a convolution in the TorchScript file. Its batch norm has no scale.
_OF_SCRIPT = {
    "weight": "conv.weight",
    "beta": "bn.bias",
    "mean": "bn.running_mean",
    "var": "bn.running_var",
}


def _counted(scope, branch, count):
    """Maps conv, conv_1 and so on of a scope to branch_1, branch_2 and so on."""
    return {f"{scope}.conv" + (f"_{index}" if index else ""): f"{branch}_{index + 1}" for index in range(count)}


_POOL = {"tower_2.conv": "branch_pool"}
_A = {"conv": "branch1x1", **_counted("tower", "branch5x5", 2), **_counted("tower_1", "branch3x3dbl", 3), **_POOL}
_B = {"conv": "branch3x3", **_counted("tower", "branch3x3dbl", 3)}
_C = {"conv": "branch1x1", **_counted("tower", "branch7x7", 3), **_counted("tower_1", "branch7x7dbl", 5), **_POOL}
_D = {**_counted("tower", "branch3x3", 2), **_counted("tower_1", "branch7x7x3", 4)}
_E = {
    "conv": "branch1x1",
    "tower_conv": "branch3x3_1",
    "tower_mixed_conv": "branch3x3_2a",
    "tower_mixed_conv_1": "branch3x3_2b",
    "tower_1_conv": "branch3x3dbl_1",
    "tower_1_conv_1": "branch3x3dbl_2",
    "tower_1_mixed_conv": "branch3x3dbl_3a",
    "tower_1_mixed_conv_1": "branch3x3dbl_3b",
    "tower_2_conv": "branch_pool",
}
_NUMBERS = ("5b", "5c", "5d", "6a", "6b", "6c", "6d", "6e", "7a", "7b", "7c")
_BLOCKS = zip(_NUMBERS, (_A, _A, _A, _B, _C, _C, _C, _C, _D, _E, _E), strict=True)
# Names in the TorchScript file, which has the scopes of the published graph -> names in a .pth file.
_NAMES = _STEM | {
    f"mixed_{index}.{scope}" if index else f"mixed.{scope}": f"Mixed_{block}.{branch}"
    for index, (block, branches) in enumerate(_BLOCKS)
    for scope, branch in branches.items()
}


def inception_of_torch(path):
    """Reads the network in a .pth file of pytorch-fid or torch-fidelity, or the TorchScript file of StyleGAN.

    Args:
      path: `Path` of the file.

    Returns:
      A function from images float32 [n, 299, 299, 3] in [-1, 1] to features [n, 2048], and the matrix of the logits,
      float32 [2048, 1008].

    Raises:
      InputError: The file cannot be read, or its tensors are not those of this network.
    """
    tensors = published_tensors(path)
    network = inception_network()
    layers = [layer for layer in network.layers if layer.weights]
    shapes = {"fc.weight": (CLASSES, FEATURES), "fc.bias": (CLASSES,)}
    for layer in layers:
        shapes |= published_shapes(layer, *_parts(layer))
    if how := difference(tensors, shapes):
        raise InputError(
            f"--inception_path={path} holds other weights than the Inception network of 2015, which has 1,008 classes "
            f"and no auxiliary classifier: {how}. torchvision's own inception_v3 is another network."
        )
    for layer in layers:
        layer.set_weights(folded(layer, tensors, *_parts(layer), epsilon=EPSILON))
    if not all(np.isfinite(weights).all() for weights in (*network.get_weights(), tensors["fc.weight"])):
        raise InputError(f"--inception_path={path} holds numbers that are not finite, or variances below 0.")

    @tf.function(autograph=False, reduce_retracing=True)
    def features(images):
        return network(images, training=False)

    return features, tensors["fc.weight"].T.astype(np.float32)


def published_tensors(path):
    """Returns name in a .pth file -> array, for all tensors of either file except counters.

    Raises:
      InputError: See `read_tensors`.
    """
    tensors = {name: tensor for name, tensor in read_tensors(path).items() if not name.endswith("num_batches_tracked")}
    return _renamed(tensors) if "layers.conv.weight" in tensors else tensors


def _parts(layer):
    """Names of a convolution and of its batch norm."""
    return f"{layer.name}.conv", f"{layer.name}.bn"


def _renamed(tensors):
    """Renames tensors of the TorchScript file as in a .pth file. The missing scales of batch norm are 1."""
    found = {}
    for scope, name in _NAMES.items():
        for part, published in _OF_SCRIPT.items():
            if f"layers.{scope}.{part}" in tensors:
                found[f"{name}.{published}"] = tensors.pop(f"layers.{scope}.{part}")
        if f"{name}.bn.bias" in found:
            found[f"{name}.bn.weight"] = np.ones_like(found[f"{name}.bn.bias"])
    for part in ("weight", "bias"):
        if f"output.{part}" in tensors:
            found[f"fc.{part}"] = tensors.pop(f"output.{part}")
    return found | tensors
