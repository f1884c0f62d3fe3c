"""Negative images made from real ones (Sinha et al., "Negative Data Augmentation", ICLR 2021).

Each transformation keeps the local structure of real images and spoils the global one. A discriminator that calls the
results fake learns the global structure, too. Images are [n, height, width, channels] in any range. Random numbers are
uniform in [0, 1), so that the results are a function of them. All functions compile with XLA. Partners are the other
images of mixed pairs. Sizes of the rectangles and the range of the mixing weight are ours.
"""

import itertools

import tensorflow as tf

from tfgan2.errors import ArgumentError

NOISE = 3
"""Number of random numbers of `negatives_of` for each image."""

# The orders of the quarters of an image, without the one that keeps it.
_ORDERS = list(itertools.permutations(range(4)))[1:]


def negatives_of(images, noise, kinds):
    """Makes a negative image of each image. If there are several kinds, each image draws one with equal probability.

    Args:
      images: [n, height, width, channels], real. Images that follow each other form pairs.
      noise: float32 [n, NOISE], uniform in [0, 1).
      kinds: Keys of `NEGATIVES`, at least one.

    Returns:
      [n, height, width, channels].

    Raises:
      ArgumentError: See `check_shape`. There is a single image, and a kind mixes images.
    """
    check_shape(images.shape[1:], kinds)
    alone = [kind for kind in kinds if kind not in ("jigsaw", "cutout")]
    if alone and images.shape[0] < 2:
        advice = "Take a larger batch: these kinds mix images of a device's part of it."
        raise ArgumentError("negatives", tuple(alone), "jigsaw or cutout for one image", advice)
    partners, noise = paired(images), tf.cast(noise, images.dtype)
    chosen = tf.cast(noise[:, 0] * len(kinds), tf.int32)
    made = tf.stack([NEGATIVES[kind](images, partners, noise[:, 1:]) for kind in kinds], axis=1)
    return tf.gather(made, chosen, axis=1, batch_dims=1)


def check_shape(shape, kinds):
    """Raises ArgumentError if samples of a shape, without the batch, are not images that the kinds can spoil."""
    if len(shape) != 3:
        raise ArgumentError("negatives", tuple(kinds), "empty for points", "Only images have such negatives.")
    odd = [side for side in shape[:2] if side % 2]
    if odd and {"jigsaw", "stitch"} & set(kinds):
        accepted = f"made of mixup, cutout and cutmix for images of {shape[0]} x {shape[1]} pixels"
        raise ArgumentError("negatives", tuple(kinds), accepted, "The others need even sides.")


def paired(images):
    """The partner of each image: the other one of its pair. Without a pair, the last one has the image before it."""
    count = images.shape[0]
    return tf.gather(images, [row ^ 1 if row ^ 1 < count else max(0, row - 1) for row in range(count)])


def jigsaw(images, partners, noise):
    """Moves the four quarters of each image to other places. All 23 orders but the true one are equally likely."""
    orders = tf.gather(_ORDERS, tf.cast(noise[:, 0] * len(_ORDERS), tf.int32))
    quarters = [part for half in tf.split(images, 2, axis=1) for part in tf.split(half, 2, axis=2)]
    first, second, third, fourth = tf.unstack(
        tf.gather(tf.stack(quarters, axis=1), orders, axis=1, batch_dims=1), axis=1
    )
    return tf.concat([tf.concat([first, second], axis=2), tf.concat([third, fourth], axis=2)], axis=1)


def stitch(images, partners, noise):
    """Joins the upper half of each image and the lower half of its partner, or the left and the right half."""
    upper, left = (_band(images.shape[axis], 0, images.shape[axis] // 2) for axis in (1, 2))
    mask = tf.where(noise[:, 0, None, None] < 0.5, upper[None, :, None], left[None, None, :])[..., None]
    return tf.where(mask, images, partners)


def mixup(images, partners, noise):
    """Mean of each image and its partner, with weights w and 1 - w and w uniform in [1/4, 3/4]."""
    weight = (0.25 + 0.5 * noise[:, 0])[:, None, None, None]
    return weight * images + (1 - weight) * partners


def cutout(images, partners, noise):
    """Fills a rectangle of each image with the mean of its pixels. See `rectangles`."""
    return tf.where(rectangles(images, noise), tf.reduce_mean(images, axis=[1, 2], keepdims=True), images)


def cutmix(images, partners, noise):
    """Fills a rectangle of each image with the same pixels of its partner. See `rectangles`."""
    return tf.where(rectangles(images, noise), partners, images)


def rectangles(images, noise):
    """Booleans [n, height, width, 1]: a rectangle with half of the sides, at a uniform place inside the image."""
    bands = []
    for axis in (1, 2):
        size = images.shape[axis]
        length = (size + 1) // 2
        first = tf.cast(noise[:, axis - 1] * (size - length + 1), tf.int32)[:, None]
        bands.append(_band(size, first, first + length))
    return (bands[0][:, :, None] & bands[1][:, None, :])[..., None]


def _band(size, first, end):
    places = tf.range(size)
    return (places >= first) & (places < end)


NEGATIVES = {"jigsaw": jigsaw, "stitch": stitch, "mixup": mixup, "cutout": cutout, "cutmix": cutmix}
"""Name -> transformation of images, partners and random numbers [n, 2]."""
