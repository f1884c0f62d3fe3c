"""The kernel distance of two sets of features: KID where the features are those of the Inception network."""

from typing import NamedTuple

import numpy as np

from tfgan2.errors import InputError
from tfgan2.metrics.inputs import matrices

_ROWS = 1024  # of a block of kernels: 4 MiB of float32


class KernelDistance(NamedTuple):
    """An estimate of the squared maximum mean discrepancy.

    Attributes:
      mean: Unbiased, so around 0 and often below it for equal distributions. Printed tables often show it times 1,000.
      standard_error: Of the mean, due to the choice of both sets and of the subsets. Papers print the deviation over
        the subsets instead, which is that of a single subset and larger.
    """

    mean: float
    standard_error: float


class _Terms(NamedTuple):
    """What subsets X [m] and Y [m'] give.

    Attributes:
      mean: The estimate.
      linear: Variances of g(x) = E k(x, X) - E k(x, Y) and of the same for y: [2].
      quadratic: Mean squares of the doubly centred kernels within X, within Y and across: [3].
    """

    mean: float
    linear: np.ndarray
    quadratic: np.ndarray


def kernel_distance(features, other, *, subsets: int = 100, subset_size: int = 1000, seed: int = 0) -> KernelDistance:
    """Squared maximum mean discrepancy with k(x, y) = (x.y / d + 1)^3 (Bińkowski et al., ICLR 2018, Sec. 4).

    Of X and Y with m and m' features,
    sum over i != j of k(x_i, x_j) / (m (m - 1)) + the same of Y - 2 sum over i, j of k(x_i, y_j) / (m m').
    Its expectation does not depend on m and m'. X and Y are all features where these have no more pairs than `subsets`
    subsets of `subset_size` have, as up to 10,000 features do by default: this takes no longer and varies less. Else
    the estimate is the mean over random subsets, each drawn without replacement.

    The standard error follows from the Hoeffding decomposition of the estimate into uncorrelated terms, linear in the
    features (2/n sum of g(x_i), and of Y) and quadratic (sums of doubly centred kernels); the variance of each is
    estimated without bias. So it holds for equal distributions, too, where the linear terms vanish.

    Args:
      features: [n, d]. float32 features are compared in float32, and their kernels are added in float64.
      other: [n', d].
      subsets: Most subsets, at least 1.
      subset_size: Features of a subset, at least 2; a smaller set is taken whole.
      seed: Of the choice of subsets.

    Raises:
      InputError: features of another rank, fewer than 2, of different dimensions, not real, or not finite; numbers
        below these.
    """
    features, other = matrices(2, features=features, other_features=other)
    for name, value, least in (("subsets", subsets, 1), ("subset_size", subset_size, 2)):
        if value < least:
            raise InputError(f"{name} is {value!r}; give at least {least}")
    counts = np.array([len(features), len(other)])
    if np.sum(counts**2) <= 2 * subsets * subset_size**2:
        subsets, sizes, found = 1, counts, [_terms(features, other)]
    else:
        sizes = np.minimum(counts, subset_size)
        random = np.random.default_rng(seed)
        found = [
            _terms(
                *(random.choice(rows, size, replace=False) for rows, size in zip((features, other), sizes, strict=True))
            )
            for _ in range(subsets)
        ]
    mean, linear, quadratic = (np.mean(part, axis=0) for part in zip(*found, strict=True))

    def per_term(pairs, all_pairs):
        """Variance of the mean over the subsets in units of that of a term: what they share is not averaged out."""
        return 1 / (subsets * pairs) + (1 - 1 / subsets) / all_pairs

    variance = 4 * np.sum(linear * per_term(sizes, counts))
    variance += 2 * np.sum(quadratic[:2] * per_term(sizes * (sizes - 1), counts * (counts - 1)))
    variance += 4 * quadratic[2] * per_term(sizes.prod(), counts.prod())
    return KernelDistance(float(mean), float(np.sqrt(variance)))


def _terms(features, other):
    # A constant in all kernels changes no term. With this one they are around 0 and lose no digits when squared.
    means = (rows.mean(axis=0, dtype=np.float64) for rows in (features, other))
    middle = (np.dot(*means) / features.shape[1] + 1) ** 3
    m, n = len(features), len(other)
    of_features, centred = _within(features, middle)
    of_other, other_centred = _within(other, middle)
    across, other_across, both_centred = _across(features, other, middle)
    mean = of_features.mean() + of_other.mean() - across.mean() - other_across.mean()
    linear = np.array([np.var(of_features - across, ddof=1), np.var(of_other - other_across, ddof=1)])
    # The means are over finitely many kernels, which adds to their variance.
    linear -= np.array([centred / (m - 1) + both_centred / n, other_centred / (n - 1) + both_centred / m])
    return _Terms(mean, np.maximum(linear, 0), np.array([centred, other_centred, both_centred]))


def _within(features, middle):
    """Mean kernel of each feature with the others [m], and the mean square of what these leave unexplained."""
    m = len(features)
    sums, square = np.zeros(m), 0.0
    for start in range(0, m, _ROWS):
        rows = slice(start, start + _ROWS)
        block = _kernels(features[rows], features[rows], middle)
        np.fill_diagonal(block, 0)
        sums[rows] += block.sum(axis=1, dtype=np.float64)
        square += float(np.vdot(block, block))
        for later in range(start + _ROWS, m, _ROWS):
            columns = slice(later, later + _ROWS)
            block = _kernels(features[rows], features[columns], middle)
            sums[rows] += block.sum(axis=1, dtype=np.float64)
            sums[columns] += block.sum(axis=0, dtype=np.float64)
            square += 2 * float(np.vdot(block, block))
    if m <= 3:
        return sums / (m - 1), 0.0  # m numbers explain the kernels of m (m - 1) / 2 pairs
    fitted = (sums - sums.sum() / (2 * (m - 1))) / (m - 2)  # a_i of the least squares of k_ij - a_i - a_j
    return sums / (m - 1), max(0.0, square - 2 * fitted @ sums) / (m * (m - 3))


def _across(features, other, middle):
    """Mean kernel of each feature with all others [m], of each other [n], and the mean square as in `_within`."""
    m, n = len(features), len(other)
    sums, other_sums, square = np.zeros(m), np.zeros(n), 0.0
    for start in range(0, m, _ROWS):
        rows = slice(start, start + _ROWS)
        for other_start in range(0, n, _ROWS):
            columns = slice(other_start, other_start + _ROWS)
            block = _kernels(features[rows], other[columns], middle)
            sums[rows] += block.sum(axis=1, dtype=np.float64)
            other_sums[columns] += block.sum(axis=0, dtype=np.float64)
            square += float(np.vdot(block, block))
    explained = sums @ sums / n + other_sums @ other_sums / m - sums.sum() ** 2 / (m * n)
    return sums / n, other_sums / m, max(0.0, square - explained) / ((m - 1) * (n - 1))


def _kernels(features, other, middle):
    block = features @ other.T
    block /= features.shape[1]
    block += 1
    block *= block * block  # NumPy's power takes ten times as long
    block -= block.dtype.type(middle)
    return block
