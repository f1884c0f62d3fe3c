"""Latents and choices for sampling. Row i is a function of (seed, i), for any number of rows."""

from typing import Literal

import tensorflow as tf

from tfgan2.random_numbers import bimodal_of
from tfgan2.ranges import check

_BLOCK = 1024
_ROUNDING = 1e-6
# Prior -> smallest and largest absolute value, and the text of this range.
_SUPPORTS = {
    "normal": (0.0, tf.float32.max, "(-inf, inf)"),
    "uniform": (0.0, 1.0, "[-1, 1]"),
    "bimodal": (0.8, 1.0, "[-1, -0.8] or [0.8, 1]"),
}


Prior = Literal["normal", "uniform", "bimodal"]


def draw(distribution, seed, count, dimension):
    """Latents [count, dimension] of a prior.

    They are drawn in blocks of rows, so that row i depends on (seed, i) alone. The function works in graphs and in
    SavedModels without XLA: `seed` and `count` may be tensors.

    Args:
      distribution: "normal" N(0, I), "uniform" U[-1, 1]^d, or "bimodal" with two modes in each dimension, U[-1, -0.8)
        and U[0.8, 1).
      seed: Integer >= 0.
      count: Number of rows.
      dimension: Dimension of the latents.

    Raises:
      ArgumentError: the distribution is none of these.
    """
    check("prior", Prior, distribution)

    def block(key):
        shape = [_BLOCK, dimension]
        if distribution == "normal":
            return tf.random.stateless_normal(shape, key, alg="philox")
        uniform = tf.random.stateless_uniform(shape, key, -1.0, 1.0, alg="philox")
        return bimodal_of(uniform) if distribution == "bimodal" else uniform

    rows = _blocks(block, seed, count, first=0, spec=tf.TensorSpec([_BLOCK, dimension], tf.float32))
    return tf.reshape(rows, [-1, dimension])[:count]


def check_latents(dimension, latents):
    """Raises ValueError if latents are not finite numbers [n, dimension].

    Latents outside of the prior's range are accepted. The prior does not bound the outputs of an encoder, and the
    generator must decode them in training, reconstruction and interpolation.

    Args:
      dimension: Dimension of the latents.
      latents: A tensor or array.
    """
    latents = tf.cast(latents, tf.float32)
    if latents.shape.rank != 2 or latents.shape[1] != dimension:
        raise ValueError(f"latents have the shape {list(latents.shape)}; the generator takes [count, {dimension}].")
    finite = tf.math.is_finite(latents)
    if not tf.reduce_all(finite):
        row, column = tf.where(~finite)[0]
        raise ValueError(
            f"latents have {float(latents[row, column]):g} in row {int(row)}; give finite numbers of float32."
        )


def outside_the_prior(distribution, latents):
    """Counts the numbers of latents [n, dimension] outside the prior's range, and measures their distance from it.

    Returns:
      A sentence, or None if all numbers are in the range, up to rounding.
    """
    smallest, largest, interval = _SUPPORTS[distribution]
    sizes = tf.abs(tf.cast(latents, tf.float32))
    distances = tf.maximum(tf.maximum(smallest - sizes, sizes - largest), 0.0)
    outside, farthest = int(tf.math.count_nonzero(distances > _ROUNDING)), float(tf.reduce_max(distances))
    if not outside:
        return None
    return (
        f"{outside:,} of {int(tf.size(sizes)):,} latent numbers lie up to {farthest:.3g} outside "
        f"{interval}, the range of the {distribution} prior. In training the generator met such latents only as "
        "outputs of its encoder, if at all."
    )


def draw_choices(seed, count, choices):
    """Choices, int32 [count], uniform over the integers `choices`. The function works where `draw` works."""

    def block(key):
        return tf.random.stateless_uniform([_BLOCK], key, 0, len(choices), tf.int32, alg="philox")

    return tf.gather(tf.constant(choices, tf.int32), _numbers(block, seed, count, tf.int32))


def draw_weighted_choices(seed, count, shares):
    """Choices 0 to k - 1, int32 [count], with the probabilities `shares`, float32 [k]; usable as `draw`."""

    def block(key):
        return tf.random.stateless_uniform([_BLOCK], key, alg="philox")

    bounds = tf.cumsum(shares)
    places = tf.searchsorted(bounds, _numbers(block, seed, count, tf.float32) * bounds[-1], side="right")
    # Rounding can give the last bound itself. It belongs to the last choice with a positive share.
    return tf.minimum(places, tf.cast(tf.reduce_max(tf.where(shares > 0.0)), tf.int32))


def _numbers(block, seed, count, dtype):
    """[count] numbers from blocks. Latents take the keys from 0 up, choices those from -1 down."""
    rows = _blocks(block, seed, count, first=-1, spec=tf.TensorSpec([_BLOCK], dtype))
    return tf.reshape(rows, [-1])[:count]


def _blocks(block, seed, count, *, first, spec):
    """The blocks of rows for `count` rows, [blocks, ...], from the keys (seed, first), (seed, first +- 1), ..."""
    step = 1 if first >= 0 else -1
    places = first + step * tf.range((tf.cast(count, tf.int64) + _BLOCK - 1) // _BLOCK)
    seed = tf.cast(seed, tf.int64)
    return tf.map_fn(lambda place: block(tf.stack([seed, place])), places, fn_output_signature=spec)
