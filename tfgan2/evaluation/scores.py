"""What a protocol for images computes: each score takes generated and real images, also as a network sees them."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from tfgan2.evaluation.features import Extractor, Features
from tfgan2.metrics.classes import class_counts, modes_covered, reverse_kl
from tfgan2.metrics.density_coverage import density_coverage
from tfgan2.metrics.frechet import frechet_distance_of_features
from tfgan2.metrics.inception import inception_score
from tfgan2.metrics.kernel import kernel_distance
from tfgan2.metrics.nearest_neighbors import neighbor_spread, training_distances
from tfgan2.metrics.prd import f_scores, prd_curve_of_features
from tfgan2.metrics.precision_recall import precision_recall


class Seen(NamedTuple):
    """Images, and what a network sees in them.

    Attributes:
      features: `Features`.
      images: uint8 [n, height, width, channels].
    """

    features: Features
    images: np.ndarray


class Comparison(NamedTuple):
    """What a score may use.

    Attributes:
      fake: generated images, as `Seen`.
      real: the reference, as `Seen`.
      training_images: images that the generated ones may be copies of.
      held_out_images: real images that are none of those.
      extractor: whose features they are.
    """

    fake: Seen
    real: Seen
    training_images: np.ndarray
    held_out_images: np.ndarray
    extractor: Extractor


def covering_minimum(samples, modes):
    """Samples that make a mode covered: 1 in 100, as GN-GAN's 20 of 2,000, or a quarter of the equal share if less."""
    return max(1, samples // max(100, 4 * modes))


def counts_of(features):
    """Images of each class, by the most probable one, int64 [K]."""
    return class_counts(features.probabilities.argmax(axis=1), features.probabilities.shape[1])


def _classes(comparison):
    counts = counts_of(comparison.fake.features)
    return {
        "modes_covered": modes_covered(counts, covering_minimum(int(counts.sum()), len(counts))),
        "modes_hit": modes_covered(counts),
        "reverse_kl_log10": reverse_kl(counts),
        "reverse_kl_nats": reverse_kl(counts, math.e),
    }


def _frechet(comparison):
    return {_named("fd", comparison.extractor.title): frechet_distance_of_features(*_features(comparison))}


def _kernel(comparison):
    features, real = _features(comparison)
    size = min(1000, len(features), len(real))
    return {_named("kd", comparison.extractor.title): kernel_distance(features, real, subset_size=size).mean}


def _precision_recall(comparison):
    return precision_recall(**_equally_many(comparison))._asdict()


def _density_coverage(comparison):
    return density_coverage(**_equally_many(comparison))._asdict()


def _prd(comparison):
    recall, precision = f_scores(prd_curve_of_features(**_equally_many(comparison)))
    return {"prd_f8": recall, "prd_f1_8": precision}


def _inception_score(comparison):
    return {"inception_score": inception_score(comparison.fake.features.probabilities).mean}


def _inception_score_1000(comparison):
    chosen = comparison.fake.features.probabilities[:, :1000].astype(np.float64)
    # As the softmax of the first 1,000 logits would have it.
    return {"inception_score_1000": inception_score(chosen / chosen.sum(axis=1, keepdims=True)).mean}


def _neighbors(comparison):
    """In pixels, where a copy is a copy; a network may see two images alike."""
    generated, real = _flat(comparison.fake.images), _flat(comparison.real.images)
    training, held_out = _flat(comparison.training_images), _flat(comparison.held_out_images)
    count = min(len(generated), len(real))
    found = training_distances(training=training, held_out=held_out, generated=generated)
    return {
        "neighbor_spread": neighbor_spread(real=real[:count], generated=generated[:count]),
        "duplicates": found.duplicates,
        "nearer_than_real": found.nearer,
    }


def _flat(images):
    return images.reshape(len(images), -1).astype(np.float32) / np.float32(255)


def _features(comparison):
    """[n, d] of generated and [m, d] of real images."""
    return comparison.fake.features.features, comparison.real.features.features


def _equally_many(comparison):
    """[n, d] of real and [n, d] of generated images."""
    generated, real = _features(comparison)
    count = min(len(generated), len(real))
    return {"real": real[:count], "generated": generated[:count]}


class Score(NamedTuple):
    """Values that are computed together.

    Attributes:
      values: maps a `Comparison` to value by name.
      best: name -> what it is at best; infinite where more or less is always better. Of distances, without the network.
    """

    values: Callable[[Comparison], dict[str, float]]
    best: dict[str, float]


_MORE, _LESS = math.inf, -math.inf

SCORES = {
    "classes": Score(
        _classes, {"modes_covered": _MORE, "modes_hit": _MORE, "reverse_kl_log10": 0.0, "reverse_kl_nats": 0.0}
    ),
    "frechet": Score(_frechet, {"fd": _LESS}),
    "kernel": Score(_kernel, {"kd": _LESS}),
    "precision_recall": Score(_precision_recall, {"precision": _MORE, "recall": _MORE}),
    "density_coverage": Score(_density_coverage, {"density": _MORE, "coverage": _MORE}),
    "prd": Score(_prd, {"prd_f8": _MORE, "prd_f1_8": _MORE}),
    "inception_score": Score(_inception_score, {"inception_score": _MORE}),
    "inception_score_1000": Score(_inception_score_1000, {"inception_score_1000": _MORE}),
    "neighbors": Score(_neighbors, {"neighbor_spread": 1.0, "duplicates": 0.01, "nearer_than_real": 0.5}),
}
"""By name in a protocol."""


def best_values(scores, title):
    """Name -> the value at best, of all values of some scores by the network of a title."""
    return {_named(name, title): best for score in scores for name, best in SCORES[score].best.items()}


def _named(name, title):
    """The name of a value: distances of features have that of the network."""
    if name not in ("fd", "kd"):
        return name
    return {"fd": "fid", "kd": "kid"}[name] if title == "inception-tf2015" else f"{name}-{title}"
