"""Density and coverage, which measure quality and variety with neighbourhoods of real samples only.

A single real outlier inflates precision, but not density.
"""

from typing import NamedTuple

import numpy as np

from tfgan2.metrics.distances import Sets, squared_neighbor_distances
from tfgan2.metrics.inputs import matrices


class DensityCoverage(NamedTuple):
    """Density and coverage of generated samples.

    Attributes:
      density: Mean number of real neighbourhoods that contain a generated sample, divided by k. It is at least 0, and
        1 for equal distributions. It exceeds 1 if the generated samples crowd where real samples are densest.
      coverage: Share of real samples that have a generated sample in their neighbourhood, in [0, 1]. It is about
        1 - 2^-k for equal distributions and equal counts, and near 0 for a collapsed generator.
    """

    density: float
    coverage: float


def density_coverage(*, real, generated, k: int = 5) -> DensityCoverage:
    """Density and coverage (Naeem et al., ICML 2020, Sec. 3).

    The neighbourhood of a real sample is the ball around it that reaches to its k-th nearest other real sample. The
    paper does not say whether the surface belongs to the ball. Here it does not, as in the code of the authors: points
    on the surface, to within rounding, are outside.

    So a set has density 1 and coverage 1 against itself. A real sample with k copies has an empty neighbourhood, which
    no sample can cover. Constant real features therefore give density 0 and coverage 0.

    Args:
      real: Features [n, d], n at least k + 1.
      generated: Features [m, d], m at least 1. Coverage grows with m / n. The paper uses n = m = 10,000.
      k: The k-th nearest neighbour sets the radius, k in [1, n - 1]. The paper uses 5.

    Returns:
      A DensityCoverage.

    Raises:
      InputError: The features have another rank, are empty, differ in dimensions, or are not finite. k is outside
        [1, n - 1].
    """
    real, generated = matrices(real_features=real, generated_features=generated)
    radii = squared_neighbor_distances("real features", real, k)
    inside, covered = 0, np.zeros(len(real), bool)
    for block in Sets(generated, real).blocks():
        within = block.inside(radii, edge=False)
        inside += np.count_nonzero(within)
        covered |= within.any(axis=0)
    return DensityCoverage(float(inside / (k * len(generated))), float(covered.mean()))
