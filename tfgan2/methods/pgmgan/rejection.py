"""Rejection: latents are redrawn until their samples fall into the requested partition."""

import tensorflow as tf

_BLOCK, _IMAGE_BLOCK = 1024, 64  # samples that are generated at once


def redraw(latents, partitions, *, draw, inside, rounds):
    """Redraws the latents of samples outside of their partition, until all are inside or the rounds are over.

    Args:
      latents: Latents of the first round, [n, latent_dim].
      partitions: Requested partitions, int32 [n].
      draw: Number of a round, int64 -> [n, latent_dim].
      inside: (latents, partitions) -> whether each sample falls into its partition, booleans.
      rounds: Largest number of draws of a sample. The latents of the last draw are kept in any case.

    Returns:
      [n, latent_dim]. The rows of different samples do not depend on each other.
    """

    def try_again(round_, latents, outside):
        fresh = tf.gather(draw(round_), outside)
        latents = tf.tensor_scatter_nd_update(latents, outside[:, None], fresh)
        still = tf.logical_not(inside(fresh, tf.gather(partitions, outside)))
        return round_ + 1, latents, tf.boolean_mask(outside, still)

    outside = tf.where(tf.logical_not(inside(latents, partitions)))[:, 0]
    _, latents, _ = tf.while_loop(
        lambda round_, _, outside: tf.logical_and(round_ < rounds, tf.size(outside) > 0),
        try_again,
        (tf.constant(1, tf.int64), latents, outside),
        shape_invariants=(tf.TensorShape([]), latents.shape, tf.TensorShape([None])),
    )
    return latents


def which_are_inside(game, latents, partitions):
    """Whether each sample of a game falls into its partition, booleans [n]. Memory is bounded, also in graphs."""
    count = tf.shape(latents)[0]
    block = _BLOCK if len(game.generator.output_shape) == 2 else _IMAGE_BLOCK

    def judged(first, found):
        rows = slice(first, first + block)
        samples = game.generate((latents[rows], partitions[rows]))
        return first + block, found.write(first // block, game.partition(samples) == partitions[rows])

    blocks = tf.TensorArray(tf.bool, 0, dynamic_size=True, infer_shape=False, element_shape=[None])
    _, blocks = tf.while_loop(lambda first, _: first < count, judged, (0, blocks))
    return blocks.concat()
