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
    title = comparison.extractor.title
    name = "fid" if title == "inception-tf2015" else f"fd-{title}"
    return {name: frechet_distance_of_features(*_features(comparison))}


def _kernel(comparison):
    title = comparison.extractor.title
    features, real = _features(comparison)
    size = min(1000, len(features), len(real))
    name = "kid" if title == "inception-tf2015" else f"kd-{title}"
    return {name: kernel_distance(features, real, subset_size=size).mean}


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


SCORES: dict[str, Callable[[Comparison], dict[str, float]]] = {
    "classes": _classes,
    "frechet": _frechet,
    "kernel": _kernel,
    "precision_recall": _precision_recall,
    "density_coverage": _density_coverage,
    "prd": _prd,
    "inception_score": _inception_score,
    "inception_score_1000": _inception_score_1000,
    "neighbors": _neighbors,
}
"""Name in a protocol -> values by name."""
