"""Latents and choices for sampling: row i is a function of (seed, i), whatever the number of rows."""

import tensorflow as tf

from tfgan2.random_numbers import mixture_of

_BLOCK = 1024
_ROUNDING = 1e-6
# Law -> smallest and largest absolute value, and what that makes.
_SUPPORTS = {
    "normal": (0.0, tf.float32.max, "(-inf, inf)"),
    "uniform": (0.0, 1.0, "[-1, 1]"),
    "mixture": (0.8, 1.0, "[-1, -0.8] or [0.8, 1]"),
}


def draw(law, seed, count, dimension):
    """[count, dimension] latents, drawn in blocks of rows so that row i depends on (seed, i) alone.

    Works in graphs and in XLA-free SavedModels: `seed` and `count` may be tensors.

    Args:
      law: "normal" for N(0, I), "uniform" for U[-1, 1]^d, "mixture" for the one of two modes in each dimension,
        U[-1, -0.8) or U[0.8, 1).
      seed: integer >= 0.
      count: number of rows.
      dimension: of the latents.

    Raises:
      ValueError: the law is another.
    """
    if law not in _SUPPORTS:
        raise ValueError(f"the law of the latents is {law!r}; it must be one of {', '.join(_SUPPORTS)}.")

    def block(key):
        shape = [_BLOCK, dimension]
        if law == "normal":
            return tf.random.stateless_normal(shape, key, alg="philox")
        uniform = tf.random.stateless_uniform(shape, key, -1.0, 1.0, alg="philox")
        return mixture_of(uniform) if law == "mixture" else uniform

    rows = _blocks(block, seed, count, first=0, spec=tf.TensorSpec([_BLOCK, dimension], tf.float32))
    return tf.reshape(rows, [-1, dimension])[:count]


def check_latents(law, dimension, latents):
    """Raises ValueError if latents are not finite numbers [n, dimension] that their law can draw.

    Args:
      law: of `draw`.
      dimension: of the latents.
      latents: a tensor or array.
    """
    latents = tf.convert_to_tensor(latents, tf.float32)
    if latents.shape.rank != 2 or latents.shape[1] != dimension:
        raise ValueError(f"latents have the shape {list(latents.shape)}; the generator takes [count, {dimension}].")
    inside = within(law, latents)
    if not tf.reduce_all(inside):
        row, column = tf.where(~inside)[0]
        raise ValueError(
            f"latents have {float(latents[row, column]):g} in row {int(row)}; their law is {law}, so all numbers must "
            f"be in {interval_of(law)}: clip them, as the generator has not learnt what lies outside."
        )


def within(law, latents):
    """Of each number whether the law can draw it, up to rounding; not a number is in no interval. Works in graphs."""
    smallest, largest, _ = _SUPPORTS[law]
    sizes = tf.abs(latents)
    return (sizes >= smallest - _ROUNDING) & (sizes <= largest + _ROUNDING)


def interval_of(law):
    """Where the numbers are that a law draws, in words."""
    return _SUPPORTS[law][2]


def draw_choices(seed, count, choices):
    """[count] int32: each of the `choices`, integers, with the same probability. Works where `draw` does."""

    def block(key):
        return tf.random.stateless_uniform([_BLOCK], key, 0, len(choices), tf.int32, alg="philox")

    return tf.gather(tf.constant(choices, tf.int32), _numbers(block, seed, count, tf.int32))


def draw_weighted_choices(seed, count, shares):
    """[count] int32: each of 0 to k - 1 as probable as its share, float32 [k] of sum 1. Works where `draw` does."""

    def block(key):
        return tf.random.stateless_uniform([_BLOCK], key, alg="philox")

    bounds = tf.cumsum(shares)
    places = tf.searchsorted(bounds, _numbers(block, seed, count, tf.float32) * bounds[-1], side="right")
    # Rounding may give the last bound itself, which belongs to the last that has a share.
    return tf.minimum(places, tf.cast(tf.reduce_max(tf.where(shares > 0.0)), tf.int32))


def _numbers(block, seed, count, dtype):
    """[count] numbers of blocks; latents take the keys from 0 up, choices those from -1 down."""
    rows = _blocks(block, seed, count, first=-1, spec=tf.TensorSpec([_BLOCK], dtype))
    return tf.reshape(rows, [-1])[:count]


def _blocks(block, seed, count, *, first, spec):
    """As many blocks of rows as `count` takes, [blocks, ...], made of the keys (seed, first), one further each time."""
    step = 1 if first >= 0 else -1
    places = first + step * tf.range((tf.cast(count, tf.int64) + _BLOCK - 1) // _BLOCK)
    seed = tf.cast(seed, tf.int64)
    return tf.map_fn(lambda place: block(tf.stack([seed, place])), places, fn_output_signature=spec)
