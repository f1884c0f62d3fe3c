"""The Inception Score, to be called so only where the probabilities are those of the Inception network."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from tfgan2.errors import InputError
from tfgan2.metrics.inputs import matrix

# How far a row of probabilities may sum from 1: a softmax in float16 over 1,000 classes.
TOLERANCE = 1e-2

_ROWS = 512  # in float64 at a time


class InceptionScore(NamedTuple):
    """Over the splits, each value in [1, K]; std with the divisor `splits`, as the public code has it."""

    mean: float
    std: float


def inception_score(probabilities, *, splits: int = 10, seed: int = 0) -> InceptionScore:
    """exp(mean over x of KL(p(y | x) || mean over x of p(y | x))), by splits (Salimans et al., NeurIPS 2016, Sec. 4).

    1 if no prediction depends on the sample; K if each is certain and all classes are equally frequent. It sees no real
    data and no lack of variety within a class. It grows with the samples of a split: compare equal counts only.

    The samples are shuffled before they are split, so that images saved class by class do not make each split look
    collapsed. Split i of s has the shuffled rows from i n // s to (i + 1) n // s.

    Args:
      probabilities: [n, K], p(y | x) of the samples, in any order.
      splits: From 1 to n. LOGAN and PGMGAN take 10.
      seed: Of the shuffle.

    Raises:
      InputError: probabilities of another rank, empty, not real, not finite, below 0, or with a row that does not sum
        to 1; splits out of range.
    """
    probabilities = matrix("probabilities", probabilities)
    count = len(probabilities)
    sums = probabilities.sum(axis=1, dtype=np.float64)
    if probabilities.min() < 0 or np.abs(sums - 1).max() > TOLERANCE:
        raise InputError(
            f"probabilities go from {probabilities.min():.3g} and rows sum to {sums.min():.3g} to {sums.max():.3g}; "
            "give those of a softmax, not logits"
        )
    if not 1 <= splits <= count:
        raise InputError(f"splits is {splits!r}; with {count} samples give 1 to {count}")
    order = np.random.default_rng(seed).permutation(count)
    bounds = [index * count // splits for index in range(splits + 1)]
    scores = [_score(probabilities, order[start:end], sums) for start, end in pairwise(bounds)]
    return InceptionScore(float(np.mean(scores)), float(np.std(scores)))


def _score(probabilities, rows, sums):
    """exp(entropy of the mean - mean of the entropies) of some rows, each divided by its sum."""
    total, negative_entropy = np.zeros(probabilities.shape[1]), 0.0
    for start in range(0, len(rows), _ROWS):
        chosen = rows[start : start + _ROWS]
        block = probabilities[chosen] / sums[chosen, None]
        total += block.sum(axis=0)
        negative_entropy += _plogp(block)
    mean = total / len(rows)
    # A KL is not negative; rounding can make it -1e-17.
    return np.exp(max(0.0, negative_entropy / len(rows) - _plogp(mean)))


def _plogp(shares):
    """Sum of p log p, 0 for p = 0."""
    return np.vdot(shares, np.log(np.maximum(shares, np.finfo(np.float64).tiny)))
