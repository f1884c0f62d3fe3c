"""What a stage has to know of the samples before it starts, as arrays that can be kept."""

from typing import Annotated

from tfgan2.data.neighbors import nearest_neighbors, pseudo_labels
from tfgan2.ranges import Count, In


def pairs(embed, seed, partitions, *, neighbors: Annotated[int, In("[1, 4096]")] = 20):
    """The nearest neighbours of each sample, of which a batch holds one, drawn anew each time.

    Args:
      embed: called without arguments, gives the samples' embeddings, float32 [n, d].
      seed: of the run.
      partitions: how many parts there are to be.
      neighbors: Draw the neighbour of a sample from this many nearest ones.

    Returns:
      {"neighbors": int32 [n, neighbors]}, numbers of samples.
    """
    return {"neighbors": nearest_neighbors(embed(), neighbors)}


def clusters(embed, seed, partitions, *, n_init: Count = 100, max_iter: Count = 3000):
    """The clusters of k-means.

    Args:
      embed: called without arguments, gives the samples' embeddings, float32 [n, d].
      seed: of the run.
      partitions: how many parts there are to be.
      n_init: Start k-means this many times and take the best result.
      max_iter: Stop each start of k-means after this many rounds.

    Returns:
      {"labels": int32 [n]}.
    """
    return {"labels": pseudo_labels(embed(), partitions, seed, n_init=n_init, max_iter=max_iter)}


def nothing(embed, seed, partitions):
    """Nothing: the stage learns from the samples alone."""
    return {}
