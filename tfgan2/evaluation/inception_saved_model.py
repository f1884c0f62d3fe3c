"""The Inception network of 2015 from a SavedModel of TensorFlow's hub."""

import numpy as np
import tensorflow as tf

from tfgan2.errors import InputError
from tfgan2.evaluation.inception_network import FEATURES
from tfgan2.system.paths import literal

_TOLERANCE = 1e-3  # Relative to the largest logit. A relevant bias is larger.
_IMAGES = tf.TensorSpec([None, 299, 299, 3], tf.float32)


def inception_of_saved_model(folder):
    """Reads the network in a SavedModel.

    The model or its signature serving_default maps float32 [n, 299, 299, 3] in [-1, 1] to a dict with `pool_3`,
    [n, 2048] or [n, 1, 1, 2048], and `logits` [n, 1008]. The logits may have a bias. The matrix of the logits is among
    the weights and constants. It is found by a test: logits minus features times matrix must be equal for all images.

    Args:
      folder: `Path` of the SavedModel.

    Returns:
      See `inception_of_torch`.

    Raises:
      InputError: The folder has no SavedModel, or the model has another interface or no such matrix.
    """
    try:
        with literal(folder) as path:
            loaded = tf.saved_model.load(str(path))
    except (OSError, ValueError, IndexError, tf.errors.OpError) as error:
        raise InputError(f"--inception_path={folder} is not a readable SavedModel ({_first_line(error)}).") from error
    traced, pool, logits = _traced(loaded, folder)

    def features(images):
        return tf.reshape(traced(images)[0], [-1, FEATURES])

    features.holds = loaded  # Otherwise the variables of the model would be deleted.
    for matrix in _matrices(traced, logits.shape[1]):
        rest = logits - pool @ matrix
        if np.ptp(rest, axis=0).max() <= _TOLERANCE * np.abs(logits).max():
            return features, matrix
    raise InputError(
        f"--inception_path={folder}: its logits are not the product of pool_3 and a matrix [{FEATURES}, "
        f"{logits.shape[1]}] that it holds, plus a bias; the Inception network of 2015 has one."
    )


def _traced(loaded, folder):
    """The concrete function from images to pool_3 and logits, and its results for three images of noise."""
    signatures = getattr(loaded, "signatures", {})
    if not callable(loaded) and "serving_default" not in signatures:
        raise InputError(f"--inception_path={folder}: the SavedModel can neither be called nor has serving_default.")

    def parts(images):
        if callable(loaded):
            found = loaded(images)
        else:
            signature = signatures["serving_default"]
            (name,) = signature.structured_input_signature[1]
            found = signature(**{name: images})
        return found["pool_3"], found["logits"]

    noise = np.random.default_rng(0).uniform(-1, 1, (3, *_IMAGES.shape[1:])).astype(np.float32)
    try:
        traced = tf.function(parts, autograph=False).get_concrete_function(_IMAGES)
        found = [np.asarray(part, np.float64) for part in traced(tf.constant(noise))]
        shapes = [part.shape for part in found]
    except (KeyError, ValueError, TypeError, tf.errors.OpError) as error:
        shapes = _first_line(error)
    else:
        if shapes[0] in ((3, FEATURES), (3, 1, 1, FEATURES)) and len(shapes[1]) == 2:
            return traced, found[0].reshape(3, FEATURES), found[1]
    raise InputError(
        f"--inception_path={folder} is not the Inception network of 2015: of 3 images [3, 299, 299, 3] in [-1, 1] it "
        f"has to make a dict of pool_3 [3, {FEATURES}] and logits [3, 1008], and this came: {shapes}."
    )


def _matrices(traced, classes):
    """Yields matrices [features, classes] among the captured tensors and the constants of a function."""
    graph = traced.graph.as_graph_def()
    for node in [*graph.node, *(node for function in graph.library.function for node in function.node_def)]:
        if node.op == "Const" and node.attr["dtype"].type == tf.float32.as_datatype_enum:
            shape = tf.TensorShape(node.attr["value"].tensor.tensor_shape)
            yield from _as_matrix(shape, classes, lambda node=node: tf.make_ndarray(node.attr["value"].tensor))
    for captured in traced.captured_inputs:
        if captured.dtype == tf.resource:
            try:
                captured = tf.raw_ops.ReadVariableOp(resource=captured, dtype=tf.float32)
            except tf.errors.OpError:  # It is not a variable, or has another type.
                continue
        yield from _as_matrix(captured.shape, classes, captured.numpy)


def _as_matrix(shape, classes, value):
    # In a 1 x 1 convolution the matrix is [1, 1, features, classes].
    if tuple(shape[-2:]) == (FEATURES, classes) and shape.num_elements() == FEATURES * classes:
        yield value().reshape(FEATURES, classes)


def _first_line(error):
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]
