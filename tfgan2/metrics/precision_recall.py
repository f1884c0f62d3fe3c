"""Improved precision and recall: shares of each set that lie in the estimated support of the other."""

from typing import NamedTuple

import numpy as np

from tfgan2.metrics.distances import Sets, neighbor_distances
from tfgan2.metrics.inputs import matrices


class PrecisionRecall(NamedTuple):
    """Both in [0, 1].

    Attributes:
      precision: Share of generated samples in the support of the real ones: how good they are.
      recall: Share of real samples in the support of the generated ones: how much they cover. Near 0 for a collapsed
        generator.
    """

    precision: float
    recall: float


def precision_recall(*, real, generated, k: int = 3) -> PrecisionRecall:
    """Precision and recall by k-nearest-neighbour balls (Kynkäänniemi et al., NeurIPS 2019, Eq. 1 and 2).

    The support of a set is the union of closed balls, one around each of its samples, with the distance to its k-th
    nearest other sample as radius. Radii shrink with the count, so compare equal counts only; the paper has 50,000 of
    both and k = 3. A single outlier of the real samples has a huge ball and makes much look precise: see
    `density_coverage`. Points on the edge of a ball, to within rounding, are inside; so copies of one point all lie in
    each other's ball of radius 0.

    Args:
      real: [n, d], n at least k + 1.
      generated: [m, d], m at least k + 1.
      k: Which neighbour.

    Raises:
      InputError: features of another rank, empty, of different dimensions, or not finite; a k out of range.
    """
    real, generated = matrices(real_features=real, generated_features=generated)
    real_radii = neighbor_distances("real features", real, k)
    generated_radii = neighbor_distances("generated features", generated, k)
    precise, recalled = np.zeros(len(generated), bool), np.zeros(len(real), bool)
    for block in Sets(generated, real).blocks():
        precise[block.rows] = block.inside(real_radii, edge=True).any(axis=1)
        recalled |= block.inside(generated_radii[block.rows, None], edge=True).any(axis=0)
    return PrecisionRecall(float(precise.mean()), float(recalled.mean()))
