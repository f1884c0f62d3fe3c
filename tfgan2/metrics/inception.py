"""The Inception Score. The name is right only for probabilities of the Inception network."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from tfgan2.errors import ArgumentError, InputError
from tfgan2.metrics.inputs import matrix

# Largest difference of the sum of a row from 1. A softmax in float16 over 1,000 classes stays within it.
TOLERANCE = 1e-2

_ROWS = 512  # Rows in float64 at a time.


class InceptionScore(NamedTuple):
    """Mean and standard deviation over the splits.

    Attributes:
      mean: In [1, K].
      std: At least 0, with divisor `splits`, as in the public code.
    """

    mean: float
    std: float


def inception_score(probabilities, *, splits: int = 10, seed: int = 0) -> InceptionScore:
    """Inception Score (Salimans et al., NeurIPS 2016, Sec. 4).

    The score of a split is exp(mean over x of KL(p(y | x) || p(y))), where p(y) is the mean of p(y | x) over the split.
    It is 1 if no prediction depends on the sample. It is K if each prediction is certain and all classes are equally
    frequent. The score ignores the real data, and it does not measure variety within a class. It grows with the number
    of samples in a split, so compare equal numbers only.

    The samples are shuffled before they are split. Otherwise images saved class by class would make each split look
    collapsed. Split i of s has the shuffled rows i n // s to (i + 1) n // s - 1.

    Args:
      probabilities: [n, K], p(y | x) of each sample. The order of the samples does not matter.
      splits: Number of splits, from 1 to n. LOGAN and PGMGAN use 10.
      seed: Seed of the shuffle.

    Returns:
      An InceptionScore.

    Raises:
      InputError: The probabilities have another rank, are empty, not real, not finite or below 0, or a row does not sum
        to 1. `splits` is outside [1, n].
    """
    probabilities = matrix("probabilities", probabilities)
    count = len(probabilities)
    sums = probabilities.sum(axis=1, dtype=np.float64)
    if probabilities.min() < 0 or np.abs(sums - 1).max() > TOLERANCE:
        raise InputError(
            f"probabilities are at least {probabilities.min():.3g}, with row sums in [{sums.min():.3g}, "
            f"{sums.max():.3g}]; they must be at least 0, with row sums of 1. Try the softmax of the logits."
        )
    if not 1 <= splits <= count:
        raise ArgumentError("splits", splits, f"in [1, {count}] for {count} samples")
    order = np.random.default_rng(seed).permutation(count)
    bounds = [index * count // splits for index in range(splits + 1)]
    scores = [_score(probabilities, order[start:end], sums) for start, end in pairwise(bounds)]
    return InceptionScore(float(np.mean(scores)), float(np.std(scores)))


def _score(probabilities, rows, sums):
    """exp(entropy of the mean - mean of the entropies) of the chosen rows, after division by their sums."""
    total, negative_entropy = np.zeros(probabilities.shape[1]), 0.0
    for start in range(0, len(rows), _ROWS):
        chosen = rows[start : start + _ROWS]
        block = probabilities[chosen] / sums[chosen, None]
        total += block.sum(axis=0)
        negative_entropy += _plogp(block)
    mean = total / len(rows)
    # A KL divergence is at least 0, but rounding errors can give -1e-17.
    return np.exp(max(0.0, negative_entropy / len(rows) - _plogp(mean)))


def _plogp(shares):
    """Sum of p log p, where the term of p = 0 is 0."""
    return np.vdot(shares, np.log(np.maximum(shares, np.finfo(np.float64).tiny)))
