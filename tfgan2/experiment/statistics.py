"""Statistics of a score over the runs of a row, which differ in their seed."""

import math
from typing import NamedTuple

import numpy as np
import scipy.stats


class Summary(NamedTuple):
    """The values of a score over several runs.

    Attributes:
      values: The values, floats [n].
      mean: Their mean.
      std: Their standard deviation with the divisor n - 1, or None for a single run.
    """

    values: tuple[float, ...]
    mean: float
    std: float | None

    def text(self, digits):
        """Returns "mean ± standard deviation" with a number of decimals."""
        return f"{self.mean:.{digits}f}" + (f" ± {self.std:.{digits}f}" if self.std is not None else "")


def summary(values):
    """Returns the `Summary` of one value or more."""
    std = float(np.std(values, ddof=1)) if len(values) > 1 else None
    return Summary(tuple(map(float, values)), float(np.mean(values)), std)


def decimals(values):
    """Returns the number of decimals with which the largest of some values has four digits or so."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    return int(np.clip(3 - math.floor(math.log10(largest)), 0, 6)) if largest > 0 else 2


def rank_test(values, others):
    """Returns p of the two-sided Mann-Whitney U test of two groups of runs, which need not have equal seeds.

    p is the probability of ranks that differ at least as much if both groups have one distribution. It is exact up to
    8 runs without ties (Mann and Whitney, 1947).

    Args:
      values, others: The values of the two groups.

    Returns:
      p in [0, 1], or None if a group has less than 2 runs or a value that is not finite.
    """
    groups = np.asarray(values, float), np.asarray(others, float)
    if min(map(len, groups)) < 2 or not all(np.isfinite(group).all() for group in groups):
        return None
    if np.ptp(np.concatenate(groups)) == 0:
        return 1.0
    return float(scipy.stats.mannwhitneyu(*groups, alternative="two-sided").pvalue)


def smallest_p(count, other_count):
    """Returns the smallest p that `rank_test` can have for two numbers of runs without ties."""
    return 2 / math.comb(count + other_count, count)
