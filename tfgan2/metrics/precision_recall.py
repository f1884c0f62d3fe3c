"""Improved precision and recall: the share of each set that lies in the estimated support of the other set."""

from typing import NamedTuple

import numpy as np

from tfgan2.metrics.distances import Sets, squared_neighbor_distances
from tfgan2.metrics.inputs import matrices


class PrecisionRecall(NamedTuple):
    """Quality and variety of generated samples.

    Attributes:
      precision: Share of generated samples in the support of the real samples, in [0, 1]. It measures quality.
      recall: Share of real samples in the support of the generated samples, in [0, 1]. It measures variety and is near
        0 for a collapsed generator.
    """

    precision: float
    recall: float


def precision_recall(*, real, generated, k: int = 3) -> PrecisionRecall:
    """Precision and recall by k-nearest-neighbour balls (Kynkäänniemi et al., NeurIPS 2019, Eq. 1 and 2).

    The support of a set is the union of closed balls. There is one ball around each sample, and it reaches to the k-th
    nearest other sample of the set. Points on the surface of a ball, to within rounding, are inside. For example,
    copies of one point lie in each other's balls of radius 0.

    The radii shrink as the number of samples grows, so compare equal numbers only. A single real outlier has a huge
    ball, so that many bad samples count as precise. `density_coverage` avoids this.

    Args:
      real: Features [n, d], n at least k + 1. The paper uses n = m = 50,000.
      generated: Features [m, d], m at least k + 1.
      k: The k-th nearest neighbour sets the radius, at least 1. The paper uses 3.

    Returns:
      A PrecisionRecall.

    Raises:
      InputError: The features have another rank, are empty, differ in dimensions, or are not finite. k is out of range.
    """
    real, generated = matrices(real_features=real, generated_features=generated)
    real_radii = squared_neighbor_distances("real features", real, k)
    generated_radii = squared_neighbor_distances("generated features", generated, k)
    precise, recalled = np.zeros(len(generated), bool), np.zeros(len(real), bool)
    for block in Sets(generated, real).blocks():
        precise[block.rows] = block.inside(real_radii, edge=True).any(axis=1)
        recalled |= block.inside(generated_radii[block.rows, None], edge=True).any(axis=0)
    return PrecisionRecall(float(precise.mean()), float(recalled.mean()))
