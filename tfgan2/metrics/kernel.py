"""The kernel distance of two sets of features: KID where the features are those of the Inception network."""

from typing import NamedTuple

import numpy as np

from tfgan2.errors import InputError
from tfgan2.metrics.checks import matrices


class KernelDistance(NamedTuple):
    """Over subsets of the features.

    Attributes:
      mean: Unbiased, so around 0 and often below it for equal laws. Printed tables often show it times 1,000.
      std: Over the subsets, divisor their number. It is that of one subset, not the standard error of the mean.
    """

    mean: float
    std: float


def kernel_distance(features, other, *, subsets: int = 100, subset_size: int = 1000, seed: int = 0) -> KernelDistance:
    """Squared maximum mean discrepancy with k(x, y) = (x.y / d + 1)^3 (Bińkowski et al., ICLR 2018, Sec. 4).

    Of subsets X and Y of m features each, drawn without replacement:
    sum over i != j of [k(x_i, x_j) + k(y_i, y_j)] / (m (m - 1)) - 2 sum over i, j of k(x_i, y_j) / m^2.
    Its expectation does not depend on m. `subsets=1` with m the count of equally many features is the estimate by all.

    Args:
      features: [n, d].
      other: [n', d].
      subsets: How many, at least 1.
      subset_size: m, from 2 to the smaller of n and n'.
      seed: Of the choice of subsets.

    Raises:
      InputError: features of another rank, fewer than 2, of different dimensions, or not finite; sizes out of range.
    """
    features, other = matrices(2, features=features, other_features=other)
    if subsets < 1:
        raise InputError(f"subsets is {subsets!r}; give at least 1")
    most = min(len(features), len(other))
    if not 2 <= subset_size <= most:
        raise InputError(
            f"subset_size is {subset_size!r}; with {len(features)} and {len(other)} features give 2 to {most}"
        )
    random = np.random.default_rng(seed)
    distances = [
        _unbiased(*(random.choice(rows, subset_size, replace=False) for rows in (features, other)))
        for _ in range(subsets)
    ]
    return KernelDistance(float(np.mean(distances)), float(np.std(distances)))


def _unbiased(features, other):
    count = len(features)
    within = sum((kernel.sum() - kernel.trace()) / (count * (count - 1)) for kernel in map(_kernel, (features, other)))
    return within - 2 * _kernel(features, other).mean()


def _kernel(features, other=None):
    affine = features @ (features if other is None else other).T / features.shape[1] + 1
    return affine * affine * affine  # NumPy's power takes ten times as long
