"""A small network that is trained on the evaluated images without their labels, so that it needs no download."""

import functools
from typing import NamedTuple

import keras
import tensorflow as tf
from tqdm import tqdm

from tfgan2.data.computed import computed, hash_of
from tfgan2.errors import InputError
from tfgan2.evaluation.classifier import title_of
from tfgan2.evaluation.features import Extractor, in_blocks
from tfgan2.evaluation.small_networks import answers_on_cpu, layers_with_seeds, row_batches, weights_by_name
from tfgan2.layers.views import NOISE, view
from tfgan2.losses.contrastive import contrastive

FEWEST = 100
"""Smallest number of images. With fewer the network learns little."""

_LAYOUT = 1  # Part of every key. A higher number trains new networks.
_DEAD = 1e-3  # A feature with a smaller share of the largest standard deviation is left as it is.


class Recipe(NamedTuple):
    """Architecture and training of a contrastive network.

    Convolutions of 3 x 3 with ReLU halve the image until it has at most 4 pixels. The features are the averages of each
    convolution over the image: those of the first are colours and edges, and those of the last are objects. A
    perceptron on the last convolution gives the embedding of the contrastive loss (SimCLR, ICML 2020). The two views of
    an image are random crops, mirrored, with other colours. They are never blurred or noisy, so features tell blur and
    noise apart. The optimizer is Adam, with a learning rate that falls to 0 by a cosine.

    Attributes:
      width: Channels of the last convolution. Each convolution before has half of those of the next, at least 16.
      embedded: Dimensions of the embedding.
      steps: Largest number of training steps.
      epochs: Largest number of epochs.
      batch_size: Images per step, each with two views.
      learning_rate: Learning rate of the first step.
      temperature: Temperature of the contrastive loss.
      smallest_crop: Smallest area of a crop as a share of the image's.
      seed: Seed of the weights, of the order of images and of the views.
    """

    width: int = 128
    embedded: int = 64
    steps: int = 500
    epochs: int = 60
    batch_size: int = 64
    learning_rate: float = 2e-3
    temperature: float = 0.2
    smallest_crop: float = 0.3
    seed: int = 0


def contrastive_network(data, *, recipe=None, cache_dir=None):
    """Returns the contrastive network of an image set from the cache. If it is not there, trains it.

    Training takes about half a minute on one core for 32 x 32 pixels. The weights depend on the images and the recipe,
    not on labels. Training is on the CPU, where one machine with one number of threads always gives the same bits.
    Features have the mean 0 and the standard deviation 1 over the images of the set.

    Args:
      data: An `ImageSet`.
      recipe: A `Recipe`. None takes the one of all protocols.
      cache_dir: Folder of the cache. None takes that of prepared images.

    Returns:
      An `Extractor` without class probabilities.

    Raises:
      InputError: There are too few images.
      StorageError: The cache cannot be written.
    """
    recipe = recipe or Recipe()
    reason = reason_against(data)
    if reason:
        raise InputError(reason)
    key = {"layout": _LAYOUT, "data": hash_of(data.samples), **recipe._asdict()}
    title = f"contrastive-{title_of(data.name)}"
    arrays = computed(title, key, functools.partial(_trained, data, recipe), cache_dir=cache_dir)
    weights = [arrays[name] for name in sorted(arrays) if name.startswith("weight")]
    record = {"extractor": title, "weights": hash_of(*weights), "trained_on": len(data.samples), "resize": "none"}
    with tf.device("CPU"):
        network = _network(data.samples.shape[1:], recipe)
        network.set_weights(weights)
    answers = _answers(network)

    def scaled(images):
        return (answers(images) - arrays["mean"]) / arrays["deviation"], None

    return Extractor(title, record, functools.partial(in_blocks, scaled))


def reason_against(data):
    """Returns the reason why an `ImageSet` cannot have a contrastive network, with advice, or None."""
    if len(data.samples) >= FEWEST:
        return None
    return (
        f"{data.name} has {len(data.samples)} images; a contrastive network needs {FEWEST}. Measure them by pixels, or "
        "take more images."
    )


def _network(shape, recipe):
    """A network from float32 [n, height, width, channels] in [0, 1] to ([n, features], [n, embedded])."""
    layer = layers_with_seeds(recipe.seed)
    inputs = outputs = keras.Input(shape, dtype="float32")
    sizes = [-(-min(shape[:2]) // 2)]
    while sizes[-1] > 4:
        sizes.append(-(-sizes[-1] // 2))
    features = []
    for remaining in reversed(range(len(sizes))):
        channels = max(16, recipe.width >> remaining)
        outputs = layer(keras.layers.Conv2D, channels, 3, strides=2, padding="same")(outputs)
        features.append(keras.layers.GlobalAveragePooling2D(dtype="float32")(outputs))
    hidden = layer(keras.layers.Dense, recipe.width)(keras.layers.Flatten(dtype="float32")(outputs))
    embedding = layer(keras.layers.Dense, recipe.embedded, activation=None)(hidden)
    return keras.Model(inputs, [keras.layers.Concatenate(dtype="float32")([*features, hidden]), embedding])


def _trained(data, recipe):
    """Name -> weights, and the mean and the standard deviation of the features."""
    batch_size = min(recipe.batch_size, len(data.samples))
    recipe = recipe._replace(steps=min(recipe.steps, recipe.epochs * len(data.samples) // batch_size))
    batches = row_batches(len(data.samples), batch_size, seed=recipe.seed)
    with tf.device("CPU"):
        network = _network(data.samples.shape[1:], recipe)
        step = _training_step(network, recipe)
        title = f"training a contrastive network of {data.name}"
        for number in tqdm(range(recipe.steps), desc=title, unit=" steps", disable=None):
            step(tf.constant(data.samples[next(batches)]), tf.constant(number))
        answers = _answers(network)
        found = in_blocks(lambda images: (answers(images), None), data.samples).features
    deviation = found.std(axis=0)
    deviation[deviation < _DEAD * deviation.max()] = deviation.max() or 1.0
    return weights_by_name(network) | {"mean": found.mean(axis=0), "deviation": deviation}


def _training_step(network, recipe):
    schedule = keras.optimizers.schedules.CosineDecay(recipe.learning_rate, recipe.steps)
    optimizer = keras.optimizers.Adam(schedule)
    optimizer.build(network.trainable_variables)

    @tf.function(autograph=False, reduce_retracing=True)
    def step(images, number):
        images = tf.repeat(tf.cast(images, tf.float32) / 255, 2, axis=0)
        noise = tf.random.stateless_uniform([images.shape[0], NOISE], [recipe.seed, number])
        views = view(images, noise, smallest_crop=recipe.smallest_crop, output_range="unit")
        with tf.GradientTape() as tape:
            _, embeddings = network(views, training=True)
            loss, _ = contrastive(embeddings[::2], embeddings[1::2], temperature=recipe.temperature)
        optimizer.apply(tape.gradient(loss, network.trainable_variables))
        return loss

    return step


def _answers(network):
    return answers_on_cpu(network, lambda features, _: features)
