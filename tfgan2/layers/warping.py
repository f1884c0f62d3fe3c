"""Affine maps of images, differentiable to any order and compiled by XLA."""

import tensorflow as tf


def warped(images, matrices, offsets):
    """Maps images: the output at p has the value of the input at A p + b. Places are measured from the centre.

    Interpolation is bilinear, and the image is mirrored at its edges. A map of pixels onto pixels, such as a flip, a
    quarter turn or a shift by whole pixels, changes no value.

    Args:
      images: Images [n, height, width, channels].
      matrices: A, float32 [n, 2, 2], for places (row, column).
      offsets: b in pixels, float32 [n, 2].

    Returns:
      [n, height, width, channels].
    """
    _, height, width, channels = images.shape
    rows = tf.range(height, dtype=tf.float32) - (height - 1) / 2.0
    columns = tf.range(width, dtype=tf.float32) - (width - 1) / 2.0
    lows, highs, shares = [], [], []
    for axis, size in enumerate((height, width)):
        by_row, by_column = (matrices[:, axis, other, None, None] for other in (0, 1))
        place = by_row * rows[:, None] + by_column * columns + offsets[:, axis, None, None] + (size - 1) / 2.0
        place = _mirrored(place, size)  # [n, height, width]
        low = tf.floor(place)
        lows.append(tf.cast(low, tf.int32))
        highs.append(tf.minimum(lows[-1] + 1, size - 1))
        shares.append(place - low)
    row_share, column_share = shares
    taps = (
        (lows[0], lows[1], (1.0 - row_share) * (1.0 - column_share)),
        (lows[0], highs[1], (1.0 - row_share) * column_share),
        (highs[0], lows[1], row_share * (1.0 - column_share)),
        (highs[0], highs[1], row_share * column_share),
    )
    flat = tf.reshape(images, [-1, height * width, channels])
    places = tf.stack([row * width + column for row, column, _ in taps], axis=1)
    weights = tf.cast(tf.stack([weight for *_, weight in taps], axis=1), images.dtype)
    values = tf.gather(flat, tf.reshape(places, [-1, 4 * height * width]), axis=1, batch_dims=1)
    return tf.reduce_sum(weights[..., None] * tf.reshape(values, [-1, 4, height, width, channels]), axis=1)


def _mirrored(place, size):
    """Maps any places to places in [0, size - 1]. The mirrors are at -1/2 and size - 1/2."""
    place = tf.math.floormod(place + 0.5, 2.0 * size)
    place = tf.minimum(place, 2.0 * size - place)
    return tf.clip_by_value(place - 0.5, 0.0, size - 1.0)
