"""How far the generators of a mixture have shared the modes among them."""

import itertools
import math

import numpy as np

from tfgan2.errors import InputError
from tfgan2.metrics.inputs import numbers


def specialization(counts) -> float:
    """The mean over pairs of generators of the Jensen-Shannon divergence between their histograms over the modes.

    In nats: 0 where all make the same modes alike, log 2 where no two share one. Generators without any sample at a
    mode do not count; of fewer than two others it is 0.

    Args:
      counts: [generators, modes], samples of each generator at each mode, at least 0.

    Raises:
      InputError: the counts are no matrix, empty, negative, not real or not finite.
    """
    counts = numbers("counts", counts).astype(np.float64)
    if counts.ndim != 2 or counts.size == 0 or not np.isfinite(counts).all() or (counts < 0).any():
        raise InputError("the counts of a mixture must be numbers of at least 0, [generators, modes].")
    histograms = [row / row.sum() for row in counts if row.any()]
    pairs = list(itertools.combinations(histograms, 2))
    return float(np.mean([_divergence(*pair) for pair in pairs])) if pairs else 0.0


def _divergence(first, second):
    middle = (first + second) / 2
    return min(math.log(2), sum(_kl(one, middle) for one in (first, second)) / 2)


def _kl(one, other):
    present = one > 0
    return float(np.sum(one[present] * np.log(one[present] / other[present])))
