"""The Inception network of 2015, by which FID and the Inception Score are defined, from a file that the user has."""

import functools
import hashlib
from pathlib import Path

import tensorflow as tf

from tfgan2.errors import InputError
from tfgan2.evaluation.features import Extractor, in_blocks, rgb

SIZE, FEATURES, CLASSES = 299, 2048, 1008

_WHERE = (
    "fetch https://tfhub.dev/tensorflow/tfgan/eval/inception/1 and unpack it into a folder (a SavedModel), or take "
    "classify_image_graph_def.pb out of http://download.tensorflow.org/models/image/imagenet/inception-2015-12-05.tgz, "
    "and name the folder or the file by --inception_path"
)


def inception_2015(path):
    """The network in a SavedModel or a frozen graph.

    A SavedModel, or its signature serving_default, maps float32 [n, 299, 299, 3] in [-1, 1] to a dict of `pool_3`
    [n, 2048] and `logits` [n, 1008]. The frozen graph is the published one, by the names of its operations; its logits
    are without the bias, as in the public code of the Inception Score. Images are resized as that graph does it:
    bilinear, without antialiasing, pixel i of the result at i * size / 299, (v - 128) / 128.

    Args:
      path: a folder or a .pb file.

    Returns:
      An `Extractor`; the record holds the SHA-256 of the file or files.

    Raises:
      InputError: there is no path, no network in it, or one with another interface.
    """
    if path is None:
        raise InputError(f"FID needs the Inception network of 2015, which is not part of this program: {_WHERE}.")
    path = Path(path).expanduser()
    if not path.exists():
        raise InputError(f"--inception_path={path} does not exist; {_WHERE}.")
    network = _checked(_saved_model(path) if path.is_dir() else _frozen_graph(path), path)

    @tf.function(autograph=False, reduce_retracing=True)
    def answers(images):
        features, logits = network(_prepared(images))
        return features, tf.nn.softmax(logits)

    def extract(images):
        features, probabilities = answers(tf.constant(rgb(images)))
        return features.numpy(), probabilities.numpy()

    record = {
        "extractor": "inception-tf2015",
        "weights": _hash_of_files(path),
        "resize": f"TensorFlow 1 bilinear, no antialias, to {SIZE}",
    }
    return Extractor("inception-tf2015", record, functools.partial(in_blocks, extract, block=50), slow=True)


def _prepared(images):
    """uint8 [n, height, width, 3] as the network takes them."""
    # The public tf.image.resize has its pixels' centres elsewhere, which moves FID.
    resized = tf.raw_ops.ResizeBilinear(images=images, size=[SIZE, SIZE], align_corners=False, half_pixel_centers=False)
    return (resized - 128) / 128


def _saved_model(folder):
    try:
        loaded = tf.saved_model.load(str(folder))
    except (OSError, ValueError, IndexError, tf.errors.OpError) as error:
        raise InputError(
            f"--inception_path={folder} is no SavedModel that can be read ({_first_line(error)})."
        ) from error
    signatures = getattr(loaded, "signatures", {})
    if not callable(loaded) and "serving_default" not in signatures:
        raise InputError(f"--inception_path={folder}: the SavedModel can neither be called nor has serving_default.")

    def network(images):
        if callable(loaded):
            found = loaded(images)
        else:
            signature = signatures["serving_default"]
            (name,) = signature.structured_input_signature[1]
            found = signature(**{name: images})
        return found["pool_3"], found["logits"]

    network.holds = loaded  # its variables are gone with it
    return network


def _frozen_graph(path):
    graph = tf.compat.v1.GraphDef()
    try:
        graph.ParseFromString(path.read_bytes())
    except Exception as error:
        raise InputError(
            f"--inception_path={path} is no frozen graph that can be read ({_first_line(error)})."
        ) from error

    def network(images):
        # Behind the graph's own resizing and scaling, which are those of `_prepared`.
        pool, product = tf.graph_util.import_graph_def(
            graph, input_map={"Mul:0": images}, return_elements=["pool_3:0", "softmax/logits/MatMul"]
        )
        features = tf.reshape(pool, [-1, FEATURES])
        return features, features @ product.inputs[1]

    return network


def _checked(network, path):
    """The network, as (features [n, 2048], logits [n, 1008]) of two black images."""
    try:
        features, logits = tf.function(network, autograph=False)(tf.fill([2, SIZE, SIZE, 3], -1.0))
        shapes = [tuple(features.shape), tuple(logits.shape)]
    except (KeyError, ValueError, TypeError, tf.errors.OpError) as error:
        shapes = _first_line(error)
    if shapes != [(2, FEATURES), (2, CLASSES)]:
        raise InputError(
            f"--inception_path={path} is not the Inception network of 2015: of images [n, {SIZE}, {SIZE}, 3] it has to "
            f"make pool_3 [n, {FEATURES}] and logits [n, {CLASSES}], and this came: {shapes}."
        )
    return network


def _hash_of_files(path):
    found = hashlib.sha256()
    for file in [path] if path.is_file() else sorted(part for part in path.rglob("*") if part.is_file()):
        if path.is_dir():
            found.update(file.relative_to(path).as_posix().encode())
        found.update(file.read_bytes())
    return found.hexdigest()


def _first_line(error):
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]
