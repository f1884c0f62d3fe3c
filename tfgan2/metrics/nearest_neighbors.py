"""What nearest neighbours tell: samples copied from the training data, and samples that lie closer than real ones do.

In pixels or in the features of some network; a copy that is shifted or re-coloured is near in the latter only.
"""

from typing import NamedTuple

import numpy as np

from tfgan2.errors import InputError
from tfgan2.metrics.distances import nearest_distances, neighbor_distances
from tfgan2.metrics.inputs import matrices, vector


class TrainingDistances(NamedTuple):
    """Distances of samples to the nearest training sample, beside those of held-out real samples.

    Attributes:
      duplicates: Share of samples that are nearer to a training sample than all but the `quantile` nearest held-out
        ones; in [0, 1], expected `quantile` for fresh real samples, 1 for copies.
      nearer: Probability that a sample is nearer to the training data than a held-out one is, ties counted by half; in
        [0, 1], expected 0.5 for fresh real samples. Above: drawn to the training data. Below: away from all real data.
    """

    duplicates: float
    nearer: float


def training_distances(*, training, held_out, generated, quantile: float = 0.01) -> TrainingDistances:
    """Compares d(x) = min over training samples t of |x - t| for generated and held-out samples.

    With T the smallest d(h) of held-out samples h that at least a `quantile` of them do not exceed,
    duplicates = share of generated samples g with d(g) < T, strictly: as near as a held-out sample is not nearer.
    `quantile` 0 makes T the distance of the nearest held-out sample, which one image that the data has twice, once in
    each part, brings to 0; hence the default. If a `quantile` of the held-out samples are copies of training samples,
    T is 0 and nothing is nearer.

    nearer = P(d(g) < d(h)) + P(d(g) = d(h)) / 2 over all pairs: the Mann-Whitney statistic, whose use for copied data
    is due to Meehan, Chaudhuri and Dasgupta (AISTATS 2020), who take it within cells of the space.

    Args:
      training: [n, d], all that the generator was trained on. Leaving some out hides copies.
      held_out: [h, d] real samples that it was not trained on.
      generated: [g, d].
      quantile: In [0, 1).

    Raises:
      InputError: arrays of another rank, empty, of different dimensions, or not finite; a quantile out of range.
    """
    training, held_out, generated = matrices(training=training, held_out=held_out, generated=generated)
    return compare_distances(
        held_out=nearest_distances(held_out, training),
        generated=nearest_distances(generated, training),
        quantile=quantile,
    )


def compare_distances(*, held_out, generated, quantile: float = 0.01) -> TrainingDistances:
    """`training_distances` of distances that are known already.

    Args:
      held_out: [h] distances of held-out real samples to the nearest training one, h at least 1.
      generated: [g], of generated samples, g at least 1.
      quantile: In [0, 1).

    Raises:
      InputError: distances of another rank, empty, not real or not finite; a quantile out of range.
    """
    if not 0 <= quantile < 1:
        raise InputError(f"quantile is {quantile!r}; give a number from 0 to below 1")
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
    """Mean distance of generated samples to their nearest other one, over that of real samples: >= 0, expected 1.

    0 for a generator with one image, small for one that repeats a few with slight changes; above 1 for noise. Distances
    to neighbours shrink with the count, so both have the same.

    Args:
      real: [n, d], n at least 2, not all equal.
      generated: [n, d].

    Raises:
      InputError: arrays of another rank, fewer than 2, of different shapes, or not finite; real samples that each have
        a copy.
    """
    real, generated = matrices(2, real=real, generated=generated)
    if len(real) != len(generated):
        raise InputError(
            f"real are {len(real)} and generated {len(generated)}; give as many, as distances shrink with them"
        )
    scale, spread = (np.sqrt(neighbor_distances("samples", points, 1)).mean() for points in (real, generated))
    if scale == 0:
        raise InputError(
            "every real sample has a copy among the real ones; without distances there is nothing to compare"
        )
    return float(spread / scale)
