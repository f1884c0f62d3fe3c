"""Scores of points against the known modes of a point set: quality, modes by radius, and distance from real points."""

import math

import numpy as np

from tfgan2.evaluation.scores import covering_minimum
from tfgan2.metrics.mixture_quality import RADII, ideal_within, mixture_quality, modes_within
from tfgan2.metrics.modes import registered_labels
from tfgan2.metrics.spread import standard_error
from tfgan2.metrics.wasserstein import sliced_wasserstein


class MixtureScores:
    """Measures samples against a point set with known modes.

    Modes without a point of the set are left out. The shares of the others are those of the points.

    Args:
      points: The `PointSet` with its centres and std.
      reference: Real points [n, d] from which the distance is measured.
    """

    def __init__(self, points, reference):
        labels = registered_labels(points.samples, points.centers, np.finfo(np.float64).max)
        counts = np.bincount(labels, minlength=len(points.centers))
        self._centers, self._shares = points.centers[counts > 0], counts[counts > 0]
        self._std = points.std
        self._reference = reference

    def values(self, samples):
        """Returns name -> value for samples [n, d] in data units, at most as many as there are reference points."""
        return self._of(samples, self._reference[: len(samples)])

    def errors(self, samples):
        """Returns name -> standard error of the values due to the choice of samples and of reference points."""
        return dict(
            zip(
                self.values(samples),
                standard_error(
                    lambda *halves: tuple(self._of(*halves).values()), samples, self._reference[: len(samples)]
                ),
                strict=True,
            )
        )

    def _of(self, samples, reference):
        minimum = covering_minimum(len(samples), len(self._centers))
        quality = mixture_quality(samples, self._centers, std=self._std, shares=self._shares, minimum=minimum)
        modes = modes_within(samples, self._centers, std=self._std, minimum=minimum)
        return (
            quality._asdict()
            | {f"modes_within_{radius}_std": count for radius, count in zip(RADII, modes, strict=True)}
            | {"sliced_wasserstein": sliced_wasserstein(real=reference, generated=samples) / self._std}
        )


def best_mixture_scores(dimensions):
    """Returns name -> ideal value of each score for points of d dimensions, infinite if more (or less) is better."""
    ones = dict.fromkeys(("quality_at_coverage", "width_large", "width_small", "width_match", "balance"), 1.0)
    counts = {f"modes_within_{radius}_std": math.inf for radius in RADII}
    return ones | {"within_3_std": ideal_within(dimensions)} | counts | {"sliced_wasserstein": -math.inf}


def real_pair(points, count, seed):
    """Draws real points for the floor and for the reference.

    The two share no point if the set has at least 2 `count` points. If it has fewer, points occur several times.

    Args:
      points: The `PointSet`.
      count: Number n of points of each.
      seed: Seed of the draw.

    Returns:
      Two arrays [n, d].
    """
    random, size = np.random.default_rng(seed), len(points.samples)
    rows = random.choice(size, count, replace=size < count)
    others = np.setdiff1d(np.arange(size), rows)
    others = others if len(others) else rows
    return points.samples[rows], points.samples[random.choice(others, count, replace=len(others) < count)]
