"""The contrastive loss. It makes the two views of an image the most similar ones in a batch."""

import tensorflow as tf

_NEVER = -1e9  # a logit of softmax probability 0


def contrastive(first, second, *, temperature):
    """NT-Xent, the normalized temperature-scaled cross-entropy (SimCLR, ICML 2020; the negative of PGMGAN's Eq. 4).

    Of 2n views z, z_i and z_j(i) show one image. With s, the cosine of the angle between two views, the loss is
      -1/(2n) sum_i log(exp(s(z_i, z_j(i)) / T) / sum_{k != i} exp(s(z_i, z_k) / T)).

    Each view is compared with all others of the batch. So the loss of a batch is not the mean of the losses of its
    parts, and under several replicas each compares its own views alone.

    Args:
      first, second: Embeddings [n, d] of two views of n images, of any length but 0.
      temperature: T, above 0.

    Returns:
      (loss, accuracy), scalars. A view is accurate if its most similar view shows the same image; the accuracy is the
      share of such views.
    """
    count = first.shape[0]
    views = tf.math.l2_normalize(tf.concat([first, second], axis=0), axis=1)
    logits = tf.matmul(views, views, transpose_b=True) / temperature
    logits = tf.linalg.set_diag(logits, tf.fill([2 * count], tf.constant(_NEVER, logits.dtype)))
    partners = tf.roll(tf.range(2 * count), count, axis=0)
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(partners, logits))
    found = tf.argmax(logits, axis=1, output_type=tf.int32)
    return loss, tf.reduce_mean(tf.cast(found == partners, tf.float32))
