"""The kernel distance of two sets of features. It is the KID for features of the Inception network."""

from typing import NamedTuple

import numpy as np

from tfgan2.errors import ArgumentError
from tfgan2.metrics.inputs import matrices

_ROWS = 1024  # Rows and columns of a block of kernel values, 4 MiB in float32.


class KernelDistance(NamedTuple):
    """An estimate of the squared maximum mean discrepancy.

    Attributes:
      mean: The unbiased estimate. For equal distributions it is around 0 and often negative. Papers often print it
        times 1,000.
      standard_error: Standard error of the mean due to the choice of both sets and of the subsets. Papers print the
        standard deviation over the subsets instead. That value describes a single subset and is larger.
    """

    mean: float
    standard_error: float


class _Terms(NamedTuple):
    """The estimate from subsets X and Y, and the terms of its variance.

    Attributes:
      mean: The estimate.
      linear: [2], the variance of g(x) = E k(x, X) - E k(x, Y) over X, and of the same with both sets exchanged over Y.
      quadratic: [3], mean squares of the doubly centred kernel within X, within Y, and between X and Y.
    """

    mean: float
    linear: np.ndarray
    quadratic: np.ndarray


def kernel_distance(features, other, *, subsets: int = 100, subset_size: int = 1000, seed: int = 0) -> KernelDistance:
    """Squared maximum mean discrepancy with k(x, y) = (x.y / d + 1)^3 (Bińkowski et al., ICLR 2018, Sec. 4).

    For sets X and Y of m and m' features the estimate is the sum of three terms:
    the sum over i != j of k(x_i, x_j) / (m (m - 1)), the same for Y, and -2 sum over i, j of k(x_i, y_j) / (m m').
    Its expectation does not depend on m and m'.

    Normally X and Y are all features. For large sets, the estimate is the mean over random subsets, each drawn without
    replacement. A set is large if all features have more pairs than `subsets` subsets of `subset_size` features. By
    default this is above 10,000 features.

    The standard error follows from the Hoeffding decomposition. It splits the estimate into uncorrelated terms that are
    linear in the features (2/m sum of g(x_i), and the same for Y) or quadratic (sums of the doubly centred kernel). The
    variance of each term is estimated without bias. So the standard error is right for equal distributions, too, where
    the linear terms vanish.

    Args:
      features: [n, d]. The kernel of float32 features is computed in float32 and summed in float64.
      other: [n', d].
      subsets: Number of subsets for large sets, at least 1.
      subset_size: Features in a subset, at least 2. A smaller set is used as a whole.
      seed: Seed of the choice of subsets.

    Returns:
      A KernelDistance.

    Raises:
      InputError: The features have another rank, fewer than 2 rows, different dimensions, or values that are not real
        or not finite. `subsets` or `subset_size` is too small.
    """
    features, other = matrices(2, features=features, other_features=other)
    for name, value, minimum in (("subsets", subsets, 1), ("subset_size", subset_size, 2)):
        if value < minimum:
            raise ArgumentError(name, value, f"at least {minimum}")
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
        """Variance of the mean over the subsets, divided by the variance of one pair's term.

        Subsets share pairs, so the variance of the mean cannot fall below that of all pairs.
        """
        return 1 / (subsets * pairs) + (1 - 1 / subsets) / all_pairs

    variance = 4 * np.sum(linear * per_term(sizes, counts))
    variance += 2 * np.sum(quadratic[:2] * per_term(sizes * (sizes - 1), counts * (counts - 1)))
    variance += 4 * quadratic[2] * per_term(sizes.prod(), counts.prod())
    return KernelDistance(float(mean), float(np.sqrt(variance)))


def _terms(features, other):
    # A constant subtracted from all kernel values changes no term. This constant brings them near 0, so that their
    # squares lose no digits.
    means = (rows.mean(axis=0, dtype=np.float64) for rows in (features, other))
    middle = (np.dot(*means) / features.shape[1] + 1) ** 3
    m, n = len(features), len(other)
    of_features, centred = _within(features, middle)
    of_other, other_centred = _within(other, middle)
    across, other_across, both_centred = _across(features, other, middle)
    mean = of_features.mean() + of_other.mean() - across.mean() - other_across.mean()
    linear = np.array([np.var(of_features - across, ddof=1), np.var(of_other - other_across, ddof=1)])
    # Each mean is over finitely many kernel values, which adds to its variance.
    linear -= np.array([centred / (m - 1) + both_centred / n, other_centred / (n - 1) + both_centred / m])
    return _Terms(mean, np.maximum(linear, 0), np.array([centred, other_centred, both_centred]))


def _within(features, middle):
    """Mean kernel of each feature with the other features [m], and the mean square of the doubly centred kernel."""
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
        return sums / (m - 1), 0.0  # The m values of a_i below fit all m (m - 1) / 2 pairs exactly.
    fitted = (sums - sums.sum() / (2 * (m - 1))) / (m - 2)  # a_i that minimise the sum of (k_ij - a_i - a_j)^2.
    return sums / (m - 1), max(0.0, square - 2 * fitted @ sums) / (m * (m - 3))


def _across(features, other, middle):
    """Mean kernel of each feature with all other features [m], the reverse [n], and the mean square as in `_within`."""
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
    block *= block * block  # `block**3` takes ten times as long.
    block -= block.dtype.type(middle)
    return block
