"""A small classifier that is trained on the labels of the evaluated dataset, so that it needs no download."""

import functools
import re
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf
from tqdm import tqdm

from tfgan2.data.computed import computed, hash_of
from tfgan2.errors import InputError
from tfgan2.evaluation.features import Extractor, in_blocks
from tfgan2.evaluation.small_networks import answers_on_cpu, layers_with_seeds, row_batches, weights_by_name

_LAYOUT = 1  # Part of every key. A higher number trains new classifiers.
_FEWEST = 20  # Smallest number of images for training and testing.


class Recipe(NamedTuple):
    """Architecture and training of a classifier.

    Convolutions of 3 x 3 with ReLU halve the image until it has at most 4 pixels. The first convolution halves only
    images above 16 pixels. A dense layer with ReLU gives the features, and a dense layer gives one logit per class. The
    optimizer is Adam, with a learning rate that falls to 0 by a cosine.

    Attributes:
      width: Channels of the first convolution. Each further convolution doubles the channels, up to four times this.
      features: Number of features.
      steps: Largest number of training steps.
      epochs: Largest number of epochs.
      batch_size: Images per step.
      learning_rate: Learning rate of the first step.
      seed: Seed of the weights and of the order of images.
    """

    width: int = 32
    features: int = 64
    steps: int = 2000
    epochs: int = 45
    batch_size: int = 64
    learning_rate: float = 2e-3
    seed: int = 0


def classifier_of(data, *, recipe=None, cache_dir=None):
    """Returns the classifier of a dataset from the cache. If it is not there, trains it.

    Training takes seconds for 8 x 8 pixels and a minute for 28 x 28. One image in five is held out, at most 10,000. The
    choice of these images depends on the number of images only. The weights depend on the images, the labels and the
    recipe. Training is on the CPU, where one machine with one number of threads always gives the same bits.

    Args:
      data: An `ImageSet` with labels.
      recipe: A `Recipe`. None takes the one of all protocols.
      cache_dir: Folder of the cache. None takes that of prepared images.

    Returns:
      An `Extractor` with class probabilities. Its record has the accuracy on the held-out images.

    Raises:
      InputError: The images have no labels or one class only, or there are too few images.
      StorageError: The cache cannot be written.
    """
    recipe = recipe or Recipe()
    reason = reason_against(data)
    if reason:
        raise InputError(reason)
    key = {"layout": _LAYOUT, "data": hash_of(data.samples, data.labels), **recipe._asdict()}
    title = f"classifier-{title_of(data.name)}"
    arrays = computed(title, key, functools.partial(_trained, data, recipe), cache_dir=cache_dir)
    weights = [arrays[name] for name in sorted(arrays) if name != "accuracy"]
    held_out = len(split(len(data.samples))[1])
    record = {
        "extractor": title,
        "weights": hash_of(*weights),
        "accuracy": float(arrays["accuracy"]),
        "trained_on": len(data.samples) - held_out,
        "tested_on": held_out,
        "resize": "none",
    }
    with tf.device("CPU"):
        network = _network(data.samples.shape[1:], class_count(data), recipe)
        network.set_weights(weights)
    return Extractor(title, record, functools.partial(in_blocks, _answers(network)))


def reason_against(data):
    """Returns the reason why an `ImageSet` cannot have a classifier, with advice, or None."""
    if data.labels is None:
        return (
            f"{data.name} has no labels to train a classifier on; measure it by a protocol without classes, or sort "
            "the images into sub-folders, one a class."
        )
    present = len(np.unique(data.labels))
    if present < 2 or len(data.samples) < _FEWEST:
        return (
            f"{data.name} has {len(data.samples)} images of {present} class{'es' * (present != 1)}; a classifier needs "
            f"at least {_FEWEST} of 2."
        )
    return None


def split(count):
    """Returns the rows for training and the held-out rows of `count` images: one in five, at most 10,000."""
    rows = np.random.default_rng(0).permutation(count)
    held_out = min(-(-count // 5), 10_000)
    return rows[:-held_out], rows[-held_out:]


def title_of(name):
    """Returns a dataset's name without folders and kind of source, for the names of values."""
    return re.sub(r"[^A-Za-z0-9_]+", "-", name.rstrip("/").rpartition("/")[2]).strip("-")


def class_count(data):
    """Number of classes of an `ImageSet` with labels, also of classes without a name or an image."""
    return max(len(data.class_names), int(data.labels.max()) + 1)


def _network(shape, class_count, recipe):
    """A network from float32 [n, height, width, channels] in [0, 1] to ([n, features], logits [n, class_count])."""
    layer = layers_with_seeds(recipe.seed)
    inputs = outputs = keras.Input(shape, dtype="float32")
    size, channels = min(shape[:2]), recipe.width
    stride = 1 if size <= 16 else 2
    while True:
        outputs = layer(keras.layers.Conv2D, channels, 3, strides=stride, padding="same")(outputs)
        size = -(-size // stride)
        if size <= 4:
            break
        channels, stride = min(2 * channels, 4 * recipe.width), 2
    features = layer(keras.layers.Dense, recipe.features)(keras.layers.Flatten(dtype="float32")(outputs))
    return keras.Model(inputs, [features, layer(keras.layers.Dense, class_count, activation=None)(features)])


def _trained(data, recipe):
    """Name -> weights, and the accuracy on the held-out images."""
    training, held_out = split(len(data.samples))
    batch_size = min(recipe.batch_size, len(training))
    steps = min(recipe.steps, recipe.epochs * len(training) // batch_size)
    batches = row_batches(training, batch_size, seed=recipe.seed)
    with tf.device("CPU"):
        network = _network(data.samples.shape[1:], class_count(data), recipe)
        step = _training_step(network, keras.optimizers.schedules.CosineDecay(recipe.learning_rate, steps))
        for _ in tqdm(range(steps), desc=f"training a classifier of {data.name}", unit=" steps", disable=None):
            rows = next(batches)
            step(data.samples[rows], data.labels[rows])
        found = in_blocks(_answers(network), data.samples[held_out])
    accuracy = np.mean(found.probabilities.argmax(axis=1) == data.labels[held_out])
    return weights_by_name(network) | {"accuracy": np.float64(accuracy)}


def _training_step(network, learning_rate):
    optimizer = keras.optimizers.Adam(learning_rate)
    optimizer.build(network.trainable_variables)

    @tf.function(autograph=False, reduce_retracing=True)
    def step(images, labels):
        with tf.GradientTape() as tape:
            _, logits = network(tf.cast(images, tf.float32) / 255, training=True)
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits))
        optimizer.apply(tape.gradient(loss, network.trainable_variables))

    return lambda images, labels: step(tf.constant(images), tf.constant(labels))


def _answers(network):
    return answers_on_cpu(network, lambda features, logits: (features, tf.nn.softmax(logits)))
