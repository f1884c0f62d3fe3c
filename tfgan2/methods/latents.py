"""Latents and choices for sampling: row i is a function of (seed, i), whatever the number of rows."""

import tensorflow as tf

_BLOCK = 1024


def draw(law, seed, count, dimension):
    """[count, dimension] latents, drawn in blocks of rows so that row i depends on (seed, i) alone.

    Works in graphs and in XLA-free SavedModels: `seed` and `count` may be tensors.

    Args:
      law: "normal" for N(0, I), "uniform" for U[-1, 1]^d.
      seed: integer >= 0.
      count: number of rows.
      dimension: of the latents.

    Raises:
      ValueError: the law is another.
    """
    if law not in ("normal", "uniform"):
        raise ValueError(f"the law of the latents is {law!r}; it must be normal or uniform.")

    def block(key):
        shape = [_BLOCK, dimension]
        if law == "normal":
            return tf.random.stateless_normal(shape, key, alg="philox")
        return tf.random.stateless_uniform(shape, key, -1.0, 1.0, alg="philox")

    rows = _blocks(block, seed, count, first=0, spec=tf.TensorSpec([_BLOCK, dimension], tf.float32))
    return tf.reshape(rows, [-1, dimension])[:count]


def draw_choices(seed, count, choices):
    """[count] int32: each of the `choices`, integers, with the same probability. Works where `draw` does."""

    def block(key):
        return tf.random.stateless_uniform([_BLOCK], key, 0, len(choices), tf.int32, alg="philox")

    # Latents take the keys from 0 up, choices those from -1 down.
    places = tf.reshape(_blocks(block, seed, count, first=-1, spec=tf.TensorSpec([_BLOCK], tf.int32)), [-1])[:count]
    return tf.gather(tf.constant(choices, tf.int32), places)


def _blocks(block, seed, count, *, first, spec):
    """As many blocks of rows as `count` takes, [blocks, ...], made of the keys (seed, first), one further each time."""
    step = 1 if first >= 0 else -1
    places = first + step * tf.range((tf.cast(count, tf.int64) + _BLOCK - 1) // _BLOCK)
    seed = tf.cast(seed, tf.int64)
    return tf.map_fn(lambda place: block(tf.stack([seed, place])), places, fn_output_signature=spec)
