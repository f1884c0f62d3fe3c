"""The Inception network of Keras at 80 x 80 pixels, by which Rumi-GAN (NeurIPS 2020) measures."""

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
    """Keras' InceptionV3 without its top, averaged over the image: 2,048 features, no probabilities.

    Images in [-1, 1], resized bilinearly without antialiasing, grey repeated in three channels. Its distances are not
    those of the network of 2015 and have a name of their own.

    Args:
      path: of a file of weights, a `Path` or text, or "imagenet", for which Keras downloads them once.

    Returns:
      An `Extractor`; the record holds the SHA-256 of the weights.

    Raises:
      InputError: there is no path, it cannot be read or holds other weights, or the download failed.
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
    keras.config.set_dtype_policy("float32")  # that of a run with mixed precision is not the extractor's
    try:
        if str(path) == BY_NAME:
            return _build(BY_NAME)
        if not Path(path).is_file():
            raise InputError(f"--inception_path={path} is no file; name one of weights, or {BY_NAME} to download them.")
        network = _build(None)
        with warnings.catch_warnings():
            # Keras leaves layers that it does not find in a file as they were and only warns.
            warnings.simplefilter("error")
            network.load_weights(path)
        return network
    except InputError:
        raise
    except Exception as error:  # what Keras raises depends on the format and on what is wrong
        reason = str(error).strip().splitlines()[0][:200]
        raise InputError(
            f"--inception_path={path}: these are no weights of Keras' InceptionV3 that can be had ({reason})."
        ) from error
    finally:
        keras.config.set_dtype_policy(policy)


def _build(weights):
    shape = (SIZE, SIZE, 3)
    return keras.applications.InceptionV3(include_top=False, weights=weights, pooling="avg", input_shape=shape)
