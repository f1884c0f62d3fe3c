"""The Inception network of Keras at 80 x 80 pixels, as used by Rumi-GAN (NeurIPS 2020)."""

import functools
import warnings
from pathlib import Path

import keras
import tensorflow as tf

from tfgan2.data.computed import hash_of
from tfgan2.errors import InputError
from tfgan2.evaluation.features import Extractor, in_blocks, rgb

SIZE = 80
BY_NAME = "imagenet"


def inception_keras(path):
    """Returns an extractor of 2,048 features by InceptionV3 of Keras, averaged over the image. It has no probabilities.

    Images are scaled to [-1, 1] and resized bilinearly without antialiasing. A grey channel is repeated. Distances of
    these features differ from those of the network of 2015, so they have another name. The record has the SHA-256 of
    the weights.

    Args:
      path: Path of a file of weights, a `Path` or text, or "imagenet" to download them once.

    Raises:
      InputError: There is no path, the file cannot be read or has other weights, or the download failed.
    """
    if path is None:
        raise InputError(
            "this protocol needs the ImageNet weights of Keras' InceptionV3, which are not part of this program: with "
            f"a network --inception_path={BY_NAME} downloads them once (84 MB); without one, copy "
            "inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5 here and name it by --inception_path."
        )
    network = _network(path)

    @tf.function(autograph=False, reduce_retracing=True)
    def answers(images):
        resized = tf.image.resize(tf.cast(images, tf.float32), [SIZE, SIZE], method="bilinear", antialias=False)
        return network(resized / 127.5 - 1, training=False)

    record = {
        "extractor": "inception-keras-80",
        "weights": hash_of(*network.get_weights()),
        "resize": f"tf.image bilinear, no antialias, to {SIZE}",
    }
    extract = functools.partial(in_blocks, lambda images: (answers(tf.constant(rgb(images))).numpy(), None), block=100)
    return Extractor("inception-keras-80", record, extract, slow=True)


def _network(path):
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float32")  # The extractor does not use the mixed precision of a run.
    try:
        if str(path) == BY_NAME:
            return _build(BY_NAME)
        if not Path(path).is_file():
            raise InputError(
                f"--inception_path={path} is not a file. Name a file of weights, or {BY_NAME} to download them."
            )
        network = _build(None)
        with warnings.catch_warnings():
            # Keras only warns of layers that are missing in a file, so warnings become errors.
            warnings.simplefilter("error")
            network.load_weights(path)
        return network
    except InputError:
        raise
    except Exception as error:  # The class of Keras' error depends on the format and the fault.
        reason = str(error).strip().splitlines()[0][:200]
        raise InputError(
            f"--inception_path={path}: the weights of Keras' InceptionV3 cannot be loaded ({reason})."
        ) from error
    finally:
        keras.config.set_dtype_policy(policy)


def _build(weights):
    shape = (SIZE, SIZE, 3)
    return keras.applications.InceptionV3(include_top=False, weights=weights, pooling="avg", input_shape=shape)
