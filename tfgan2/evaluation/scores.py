"""What a protocol for images computes: each score takes generated and real images as a network sees them."""

import math
from collections.abc import Callable
from typing import NamedTuple

from tfgan2.evaluation.features import Extractor, Features
from tfgan2.metrics.classes import class_counts, modes_covered, reverse_kl
from tfgan2.metrics.frechet import frechet_distance_of_features


class Comparison(NamedTuple):
    """What a score may use.

    Attributes:
      fake: `Features` of generated images.
      real: `Features` of real images.
      extractor: what they are features of.
    """

    fake: Features
    real: Features
    extractor: Extractor


def covering_minimum(samples, modes):
    """Samples that make a mode covered: 1 in 100, as GN-GAN's 20 of 2,000, or a quarter of the equal share if less."""
    return max(1, samples // max(100, 4 * modes))


def counts_of(features):
    """Images of each class, by the most probable one, int64 [K]."""
    return class_counts(features.probabilities.argmax(axis=1), features.probabilities.shape[1])


def _classes(comparison):
    counts = counts_of(comparison.fake)
    return {
        "modes_covered": modes_covered(counts, covering_minimum(int(counts.sum()), len(counts))),
        "modes_hit": modes_covered(counts),
        "reverse_kl_log10": reverse_kl(counts),
        "reverse_kl_nats": reverse_kl(counts, math.e),
    }


def _frechet(comparison):
    name = "fid" if comparison.extractor.title == "inception-tf2015" else f"fd-{comparison.extractor.title}"
    return {name: frechet_distance_of_features(comparison.fake.features, comparison.real.features)}


SCORES: dict[str, Callable[[Comparison], dict[str, float]]] = {
    "classes": _classes,
    "frechet": _frechet,
}
"""Name in a protocol -> values by name."""
