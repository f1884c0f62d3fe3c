"""Views of images: the random augmentations of contrastive learning, which compares two views of each image.

Chen, Kornblith, Norouzi and Hinton, "A Simple Framework for Contrastive Learning of Visual Representations" (SimCLR,
ICML 2020). Every function is pure, gives the same numbers in eager mode, graphs and XLA, and takes images of any size.
"""

import math
from typing import Literal

import tensorflow as tf

from tfgan2.errors import ArgumentError

Augmentations = tuple[Literal["crop", "flip", "color", "grey"], ...]

AUGMENTATIONS = ("crop", "flip", "color", "grey")
"""The augmentations, in the order in which they are applied."""

NOISE = 11
"""Number of random numbers of `view` for each image."""

_LUMA = (0.299, 0.587, 0.114)
_JITTER, _HUE = 0.4, 0.1
_JITTERED, _GREYED = 0.8, 0.2  # probabilities


def view(images, noise, augmentations=AUGMENTATIONS, *, smallest_crop=0.2, output_range="symmetric"):
    """One view of each image. Each image has its own random numbers.

    Args:
      images: [n, height, width, channels]. Saturation and hue change only with colours. A fourth channel, the opacity,
        is cropped and mirrored, but its values are unchanged.
      noise: float32 [n, NOISE], uniform in [0, 1).
      augmentations: Members of `AUGMENTATIONS`. "crop" is `cropped`. "flip" mirrors an image left to right with
        probability 0.5. "color" is `jittered` with probability 0.8. "grey" removes the colours with probability 0.2.
      smallest_crop: Smallest area of a crop as a share of the image's, in [0, 1].
      output_range: Range of the images: "symmetric" [-1, 1] or "unit" [0, 1].

    Returns:
      [n, height, width, channels], in the same range.

    Raises:
      ValueError: as `check_augmentations`.
    """
    check_augmentations(augmentations, images.shape[1:])
    if "crop" in augmentations:
        images = cropped(images, noise[:, 0:4], smallest=smallest_crop)
    if "flip" in augmentations:
        images = _chosen(noise[:, 4] < 0.5, tf.reverse(images, [2]), images)
    if len(images.shape) == 4 and images.shape[3] == 4:
        colors = _recolored(images[..., :3], noise, augmentations, output_range)
        return tf.concat([colors, images[..., 3:]], axis=3)
    return _recolored(images, noise, augmentations, output_range)


def _recolored(images, noise, augmentations, output_range):
    if "color" in augmentations:
        unit = (images + 1.0) / 2.0 if output_range == "symmetric" else images
        unit = jittered(unit, noise[:, 6:10])
        changed = 2.0 * unit - 1.0 if output_range == "symmetric" else unit
        images = _chosen(noise[:, 5] < _JITTERED, changed, images)
    if "grey" in augmentations and images.shape[3] == 3:
        images = _chosen(noise[:, 10] < _GREYED, tf.repeat(_grey(images), 3, axis=3), images)
    return images


def cropped(images, noise, *, smallest=0.2):
    """A random rectangle of each image, scaled to the size of the image by bilinear interpolation.

    The rectangle's area is a share of the image's, uniform in [smallest, 1]. The logarithm of width over height is
    uniform in [log 3/4, log 4/3]. Unlike in torchvision, the sides are not rounded to whole pixels, and a side that is
    longer than the image's is cut to it instead of redrawn.

    Args:
      images: [n, height, width, channels].
      noise: [n, 4], uniform in [0, 1): area, shape, position from the top and from the left.
      smallest: Smallest area as a share of the image's, in [0, 1].
    """
    height, width, channels = images.shape[1:]
    areas = height * width * (smallest + (1.0 - smallest) * noise[:, 0])
    aspects = tf.exp(math.log(4 / 3) * (2.0 * noise[:, 1] - 1.0))
    lengths = tf.minimum(tf.sqrt(areas / aspects), height), tf.minimum(tf.sqrt(areas * aspects), width)
    rows = _interpolation(height, lengths[0], noise[:, 2])
    columns = _interpolation(width, lengths[1], noise[:, 3])
    images = tf.matmul(rows, tf.reshape(images, [-1, height, width * channels]))
    return tf.matmul(columns[:, None], tf.reshape(images, [-1, height, width, channels]))


def jittered(images, noise):
    """Scales brightness, contrast and saturation by 0.6 to 1.4, then rotates the hue by up to a tenth of a circle.

    SimCLR draws the order of the four for each image. Here it is fixed.

    Args:
      images: [n, height, width, channels] in [0, 1]. Values are clipped to this range after each change.
      noise: [n, 4], uniform in [0, 1): brightness, contrast, saturation, hue.
    """
    factors = 1.0 + _JITTER * (2.0 * noise[:, 0:3] - 1.0)
    brightness, contrast, saturation = (factor[:, None, None, None] for factor in tf.unstack(factors, axis=1))
    images = tf.clip_by_value(images * brightness, 0.0, 1.0)
    mean = tf.reduce_mean(_grey(images), axis=[1, 2, 3], keepdims=True)
    images = tf.clip_by_value((images - mean) * contrast + mean, 0.0, 1.0)
    if images.shape[3] != 3:
        return images
    grey = _grey(images)
    images = tf.clip_by_value((images - grey) * saturation + grey, 0.0, 1.0)
    turn = _HUE * (2.0 * noise[:, 3] - 1.0)
    hue, rest = tf.split(tf.image.rgb_to_hsv(images), [1, 2], axis=3)
    hue = tf.math.floormod(hue + turn[:, None, None, None], 1.0)
    return tf.image.hsv_to_rgb(tf.concat([hue, rest], axis=3))


def check_augmentations(augmentations, shape):
    """Raises ArgumentError for what is not in `AUGMENTATIONS`, and for augmentations of samples that are no images."""
    unknown = [name for name in augmentations if name not in AUGMENTATIONS]
    if unknown:
        raise ArgumentError("augmentations", augmentations, f"made of {', '.join(AUGMENTATIONS)}")
    if augmentations and len(shape) != 3:
        accepted = f"empty for samples of the shape {list(shape)}, because they are not images"
        raise ArgumentError("augmentations", augmentations, accepted)


def _interpolation(size, lengths, places):
    """Weights [n, size, size]: row i has those of a line's pixels in pixel i of its part, `lengths` [n] pixels long."""
    first = (size - lengths) * places
    centers = first[:, None] + (tf.range(size, dtype=tf.float32) + 0.5) * lengths[:, None] / size - 0.5
    centers = tf.clip_by_value(centers, 0.0, size - 1.0)
    return tf.nn.relu(1.0 - tf.abs(centers[:, :, None] - tf.range(size, dtype=tf.float32)))


def _grey(images):
    """The luminance, [n, height, width, 1]; the mean over channels of images without 3 channels."""
    if images.shape[3] != 3:
        return tf.reduce_mean(images, axis=3, keepdims=True)
    return tf.reduce_sum(images * tf.constant(_LUMA, images.dtype), axis=3, keepdims=True)


def _chosen(mask, images, others):
    return tf.where(mask[:, None, None, None], images, others)
