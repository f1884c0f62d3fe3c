"""The Inception network of 2015, which defines FID and Inception Score, from a file of the user."""

import functools
import hashlib
from pathlib import Path

import tensorflow as tf

from tfgan2.errors import InputError
from tfgan2.evaluation.features import Extractor, in_blocks, rgb
from tfgan2.evaluation.inception_graph import inception_of_graph
from tfgan2.evaluation.inception_saved_model import inception_of_saved_model
from tfgan2.evaluation.inception_torch import inception_of_torch
from tfgan2.evaluation.torch_file import PICKLE, ZIP

SIZE, CLASSES = 299, 1008

WHERE = (
    "fetch https://github.com/toshas/torch-fidelity/releases/download/v0.2.0/weights-inception-2015-12-05-6726825d.pth "
    "(96 MB, its SHA-256 begins with 6726825d) and name the file by --inception_path. PyTorch is not needed. Other "
    "files of the same network are inception-2015-12-05.pt of StyleGAN and clean-fid, classify_image_graph_def.pb of "
    "TensorFlow, and a SavedModel of its hub; docs/howto/evaluate.md has their addresses"
)


def inception_2015(path):
    """Returns the extractor by the network in a file of PyTorch, a frozen graph, or a SavedModel.

    Images are resized as in the published graph: bilinearly, without antialiasing, with pixel i of the result at
    i * size / 299, then (v - 128) / 128. The logits are the product of the features and a matrix, without the bias, as
    in the public code of the Inception Score. So all formats with the same weights give the same numbers up to
    rounding. Features differ by at most 1e-4 of the largest. The record has the SHA-256 of the files.

    The tests use files of the same formats with random weights. They are checked against PyTorch's reader and the
    network of torch-fidelity. The published files themselves were not tested.

    Args:
      path: A .pth file of torch-fidelity or pytorch-fid, the .pt file of StyleGAN and clean-fid, the .pb file of
        TensorFlow, or the folder of a SavedModel.

    Raises:
      InputError: There is no path, or the file has no network or another network.
    """
    if path is None:
        raise InputError(f"FID needs the Inception network of 2015, which is not part of this program: {WHERE}.")
    path = Path(path).expanduser()
    if not path.exists():
        raise InputError(f"--inception_path={path} does not exist; {WHERE}.")
    features, to_logits = _reader(path)(path)
    if to_logits.shape[1] != CLASSES:
        raise InputError(
            f"--inception_path={path} tells {to_logits.shape[1]:,} classes apart, and the Inception network of 2015 "
            f"tells {CLASSES:,}; {WHERE}."
        )
    to_logits = tf.constant(to_logits, tf.float32)

    @tf.function(autograph=False, reduce_retracing=True)
    def answers(images):
        found = features(_prepared(images))
        return found, tf.nn.softmax(found @ to_logits)

    def extract(images):
        found, probabilities = answers(tf.constant(rgb(images)))
        return found.numpy(), probabilities.numpy()

    record = {
        "extractor": "inception-tf2015",
        "weights": _hash_of_files(path),
        "resize": f"TensorFlow 1 bilinear, no antialias, to {SIZE}",
    }
    return Extractor("inception-tf2015", record, functools.partial(in_blocks, extract, block=50), slow=True)


def _reader(path):
    """The function that reads a path, chosen by the first bytes of the file."""
    if path.is_dir():
        return inception_of_saved_model
    with open(path, "rb") as file:
        start = file.read(4)
    return inception_of_torch if start.startswith((ZIP, PICKLE)) else inception_of_graph


def _prepared(images):
    """Resizes and scales images, uint8 [n, height, width, 3], for the network."""
    # tf.image.resize places the centres of pixels differently, which changes FID.
    resized = tf.raw_ops.ResizeBilinear(images=images, size=[SIZE, SIZE], align_corners=False, half_pixel_centers=False)
    return (resized - 128) / 128


def _hash_of_files(path):
    found = hashlib.sha256()
    for file in [path] if path.is_file() else sorted(part for part in path.rglob("*") if part.is_file()):
        if path.is_dir():
            found.update(file.relative_to(path).as_posix().encode())
        found.update(file.read_bytes())
    return found.hexdigest()
