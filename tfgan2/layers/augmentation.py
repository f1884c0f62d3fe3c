"""Differentiable augmentation, for data sets that are too small to train a discriminator without it.

Zhao, Liu, Lin, Zhu and Han, "Differentiable Augmentation for Data-Efficient GAN Training" (NeurIPS 2020). The same
policy augments real and generated images before the discriminator sees them, in all players' losses. Gradients pass
through it to the generator. Every function is differentiable to any order and compiles with XLA.
"""

import keras
import tensorflow as tf

from tfgan2.errors import ArgumentError
from tfgan2.random_numbers import random_numbers

NOISE = 7
"""Number of random numbers of `augment` for each image."""

POLICIES = ("color", "translation", "cutout")
"""The augmentations, in the order in which they are applied."""


class RandomAugmentation(keras.layers.Layer):
    """Augments images in training, with new random numbers in each call. In inference it is the identity.

    The random numbers are a function of the seed and of the number of calls in training. The layer keeps this number as
    a weight, so that a resumed run draws the same numbers. Several replicas draw the same numbers for their different
    images.

    Args:
      output_range: Range of the images: "symmetric" [-1, 1] or "unit" [0, 1].
      seed: Seed of the random numbers, in [0, 2^31).
      **options: Options of `keras.layers.Layer`.
    """

    def __init__(self, *, output_range="symmetric", seed=0, **options):
        super().__init__(**options)
        self.output_range = output_range
        self.seed = seed

    def build(self, input_shape):
        # No aggregation: every replica counts its own calls, and the counts are equal.
        counter = {"dtype": "int64", "initializer": "zeros", "trainable": False, "aggregation": "none"}
        self.calls = self.add_weight(name="calls", shape=(), **counter)

    def call(self, inputs, training=False):
        if not training:
            return inputs
        symmetric = self.output_range == "symmetric"
        images = inputs if symmetric else 2.0 * inputs - 1.0
        outputs = self._augmented_with_opacity(images) if images.shape[-1] == 4 else self._augmented(images)
        self.calls.assign(self.calls + 1)
        return outputs if symmetric else (outputs + 1.0) / 2.0

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "output_range": self.output_range, "seed": self.seed}

    def _augmented_with_opacity(self, images):
        """`_augmented` of images with an opacity, lifted to [0, 2], where the zeros that fill gaps are transparent."""
        lift = tf.constant([0.0, 0.0, 0.0, 1.0], images.dtype)
        return self._augmented(images + lift) - lift

    def _augmented(self, images):
        """The augmented images, from images [n, height, width, channels] in [-1, 1]."""
        raise NotImplementedError

    def _numbers(self, distribution, images, count, *, stream=0):
        """Random numbers of this call, float32 [n, count]. Two streams have different numbers."""
        key = tf.stack([tf.constant(self.seed + (stream << 32), tf.int64), tf.convert_to_tensor(self.calls)])
        return random_numbers(distribution, [tf.shape(images)[0], count], key)


@keras.saving.register_keras_serializable("tfgan2")
class Augmentation(RandomAugmentation):
    """Augments images in training by a policy; see `RandomAugmentation`.

    Args:
      policy: Members of `POLICIES`.
      **options: Options of `RandomAugmentation`.

    Raises:
      ArgumentError: the policy has other members.
    """

    def __init__(self, policy=POLICIES, **options):
        super().__init__(**options)
        _check_policy(policy)
        self.policy = tuple(policy)

    def get_config(self):
        return {**super().get_config(), "policy": list(self.policy)}

    def _augmented(self, images):
        noise = tf.cast(self._numbers("unit", images, NOISE), images.dtype)
        return augment(images, noise, self.policy)


def augment(images, noise, policy=POLICIES):
    """Augments images by a policy. Each image has its own random numbers.

    Args:
      images: [n, height, width, channels] in [-1, 1]. Grey, 0, fills shifted and cut out areas.
      noise: float32 [n, NOISE], uniform in [0, 1).
      policy: Members of `POLICIES`.

    Returns:
      [n, height, width, channels]. Colours may leave [-1, 1].

    Raises:
      ArgumentError: the policy has other members.
    """
    _check_policy(policy)
    if "color" in policy:
        images = recolored(images, noise[:, 0:3])
    if "translation" in policy:
        images = translated(images, noise[:, 3:5])
    if "cutout" in policy:
        images = cut_out(images, noise[:, 5:7])
    return images


def recolored(images, noise):
    """Changes brightness by -1/2 to 1/2, and scales saturation by 0 to 2 and contrast by 1/2 to 3/2.

    Args:
      images: [n, height, width, channels]. A fourth channel, the opacity, is unchanged.
      noise: [n, 3], uniform in [0, 1).
    """
    if images.shape[3] == 4:
        return tf.concat([recolored(images[..., :3], noise), images[..., 3:]], axis=3)
    brightness, saturation, contrast = (value[:, None, None, None] for value in tf.unstack(noise, axis=1))
    images += brightness - 0.5
    grey = tf.reduce_mean(images, axis=3, keepdims=True)
    images = (images - grey) * (2.0 * saturation) + grey
    mean = tf.reduce_mean(images, axis=[1, 2, 3], keepdims=True)
    return (images - mean) * (contrast + 0.5) + mean


def translated(images, noise, *, ratio=0.125):
    """Shifts images by whole pixels, up to `ratio` of their sides in each direction. Zeros fill the rest.

    Args:
      images: [n, height, width, channels].
      noise: [n, 2], uniform in [0, 1): down and to the right.
      ratio: Largest shift as a share of the sides.
    """
    for axis in (1, 2):
        size = images.shape[axis]
        farthest = int(size * ratio + 0.5)
        shift = tf.cast(tf.floor(noise[:, axis - 1] * (2 * farthest + 1)), tf.int32) - farthest
        source = tf.range(size) - shift[:, None]  # [n, size]
        inside = tf.cast((source >= 0) & (source < size), images.dtype)
        images = tf.gather(images, tf.clip_by_value(source, 0, size - 1), axis=axis, batch_dims=1)
        images *= tf.reshape(inside, [-1, size, 1, 1] if axis == 1 else [-1, 1, size, 1])
    return images


def cut_out(images, noise, *, ratio=0.5):
    """Sets a rectangle of each image to zero. Its centre is uniform over the image.

    Args:
      images: [n, height, width, channels].
      noise: [n, 2], uniform in [0, 1): row and column.
      ratio: Sides of the rectangle as a share of the image's.
    """
    inside = []
    for axis in (1, 2):
        size = images.shape[axis]
        length = int(size * ratio + 0.5)
        first = tf.cast(tf.floor(noise[:, axis - 1] * (size + 1 - length % 2)), tf.int32) - length // 2
        position = tf.range(size) - first[:, None]  # [n, size]
        inside.append(tf.cast((position >= 0) & (position < length), images.dtype))
    return images * (1.0 - inside[0][:, :, None, None] * inside[1][:, None, :, None])


def _check_policy(policy):
    unknown = [name for name in policy if name not in POLICIES]
    if unknown:
        raise ArgumentError("policy", policy, f"made of {', '.join(POLICIES)}")
