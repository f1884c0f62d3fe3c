"""Single computations: the costliest score, and the graph of neighbours that PGMGAN's partitioner learns from."""

import numpy as np

from tfgan2.data.neighbors import nearest_neighbors
from tfgan2.metrics.frechet import frechet_distance_of_features


def scores():
    """The Frechet distance of two sets of features."""
    features = [_normal(50_000, 2048, seed) for seed in (0, 1)]
    return "Frechet distance, 50,000 x 2,048", lambda: frechet_distance_of_features(*features)


def neighbors():
    """The graph that PGMGAN's partitioner learns from."""
    embeddings = _normal(100_000, 128)
    return "20 nearest neighbours, 100,000 x 128", lambda: nearest_neighbors(embeddings, 20)


def _normal(count, dimensions, seed=0):
    return np.random.default_rng(seed).standard_normal((count, dimensions), np.float32)


ONCE = {"scores": scores, "neighbors": neighbors}
