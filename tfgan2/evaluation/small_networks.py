"""Parts of the small networks that are trained on the evaluated images."""

import itertools

import keras
import numpy as np
import tensorflow as tf


def layers_with_seeds(seed):
    """Returns a function that makes layers of Keras. The initial weights of each layer have another seed.

    Args:
      seed: Seed of the network.

    Returns:
      Function of the class of a layer and its arguments. The activation is ReLU if no other is given.
    """
    seeds = itertools.count(1000 * seed)

    def layer(make, *sizes, activation="relu", **options):
        initializer = keras.initializers.HeNormal(seed=next(seeds))
        # The network does not use the mixed precision of a run.
        return make(*sizes, activation=activation, kernel_initializer=initializer, dtype="float32", **options)

    return layer


def row_batches(rows, batch_size, *, seed):
    """Yields lists of `batch_size` rows without end. Each epoch has a new order.

    Args:
      rows: The rows, integers [n], or their number.
      batch_size: Rows in a batch.
      seed: Seed of the orders.
    """
    random = np.random.default_rng(seed)
    epochs = itertools.chain.from_iterable(random.permutation(rows) for _ in itertools.count())
    while True:
        yield list(itertools.islice(epochs, batch_size))


def weights_by_name(network):
    """Returns name -> array. The order of the names is that of the weights."""
    return {f"weight_{place:03d}": weight for place, weight in enumerate(network.get_weights())}


def answers_on_cpu(network, choose):
    """Returns a function from images, uint8 [n, height, width, channels], to arrays. It uses the CPU.

    Args:
      network: Network from images in [0, 1] to a list of tensors.
      choose: Function of these tensors that returns a tensor or several.
    """

    @tf.function(autograph=False, reduce_retracing=True)
    def answers(images):
        return choose(*network(tf.cast(images, tf.float32) / 255, training=False))

    def on_cpu(images):
        with tf.device("CPU"):
            return tf.nest.map_structure(lambda tensor: tensor.numpy(), answers(tf.constant(images)))

    return on_cpu
