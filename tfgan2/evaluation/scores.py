"""The scores of protocols. Each score takes a `Comparison` of generated and real samples."""

import math
from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np

from tfgan2.evaluation.comparison import Comparison
from tfgan2.metrics.classes import class_counts, modes_covered, negative_share, reverse_kl
from tfgan2.metrics.density_coverage import density_coverage
from tfgan2.metrics.distances import nearest_distances
from tfgan2.metrics.frechet import frechet_distance_of_features, frechet_distance_with_error
from tfgan2.metrics.inception import inception_score
from tfgan2.metrics.inputs import matrices
from tfgan2.metrics.kernel import kernel_distance
from tfgan2.metrics.nearest_neighbors import compare_distances, neighbor_spread
from tfgan2.metrics.prd import f_scores, prd_clusters, prd_curve_of_clusters
from tfgan2.metrics.precision_recall import precision_recall
from tfgan2.metrics.spread import standard_error
from tfgan2.metrics.structural_similarity import structural_similarity

_RECONSTRUCTED = 5000  # Images.
_AGREEMENT = "class_agreement"
_WINDOW = 7  # Side of the window of the structural similarity, in pixels.


def copying_distances(samples, training):
    """Returns the distance [n] of each sample to the nearest training sample, in pixels in [0, 1] or in coordinates.

    Features of a network are unsuitable, because two different images can have the same features.
    """
    return nearest_distances(*matrices(samples=_flat(samples), training=_flat(training)))


def covering_minimum(samples, modes):
    """Returns the number of samples that a covered mode needs.

    It is 1 in 100, such as the 20 of 2,000 of GN-GAN, or a quarter of the equal share if this is smaller.
    """
    return max(1, samples // max(100, 4 * modes))


def labels_of(features):
    """Returns the most probable class of each sample, int64 [n]."""
    return features.probabilities.argmax(axis=1)


def _classes(comparison):
    """Coverage of the classes that are not negative."""
    features = comparison.fake.features
    counts = class_counts(labels_of(features), features.probabilities.shape[1])
    counts = np.delete(counts, list(comparison.negative_classes))
    minimum = covering_minimum(len(comparison.fake.samples), len(counts))
    if counts.any():
        covered, hit, nats = modes_covered(counts, minimum), modes_covered(counts), reverse_kl(counts)
    else:  # All samples are in negative classes. The reverse KL is that of a single class.
        covered, hit, nats = 0, 0, math.log(len(counts))
    return {"modes_covered": covered, "modes_hit": hit, "reverse_kl_nats": nats}


def _negatives(comparison):
    negatives, features = comparison.negative_classes, comparison.fake.features
    if not negatives:
        return {}
    return {"negative_share": negative_share(labels_of(features), negatives, features.probabilities.shape[1])}


def _unwanted(comparison):
    if comparison.looks_unwanted is None:
        return {}
    return {"unwanted_share": float(comparison.looks_unwanted(comparison.fake.features.features).mean())}


def _frechet(comparison):
    return {_named("fd", comparison.extractor.title): frechet_distance_of_features(*_features(comparison))}


def _kernel(comparison):
    return {_named("kd", comparison.extractor.title): kernel_distance(*_features(comparison))}


def _precision_recall(comparison):
    return precision_recall(**_equally_many(comparison))._asdict()


def _density_coverage(comparison):
    samples = _equally_many(comparison)
    return density_coverage(
        **samples, k=min(5, len(samples["real"]) - 1)
    )._asdict()  # A set of 5 samples has only 4 neighbours.


def _prd(comparison):
    """PRD scores. Their standard errors are for fixed clusters, because repeated clustering would be slow."""
    clusters = prd_clusters(**_equally_many(comparison))

    def scores(real, generated):
        return f_scores(prd_curve_of_clusters(real, generated))

    recall, precision = zip(scores(*clusters), standard_error(scores, *clusters), strict=True)
    return {"prd_f8": recall, "prd_f1_8": precision}


def _frechet_error(comparison):
    found = frechet_distance_with_error(*_features(comparison))
    return {_named("fd", comparison.extractor.title): found.standard_error}


def _inception_score(comparison):
    return {"inception_score": _split_score(comparison.fake.features.probabilities)}


def _inception_score_1000(comparison):
    chosen = comparison.fake.features.probabilities[:, :1000].astype(np.float64)
    # This equals the softmax of the first 1,000 logits.
    return {"inception_score_1000": _split_score(chosen / chosen.sum(axis=1, keepdims=True))}


def _classifier_score(comparison):
    """The formula of the Inception Score, with the classifier of the dataset instead of the Inception network."""
    return {"classifier_score": _split_score(comparison.fake.features.probabilities)}


def _split_score(probabilities):
    """Mean over 10 splits and its standard error. It is a third of the standard deviation that papers print."""
    score = inception_score(probabilities, splits=10)
    return score.mean, score.std / math.sqrt(10 - 1)


def _neighbors(comparison):
    """Scores by nearest neighbours, in pixels or coordinates. See `copying_distances`."""
    generated, real = _flat(comparison.fake.samples), _flat(comparison.real.samples)
    count = min(len(generated), len(real))
    found = compare_distances(held_out=comparison.held_out_distances, generated=comparison.fake_distances)
    return {
        "neighbor_spread": neighbor_spread(real=real[:count], generated=generated[:count]),
        "duplicates": found.duplicates,
        "nearer_than_real": found.nearer,
    }


def _flat(samples):
    rows = samples.reshape(len(samples), -1).astype(np.float32)
    return rows / np.float32(255) if samples.dtype == np.uint8 else rows


def _reconstructions(comparison):
    """Similarity of 5,000 real images to their reconstructions, and the share of images that keep their class.

    LOGAN (AAAI 2018) has the same score with another range of pixels.
    """
    images = comparison.real.samples[:_RECONSTRUCTED]
    if comparison.reconstruct is None or min(images.shape[1:3]) < _WINDOW:
        return {}
    reconstructions = comparison.reconstruct(images)
    similarity = structural_similarity(images, reconstructions, data_range=255, window=_WINDOW)
    values = {"ssim": _mean(similarity)}
    if _classifies(comparison.extractor.title):
        seen = comparison.real.features.probabilities[:_RECONSTRUCTED].argmax(axis=1)
        made = comparison.extractor.extract(reconstructions).probabilities.argmax(axis=1)
        values[_AGREEMENT] = _mean(seen == made)
    return values


def _mean(values):
    """Mean and its standard error for independent values."""
    return float(np.mean(values)), float(np.std(values) / math.sqrt(len(values)))


def _features(comparison):
    """Features [n, d] of generated and [m, d] of real samples."""
    return comparison.fake.features.features, comparison.real.features.features


def _equally_many(comparison):
    """Features [n, d] of equal numbers of real and generated samples."""
    generated, real = _features(comparison)
    count = min(len(generated), len(real))
    return {"real": real[:count], "generated": generated[:count]}


class Score(NamedTuple):
    """Values that are computed together.

    Attributes:
      values: Function from a `Comparison` to name -> value, or name -> (value, standard error) if the error costs
        little. The result is empty if the comparison lacks the input.
      best: Name -> ideal value, infinite if more (or less) is always better. Names of distances lack the network.
      needs: What the score needs of real images: "nothing", "statistics" (mean and covariance of features), "features",
        "samples" (images with their classes), or "training" (the distances to the training samples as well).
      errors: Function from a `Comparison` to name -> standard error, or None to use random halves of the samples.
    """

    values: Callable[[Comparison], dict[str, float | tuple[float, float]]]
    best: dict[str, float]
    needs: Literal["nothing", "statistics", "features", "samples", "training"]
    errors: Callable[[Comparison], dict[str, float]] | None = None


_MORE, _LESS = math.inf, -math.inf

SCORES = {
    "classes": Score(_classes, {"modes_covered": _MORE, "modes_hit": _MORE, "reverse_kl_nats": 0.0}, "samples"),
    "negatives": Score(_negatives, {"negative_share": 0.0}, "samples"),
    "unwanted": Score(_unwanted, {"unwanted_share": 0.0}, "samples"),
    "frechet": Score(_frechet, {"fd": _LESS}, "statistics", _frechet_error),
    "kernel": Score(_kernel, {"kd": _LESS}, "features"),
    "precision_recall": Score(_precision_recall, {"precision": _MORE, "recall": _MORE}, "features"),
    "density_coverage": Score(_density_coverage, {"density": _MORE, "coverage": _MORE}, "features"),
    "prd": Score(_prd, {"prd_f8": _MORE, "prd_f1_8": _MORE}, "features"),
    "inception_score": Score(_inception_score, {"inception_score": _MORE}, "nothing"),
    "inception_score_1000": Score(_inception_score_1000, {"inception_score_1000": _MORE}, "nothing"),
    "classifier_score": Score(_classifier_score, {"classifier_score": _MORE}, "samples"),
    "neighbors": Score(_neighbors, {"neighbor_spread": 1.0, "duplicates": 0.01, "nearer_than_real": 0.5}, "training"),
    "reconstructions": Score(_reconstructions, {"ssim": _MORE, _AGREEMENT: _MORE}, "samples"),
}
"""Name in a protocol -> score."""

_BY_INCEPTION = {"fd": "fid", "kd": "kid"}
"""Distances of features, whose names include the network -> their name by the Inception network of the papers."""


def best_values(scores, title):
    """Returns name -> ideal value for all values of some scores by the extractor with this title."""
    values = {_named(name, title): best for score in scores for name, best in SCORES[score].best.items()}
    return values if _classifies(title) else {name: best for name, best in values.items() if name != _AGREEMENT}


def _classifies(title):
    """Whether the extractor was trained on the classes of the data."""
    return title.startswith("classifier")


def _named(name, title):
    """Name of a value. The name of a distance includes the network."""
    if name not in _BY_INCEPTION:
        return name
    return _BY_INCEPTION[name] if title == "inception-tf2015" else f"{name}-{title}"
