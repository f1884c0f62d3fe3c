"""Density and coverage: precision and recall by the neighbourhoods of real samples only, which no outlier inflates."""

from typing import NamedTuple

import numpy as np

from tfgan2.metrics.distances import Sets, neighbor_distances
from tfgan2.metrics.inputs import matrices


class DensityCoverage(NamedTuple):
    """Of generated samples among real ones.

    Attributes:
      density: Real neighbourhoods that a generated sample lies in, on average, over k: >= 0, 1 for equal distributions;
        above 1 where samples crowd at the densest real ones.
      coverage: Share of real samples with a generated one in their neighbourhood, in [0, 1]: about 1 - 2^-k for equal
        distributions and counts, near 0 for a collapsed generator.
    """

    density: float
    coverage: float


def density_coverage(*, real, generated, k: int = 5) -> DensityCoverage:
    """Density and coverage (Naeem et al., ICML 2020, Sec. 3).

    The neighbourhood of a real sample is the ball around it with the distance to its k-th nearest other real sample as
    radius. The paper leaves open whether the edge belongs to it. Here, as in its authors' code, it does not: points on
    the edge, to within rounding, are outside. So a set has density and coverage 1 against itself, and a real sample
    with k copies an empty neighbourhood, which nothing can cover: constant real features give 0 and 0.

    Args:
      real: [n, d], n at least k + 1.
      generated: [m, d], m at least 1. Coverage grows with m / n; the paper has both 10,000 and k = 5.
      k: Which neighbour.

    Raises:
      InputError: features of another rank, empty, of different dimensions, or not finite; a k out of range.
    """
    real, generated = matrices(real_features=real, generated_features=generated)
    radii = neighbor_distances("real features", real, k)
    inside, covered = 0, np.zeros(len(real), bool)
    for block in Sets(generated, real).blocks():
        within = block.inside(radii, edge=False)
        inside += np.count_nonzero(within)
        covered |= within.any(axis=0)
    return DensityCoverage(float(inside / (k * len(generated))), float(covered.mean()))
