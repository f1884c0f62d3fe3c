"""The Inception Score, to be called so only where the probabilities are those of the Inception network."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy.special import rel_entr

from tfgan2.errors import InputError
from tfgan2.metrics.checks import matrix

# How far a row of probabilities may sum from 1: a softmax in float16 over 1,000 classes.
TOLERANCE = 1e-2


class InceptionScore(NamedTuple):
    """Over the splits, each value in [1, K]; std with the divisor `splits`, as the public code has it."""

    mean: float
    std: float


def inception_score(probabilities, *, splits: int = 10) -> InceptionScore:
    """exp(mean over x of KL(p(y | x) || mean over x of p(y | x))), by splits (Salimans et al., NeurIPS 2016, Sec. 4).

    1 if no prediction depends on the sample; K if each is certain and all classes are equally frequent. It sees no real
    data and no lack of variety within a class. It grows with the samples of a split: compare equal counts only.

    Args:
      probabilities: [n, K], p(y | x) of the samples in random order. Split i of s has the rows from i n // s to
        (i + 1) n // s, so samples ordered by class would make each split look collapsed.
      splits: From 1 to n. LOGAN and PGMGAN take 10.

    Raises:
      InputError: probabilities of another rank, empty, not finite, below 0, or with a row that does not sum to 1;
        splits out of range.
    """
    probabilities = matrix("probabilities", probabilities)
    sums = probabilities.sum(axis=1)
    if (probabilities < 0).any() or np.abs(sums - 1).max() > TOLERANCE:
        raise InputError(
            f"probabilities go from {probabilities.min():.3g} and rows sum to {sums.min():.3g} to {sums.max():.3g}; "
            "give those of a softmax, not logits"
        )
    probabilities = probabilities / sums[:, None]
    count = len(probabilities)
    if not 1 <= splits <= count:
        raise InputError(f"splits is {splits!r}; with {count} samples give 1 to {count}")
    bounds = [index * count // splits for index in range(splits + 1)]
    scores = [_score(probabilities[start:end]) for start, end in pairwise(bounds)]
    return InceptionScore(float(np.mean(scores)), float(np.std(scores)))


def _score(probabilities):
    # A KL is not negative; rounding can make it -1e-17.
    return np.exp(max(0.0, rel_entr(probabilities, probabilities.mean(axis=0)).sum(axis=1).mean()))
