"""Neighbour embedding: samples keep the neighbourhoods of their latents (GN-GAN, Eq. 2 to 6)."""

import tensorflow as tf

_EPSILON = 1e-12


def neighbor_probabilities(points):
    """Symmetric neighbour probabilities under a Student-like kernel (GN-GAN, Eq. 3 and 4).

    p_{j|i} is proportional to 1 / (1 + ||y_j - y_i||^2 / (2 s^2)) over j != i, and p_ij = (p_{i|j} + p_{j|i}) / (2n).
    The paper calls its scale "the variance of all pairwise distances in the minibatch". As printed it would have the
    unit of a distance to the fourth power. Here s^2 is the variance of the n(n-1) distances between different points.
    So the probabilities do not change if all points are scaled. Gradients pass through s.

    Args:
      points: [n, ...], n >= 2.

    Returns:
      [n, n]: symmetric, non-negative, zero diagonal, total 1.
    """
    points = tf.reshape(points, [points.shape[0], -1])
    count = points.shape[0]
    others = 1.0 - tf.eye(count, dtype=points.dtype)
    squared = _squared_distances(points)
    distances = tf.sqrt(squared + _EPSILON) * others
    pairs = count * (count - 1)
    mean = tf.reduce_sum(distances) / pairs
    variance = tf.reduce_sum(tf.square(distances - mean) * others) / pairs
    kernel = others / (1.0 + squared / (2.0 * variance + _EPSILON))
    conditional = kernel / tf.reduce_sum(kernel, axis=1, keepdims=True)
    return (conditional + tf.transpose(conditional)) / (2.0 * count)


def _squared_distances(points):
    """Squared distances [n, n] of points [n, d], by ||x||^2 + ||y||^2 - 2 x.y.

    All differences would take [n, n, d], hundreds of megabytes for images. In float64 the formula is exact enough, and
    so is its gradient at coincident points, which the square root magnifies.
    """
    exact = tf.cast(points, tf.float64)
    exact -= tf.reduce_mean(exact, axis=0)
    norms = tf.reduce_sum(tf.square(exact), axis=1)
    squared = norms[:, None] + norms[None, :] - 2.0 * tf.matmul(exact, exact, transpose_b=True)
    return tf.cast(tf.nn.relu(squared), points.dtype)


def neighbor_embedding(latents, samples):
    """V_R: the Kullback-Leibler divergence between the neighbourhoods of latents and of samples (GN-GAN, Eq. 2).

    It is zero if the map from latents to samples is an isometry up to scale on the batch.

    Args:
      latents: [n, ...].
      samples: [n, ...], sample i generated from latent i.

    Returns:
      A scalar >= 0.
    """
    wanted = neighbor_probabilities(latents)
    found = neighbor_probabilities(samples)
    return tf.reduce_sum(wanted * (tf.math.log(wanted + _EPSILON) - tf.math.log(found + _EPSILON)))
