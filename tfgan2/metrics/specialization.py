"""Specialization: how much the generators of a mixture differ in the modes that they generate."""

import itertools
import math

import numpy as np

from tfgan2.errors import InputError
from tfgan2.metrics.inputs import numbers


def specialization(counts) -> float:
    """Jensen-Shannon divergence between the generators' histograms over the modes, averaged over pairs of generators.

    It is 0 if all generators have the same histogram, and log 2 if no two generators share a mode. A generator without
    a sample at any mode is ignored. With fewer than two remaining generators the value is 0.

    Args:
      counts: [generators, modes], the number of samples of each generator at each mode.

    Returns:
      A number in [0, log 2], in nats.

    Raises:
      InputError: The counts are not a matrix, or are empty, negative, not real, or not finite.
    """
    counts = numbers("counts", counts).astype(np.float64)
    if counts.ndim != 2 or counts.size == 0 or not np.isfinite(counts).all() or (counts < 0).any():
        raise InputError(
            f"counts have shape {counts.shape}; they must be finite numbers >= 0 of shape [generators, modes]."
        )
    histograms = [row / row.sum() for row in counts if row.any()]
    pairs = list(itertools.combinations(histograms, 2))
    return float(np.mean([_divergence(*pair) for pair in pairs])) if pairs else 0.0


def _divergence(first, second):
    middle = (first + second) / 2
    return min(math.log(2), sum(_kl(one, middle) for one in (first, second)) / 2)


def _kl(one, other):
    present = one > 0
    return float(np.sum(one[present] * np.log(one[present] / other[present])))
