"""The Inception network of 2015 from its published graph."""

import numpy as np
import tensorflow as tf

from tfgan2.errors import InputError
from tfgan2.evaluation.inception_network import FEATURES

_INPUT, _POOL, _PRODUCT = "Mul", "pool_3", "softmax/logits/MatMul"
# BatchNormWithGlobalNormalization ends at version 9 of graphs, so the new graph has a higher one. Up to version 21
# TensorFlow reads operations as those of old programs.
_VERSION = 21
_IMAGES = tf.TensorSpec([None, 299, 299, 3], tf.float32)


def inception_of_graph(path):
    """Reads the network in the frozen graph classify_image_graph_def.pb.

    The graph takes one image at a time, because it reshapes the features to [1, 2048]. So only the part from the scaled
    image to the features, and the matrix of the logits, are used. TensorFlow 2 rejects the batch norm operation of the
    graph. `FusedBatchNorm` with the same weights replaces it.

    Args:
      path: `Path` of the file.

    Returns:
      See `inception_of_torch`.

    Raises:
      InputError: The file is not a graph, or lacks a published operation.
    """
    graph = tf.compat.v1.GraphDef()
    try:
        graph.ParseFromString(path.read_bytes())
    except Exception as error:  # The error is from protobuf, which is not a direct dependency.
        raise InputError(
            f"--inception_path={path} is not a readable frozen graph ({error}); unpack an archive first, and name "
            "the file in it."
        ) from error
    nodes = {node.name: node for node in graph.node}
    missing = [name for name in (_INPUT, _POOL, _PRODUCT) if name not in nodes]
    if missing:
        raise InputError(
            f"--inception_path={path} is a graph of another network: it has no operation {', '.join(missing)}; take "
            "classify_image_graph_def.pb."
        )
    _make_placeholder(nodes[_INPUT])
    matrix = (*nodes[_PRODUCT].input, "", "")[1].removesuffix(":0")
    graph = _part_of(nodes, [_POOL, matrix])
    _replace_batch_norm(graph)

    def parts(images):
        names = [f"{_POOL}:0", f"{matrix}:0"]
        return tf.graph_util.import_graph_def(graph, {f"{_INPUT}:0": images}, names, name="")

    try:
        traced = tf.function(parts, autograph=False).get_concrete_function(_IMAGES)
        pool, to_logits = traced(tf.zeros([1, *_IMAGES.shape[1:]]))
        shapes = [tuple(pool.shape), tuple(to_logits.shape)]
    except (ValueError, TypeError, tf.errors.OpError) as error:
        shapes = (str(error).strip() or type(error).__name__).splitlines()[0][:200]
    else:
        if shapes[0] == (1, 1, 1, FEATURES) and len(shapes[1]) == 2 and shapes[1][0] == FEATURES:
            return lambda images: tf.reshape(traced(images)[0], [-1, FEATURES]), np.asarray(to_logits)
    raise InputError(
        f"--inception_path={path} is a graph of another network: of one image {_POOL} has to be [1, 1, 1, {FEATURES}] "
        f"and the matrix of {_PRODUCT} [{FEATURES}, 1008], and this came: {shapes}."
    )


def _make_placeholder(node):
    """Removes the operations that decode, resize and scale one image."""
    node.op = "Placeholder"
    del node.input[:]
    node.attr.clear()
    node.attr["dtype"].type = tf.float32.as_datatype_enum


def _part_of(nodes, names):
    """The graph of some nodes and all their inputs. TensorFlow reports missing nodes later."""
    pending, needed = list(names), set()
    while pending:
        name = pending.pop()
        if name in nodes and name not in needed:
            needed.add(name)
            pending += [entry.lstrip("^").partition(":")[0] for entry in nodes[name].input]
    return tf.compat.v1.GraphDef(node=[node for name, node in nodes.items() if name in needed])


def _replace_batch_norm(graph):
    for node in list(graph.node):
        if node.op != "BatchNormWithGlobalNormalization":
            continue
        images, mean, variance, offset, scale = node.input[:5]
        if not node.attr["scale_after_normalization"].b:
            scale = f"{node.name}/ones"
            ones = graph.node.add(name=scale, op="OnesLike", input=[offset])
            ones.attr["T"].type = tf.float32.as_datatype_enum
        epsilon = node.attr["variance_epsilon"].f
        node.op = "FusedBatchNorm"
        node.input[:5] = [images, scale, offset, mean, variance]
        node.attr.clear()
        node.attr["T"].type = tf.float32.as_datatype_enum
        node.attr["epsilon"].f = epsilon
        node.attr["is_training"].b = False
    graph.versions.producer = _VERSION
