"""Scores by nearest neighbours: copies of training data, and the distance between neighbouring samples.

Distances are between pixels or between features of a network. A shifted or recoloured copy is near in features only.
"""

from typing import NamedTuple

import numpy as np

from tfgan2.errors import ArgumentError, InputError
from tfgan2.metrics.distances import nearest_distances, squared_neighbor_distances
from tfgan2.metrics.inputs import matrices, vector


class TrainingDistances(NamedTuple):
    """Generated and held-out samples compared by their distance to the nearest training sample.

    Attributes:
      duplicates: Share of generated samples that are nearer to a training sample than all but a `quantile` of the
        held-out samples, in [0, 1]. The expected value is `quantile` for fresh real samples and 1 for copies.
      nearer: Probability that a generated sample is nearer to the training data than a held-out sample, in [0, 1]. A
        tie counts as one half. The expected value for fresh real samples is 0.5. A higher value shows memorisation. A
        lower value shows samples far from all real data.
    """

    duplicates: float
    nearer: float


def training_distances(*, training, held_out, generated, quantile: float = 0.01) -> TrainingDistances:
    """Compares generated and held-out samples by d(x), the distance from x to the nearest training sample.

    `duplicates` is the share of generated samples g with d(g) < T. The threshold T is the `quantile` of d(h) over the
    held-out samples h. With quantile 0, T is the distance of the nearest held-out sample. A single image that is both
    in the training data and in the held-out data would set this T to 0, hence the default of 0.01. If at least a
    `quantile` of the held-out samples are copies of training samples, T is 0 and there are no duplicates.

    `nearer` is P(d(g) < d(h)) + P(d(g) = d(h)) / 2 over all pairs, the Mann-Whitney statistic. Meehan, Chaudhuri and
    Dasgupta (AISTATS 2020) use it to find copied data, separately in cells of the space.

    Args:
      training: [n, d], all training data. A subset would hide copies.
      held_out: [h, d], real samples that are not in the training data.
      generated: [g, d].
      quantile: In [0, 1).

    Returns:
      A TrainingDistances.

    Raises:
      InputError: An array has another rank, is empty, or is not finite. Dimensions differ. `quantile` is outside
        [0, 1).
    """
    training, held_out, generated = matrices(training=training, held_out=held_out, generated=generated)
    return compare_distances(
        held_out=nearest_distances(held_out, training),
        generated=nearest_distances(generated, training),
        quantile=quantile,
    )


def compare_distances(*, held_out, generated, quantile: float = 0.01) -> TrainingDistances:
    """`training_distances` for known distances to the nearest training sample.

    Args:
      held_out: [h], distances of held-out real samples, h at least 1.
      generated: [g], distances of generated samples, g at least 1.
      quantile: In [0, 1).

    Returns:
      A TrainingDistances.

    Raises:
      InputError: The distances have another rank, are empty, not real, or not finite. `quantile` is outside [0, 1).
    """
    if not 0 <= quantile < 1:
        raise ArgumentError("quantile", quantile, "in [0, 1)")
    held_out = np.sort(vector("held-out distances", held_out))
    generated = vector("generated distances", generated)
    threshold = np.quantile(held_out, quantile, method="inverted_cdf")
    at_least = len(held_out) - np.searchsorted(held_out, generated, side="left")
    farther = len(held_out) - np.searchsorted(held_out, generated, side="right")
    return TrainingDistances(
        duplicates=float(np.mean(generated < threshold)),
        nearer=float(np.mean(at_least + farther) / (2 * len(held_out))),
    )


def neighbor_spread(*, real, generated) -> float:
    """Mean distance of a generated sample to its nearest other generated sample, divided by that of real samples.

    The value is 0 for a generator of a single image and small for a generator that slightly varies a few images. It is
    expected to be 1 for equal distributions, and above 1 for noise. Distances between neighbours shrink as the number
    of samples grows, so both sets must have equal numbers.

    Args:
      real: [n, d], n at least 2. At least one sample must have no copy in the set.
      generated: [n, d].

    Returns:
      A number of at least 0.

    Raises:
      InputError: An array has another rank, fewer than 2 rows, or is not finite. Shapes differ. Every real sample has a
        copy.
    """
    real, generated = matrices(2, real_samples=real, generated_samples=generated)
    if len(real) != len(generated):
        raise InputError(
            f"numbers of real and generated samples are {len(real)} and {len(generated)}; they must be equal."
        )
    real_mean, mean = (np.sqrt(squared_neighbor_distances("samples", points, 1)).mean() for points in (real, generated))
    if real_mean == 0:
        raise InputError("real samples all have a copy among themselves; at least one must be unique.")
    return float(mean / real_mean)
