"""Adaptive discriminator augmentation (ADA): its probability follows the discriminator's overfitting, or a schedule.

Karras, Aittala, Hellsten, Laine, Lehtinen and Aila, "Training Generative Adversarial Networks with Limited Data"
(NeurIPS 2020). R3GAN (NeurIPS 2024) has such transformations with a scheduled probability. Each transformation
is skipped with some probability. This keeps it out of the generated images.
"""

import math

import keras
import tensorflow as tf

from tfgan2.errors import ArgumentError
from tfgan2.layers.augmentation import RandomAugmentation, cut_out
from tfgan2.layers.color_shifts import color_shifted
from tfgan2.layers.warping import warped

TRANSFORMS = (
    *("flip", "quarter_turn", "translation", "scale", "rotation"),
    *("brightness", "contrast", "luma_flip", "hue", "saturation", "cutout"),
)
"""The transformations, in the order in which they are applied."""

UNITS = len(TRANSFORMS) + 9
"""Number of uniform numbers that `augmented` takes for each image."""

NORMALS = 4
"""Number of normal numbers that `augmented` takes for each image."""


ADAPT_EVERY = 4
"""Number of batches in a group. r_t is the mean over a group, and the probability moves after each group."""

IMAGES_TO_ONE = 500_000.0
"""Number of images in which the probability rises from 0 to 1."""


@keras.saving.register_keras_serializable("tfgan2")
class AdaptiveAugmentation(RandomAugmentation):
    """Applies each transformation to each image with some probability in training; see `RandomAugmentation`.

    The probability begins at 0. `adapt` or a schedule moves it. It and the statistics that it follows are weights, so
    checkpoints hold them.

    Args:
      transforms: Members of `TRANSFORMS`.
      **options: Options of `RandomAugmentation`.

    Raises:
      ArgumentError: a transformation is unknown.
    """

    def __init__(self, transforms=TRANSFORMS, **options):
        super().__init__(**options)
        _check_transforms(transforms)
        self.transforms = tuple(transforms)

    def build(self, input_shape):
        super().build(input_shape)

        def scalar(name):
            options = {"trainable": False, "autocast": False, "aggregation": "only_first_replica"}
            return self.add_weight(name=name, shape=(), dtype="float32", initializer="zeros", **options)

        self.probability = scalar("probability")
        self.sign = scalar("sign")  # r_t of the last adaptation
        self.sign_sum, self.batches = scalar("sign_sum"), scalar("batches")

    def adapt(self, sign, batch_size, target):
        """Adds one batch of real images to r_t = E[sign D(x)]. After every fourth batch the probability moves.

        r_t is near 1 where the discriminator overfits. The probability rises while it is above the target, and falls
        while it is below.

        Args:
          sign: Mean sign of the logits of the batch, over all replicas, a scalar.
          batch_size: Number of images in the batch, over all replicas.
          target: Target of r_t, in [-1, 1].
        """
        probability, last, total, batches = adapted(
            *map(tf.convert_to_tensor, (self.probability, self.sign, self.sign_sum, self.batches)),
            sign,
            batch_size,
            target,
        )
        self.probability.assign(probability)
        self.sign.assign(last)
        self.sign_sum.assign(total)
        self.batches.assign(batches)

    def get_config(self):
        return {**super().get_config(), "transforms": list(self.transforms)}

    def _augmented(self, images):
        units = self._numbers("unit", images, UNITS)
        normals = self._numbers("normal", images, NORMALS, stream=1)
        return augmented(images, units, normals, tf.convert_to_tensor(self.probability), self.transforms)


def adapted(probability, last, total, batches, sign, batch_size, target):
    """(probability, last r_t, sum of signs, number of batches in the sum) after one more batch."""
    total, batches = total + tf.cast(sign, tf.float32), batches + 1.0
    mean, due = total / batches, batches >= ADAPT_EVERY
    step = batches * float(batch_size) / IMAGES_TO_ONE
    moved = tf.clip_by_value(probability + tf.sign(mean - target) * step, 0.0, 1.0)
    zero = tf.zeros_like(total)
    return (
        tf.where(due, moved, probability),
        tf.where(due, mean, last),
        tf.where(due, zero, total),
        tf.where(due, zero, batches),
    )


def augmented(images, units, normals, probability, transforms=TRANSFORMS):
    """Applies each transformation to each image with some probability.

    The strengths are those of ADA, with N for a normal number: horizontal flip; turn by 0, 90, 180 or 270 degrees;
    shift by whole pixels, at most an eighth of the sides; scale 2^(0.2 N); rotation by any angle; brightness plus
    0.2 N; contrast times 2^(0.5 N); exchange of dark and light; hue rotated by any angle; saturation times 2^N; a
    cut-out square of half the sides. A flip and an exchange have no effect in one of two cases.

    Args:
      images: Images [n, height, width, channels] in [-1, 1].
      units: Uniform numbers in [0, 1), float32 [n, UNITS].
      normals: Normal numbers, float32 [n, NORMALS].
      probability: Scalar tensor in [0, 1].
      transforms: Members of `TRANSFORMS`.

    Returns:
      [n, height, width, channels]; colours may leave [-1, 1].

    Raises:
      ArgumentError: a transformation is unknown.
    """
    _check_transforms(transforms)
    count = len(TRANSFORMS)
    chosen = dict(zip(TRANSFORMS, tf.unstack(units[:, :count] < probability, axis=1), strict=True))
    flip, turn, down, right, angle, luma, hue, row, column = tf.unstack(units[:, count:], axis=1)
    scale, brightness, contrast, saturation = tf.unstack(normals, axis=1)

    def either(transform, value, neutral):
        """`value` for the images that get the transformation, `neutral` for the others."""
        mask = chosen[transform] if transform in transforms else tf.zeros_like(chosen[transform])
        return tf.where(mask, value, tf.fill(tf.shape(value), tf.constant(neutral, value.dtype)))

    height, width = images.shape[1:3]
    shifts = (either("translation", _shift(*each), 0.0) for each in ((down, height), (right, width)))
    matrices, offsets = _maps(
        flip=either("flip", tf.where(flip < 0.5, -1.0, 1.0), 1.0),
        turns=either("quarter_turn", tf.cast(turn * 4.0, tf.int32), 0),
        shifts=tf.stack(list(shifts), axis=1),
        scale=either("scale", tf.pow(2.0, 0.2 * scale), 1.0),
        angle=either("rotation", (2.0 * angle - 1.0) * math.pi, 0.0),
    )
    images = warped(images, matrices, offsets)
    images = color_shifted(
        images,
        brightness=either("brightness", 0.2 * brightness, 0.0),
        contrast=either("contrast", tf.pow(2.0, 0.5 * contrast), 1.0),
        luma=either("luma_flip", tf.where(luma < 0.5, -1.0, 1.0), 1.0),
        hue=either("hue", (2.0 * hue - 1.0) * math.pi, 0.0),
        saturation=either("saturation", tf.pow(2.0, saturation), 1.0),
    )
    cut = either("cutout", tf.ones_like(row), 0.0)[:, None, None, None]
    return tf.where(cut > 0.0, cut_out(images, tf.stack([row, column], axis=1)), images)


def _shift(unit, size, ratio=0.125):
    """Whole pixels from -ratio * size to ratio * size, all with the same probability."""
    farthest = int(size * ratio + 0.5)
    return tf.floor(unit * (2 * farthest + 1)) - float(farthest)


def _maps(*, flip, turns, shifts, scale, angle):
    """(A [n, 2, 2], b [n, 2]) of `warped` for a flip, quarter turns, a shift, a scale and a rotation, in this order."""
    cosine = tf.gather([1.0, 0.0, -1.0, 0.0], turns)
    sine = tf.gather([0.0, 1.0, 0.0, -1.0], turns)
    back = _matrix(cosine, -sine, flip * sine, flip * cosine)
    around = _matrix(tf.cos(angle) / scale, -tf.sin(angle) / scale, tf.sin(angle) / scale, tf.cos(angle) / scale)
    # Sums, because some GPUs round the factors of a matrix product.
    product = tf.reduce_sum(back[:, :, :, None] * around[:, None, :, :], axis=2)
    return product, -tf.reduce_sum(back * shifts[:, None, :], axis=2)


def _matrix(a, b, c, d):
    return tf.reshape(tf.stack([a, b, c, d], axis=1), [-1, 2, 2])


def _check_transforms(transforms):
    unknown = [name for name in transforms if name not in TRANSFORMS]
    if unknown:
        raise ArgumentError("transforms", transforms, f"made of {', '.join(TRANSFORMS)}")
