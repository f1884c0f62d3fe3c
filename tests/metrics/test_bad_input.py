"""Bad arrays: every public metric raises InputError for each of its arguments and never returns NaN."""

import importlib
import inspect
import math
import pkgutil

import numpy as np
import pytest

from tfgan2 import metrics
from tfgan2.errors import InputError
from tfgan2.metrics.classes import class_counts, modes_covered, negative_share, reverse_kl
from tfgan2.metrics.density_coverage import density_coverage
from tfgan2.metrics.feature_statistics import feature_statistics, streamed_statistics
from tfgan2.metrics.frechet import (
    frechet_distance,
    frechet_distance_of_features,
    frechet_distance_to_statistics,
    frechet_distance_with_error,
)
from tfgan2.metrics.inception import inception_score
from tfgan2.metrics.kernel import kernel_distance
from tfgan2.metrics.mixture_quality import ideal_within, mixture_quality, modes_within
from tfgan2.metrics.modes import grid_coverage, mode_quality, registered_counts, registered_labels, registration_radius
from tfgan2.metrics.nearest_neighbors import compare_distances, neighbor_spread, training_distances
from tfgan2.metrics.partitions import normalized_mutual_information, purity
from tfgan2.metrics.prd import f_scores, prd_clusters, prd_curve, prd_curve_of_clusters, prd_curve_of_features
from tfgan2.metrics.precision_recall import precision_recall
from tfgan2.metrics.specialization import specialization
from tfgan2.metrics.spread import standard_error
from tfgan2.metrics.structural_similarity import best_moving_average, structural_similarity
from tfgan2.metrics.wasserstein import sliced_wasserstein

RANDOM = np.random.default_rng(0)
FEATURES = RANDOM.normal(size=(40, 3))
LABELS = np.arange(40) % 4
SHARES = np.full(4, 0.25)
COVARIANCE = np.cov(FEATURES, rowvar=False)
IMAGES = RANDOM.uniform(size=(2, 8, 8, 1))
DISTANCES = RANDOM.uniform(size=40)

# Metric -> a function that calls it, and a valid array for each argument.
CASES = {
    class_counts: (lambda labels: class_counts(labels, 4), [LABELS]),
    modes_covered: (modes_covered, [np.array([3, 0, 2])]),
    reverse_kl: (reverse_kl, [np.array([3, 0, 2])]),
    negative_share: (lambda labels: negative_share(labels, [1], 4), [LABELS]),
    density_coverage: (lambda real, fake: density_coverage(real=real, generated=fake), [FEATURES, FEATURES + 1]),
    feature_statistics: (feature_statistics, [FEATURES]),
    streamed_statistics: (lambda chunk: streamed_statistics([chunk]), [FEATURES]),
    frechet_distance: (frechet_distance, [FEATURES[0], COVARIANCE, FEATURES[1], COVARIANCE]),
    frechet_distance_of_features: (frechet_distance_of_features, [FEATURES, FEATURES + 1]),
    frechet_distance_with_error: (frechet_distance_with_error, [FEATURES, FEATURES + 1]),
    frechet_distance_to_statistics: (frechet_distance_to_statistics, [FEATURES, FEATURES[0], COVARIANCE]),
    inception_score: (lambda shares: inception_score(shares, splits=2), [np.tile(SHARES, (8, 1))]),
    kernel_distance: (kernel_distance, [FEATURES, FEATURES + 1]),
    mixture_quality: (
        lambda samples, centers: mixture_quality(samples, centers, std=1.0),
        [FEATURES, FEATURES[:4]],
    ),
    modes_within: (lambda samples, centers: modes_within(samples, centers, std=1.0), [FEATURES, FEATURES[:4]]),
    registered_counts: (lambda samples, centers: registered_counts(samples, centers, 1.0), [FEATURES, FEATURES[:4]]),
    registered_labels: (lambda samples, centers: registered_labels(samples, centers, 1.0), [FEATURES, FEATURES[:4]]),
    grid_coverage: (lambda samples, centers: grid_coverage(samples, centers, radius=1.0), [FEATURES, FEATURES[:4]]),
    mode_quality: (lambda samples, centers: mode_quality(samples, centers, std=1.0), [FEATURES, FEATURES[:4]]),
    training_distances: (
        lambda training, held_out, fake: training_distances(training=training, held_out=held_out, generated=fake),
        [FEATURES, FEATURES + 1, FEATURES + 2],
    ),
    compare_distances: (
        lambda held_out, fake: compare_distances(held_out=held_out, generated=fake),
        [DISTANCES, DISTANCES + 1],
    ),
    neighbor_spread: (lambda real, fake: neighbor_spread(real=real, generated=fake), [FEATURES, 2 * FEATURES]),
    normalized_mutual_information: (normalized_mutual_information, [LABELS, LABELS // 2]),
    purity: (purity, [LABELS, LABELS // 2]),
    prd_curve: (prd_curve, [SHARES, SHARES]),
    prd_curve_of_features: (
        lambda real, fake: prd_curve_of_features(real=real, generated=fake, clusters=2, runs=1),
        [FEATURES, FEATURES + 1],
    ),
    prd_clusters: (
        lambda real, fake: prd_clusters(real=real, generated=fake, clusters=2, runs=1),
        [FEATURES, FEATURES + 1],
    ),
    prd_curve_of_clusters: (
        lambda real, fake: prd_curve_of_clusters(real, fake, clusters=4),
        [LABELS[:, None], LABELS[::-1, None]],
    ),
    f_scores: (lambda precision, recall: f_scores((precision, recall)), [SHARES, SHARES]),
    precision_recall: (lambda real, fake: precision_recall(real=real, generated=fake), [FEATURES, FEATURES + 1]),
    specialization: (specialization, [np.eye(3)]),
    sliced_wasserstein: (
        lambda real, fake: sliced_wasserstein(real=real, generated=fake),
        [FEATURES, FEATURES + 1],
    ),
    standard_error: (lambda rows: standard_error(np.mean, rows), [DISTANCES]),
    structural_similarity: (
        lambda images, others: structural_similarity(images, others, data_range=1),
        [IMAGES, 1 - IMAGES],
    ),
    best_moving_average: (lambda means, stds: best_moving_average(means, stds, window=2), [DISTANCES, DISTANCES]),
}
WITHOUT_ARRAYS = {registration_radius, ideal_within}
ANY_RANK = {standard_error}


def with_value(value):
    def changed(array):
        array = array.astype(np.result_type(array, value))
        array.flat[-1] = value
        return array

    return changed


BAD = {
    "NaN": with_value(math.nan),
    "infinite": with_value(math.inf),
    "negative infinite": with_value(-math.inf),
    "complex": lambda array: array + 1j,
    "complex without imaginary part": lambda array: array.astype(complex),
    "text": lambda array: array.astype(str).astype(object),
    "empty": lambda array: array[:0],
    "None": lambda array: None,
    "a number": lambda array: array.flat[0],
    "a list of unequal lists": lambda array: [[1, 2], [3]],
    "one dimension more": lambda array: array[None],
}


def public(name):
    return not name.startswith("_")


def test_every_metric_has_a_case():
    names = [
        module.name for module in pkgutil.iter_modules(metrics.__path__) if module.name not in ("inputs", "distances")
    ]
    modules = [importlib.import_module(f"tfgan2.metrics.{name}") for name in names]
    functions = {
        function
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if public(name) and function.__module__ == module.__name__
    }
    assert functions == set(CASES) | WITHOUT_ARRAYS


def changed_calls(metric, change):
    call, arrays = CASES[metric]
    for place in range(len(arrays)):
        changed = [change(array) if index == place else array for index, array in enumerate(arrays)]
        yield lambda changed=changed: call(*changed)


@pytest.mark.parametrize("metric", CASES, ids=lambda metric: metric.__name__)
def test_valid_arrays(metric):
    call, arrays = CASES[metric]
    assert finite(call(*arrays))


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("metric", CASES, ids=lambda metric: metric.__name__)
@pytest.mark.filterwarnings("error::numpy.exceptions.ComplexWarning")
def test_bad_arrays(metric, kind):
    if metric in ANY_RANK and kind == "one dimension more":
        kind = "empty"
    for call in changed_calls(metric, BAD[kind]):
        with pytest.raises(InputError, match=r"^[A-Za-z0-9].{15,}") as raised:
            call()
        assert "\n" not in str(raised.value) and len(str(raised.value)) < 300


@pytest.mark.parametrize("metric", CASES, ids=lambda metric: metric.__name__)
def test_one_sample_gives_an_error_or_a_finite_score(metric):
    for call in changed_calls(metric, lambda array: array[:1]):
        try:
            found = call()
        except InputError:
            continue
        assert finite(found)


@pytest.mark.parametrize("std", [None, math.nan, math.inf, 0, -1, 1j, "1"])
def test_bad_std_or_radius(std):
    for call in (
        lambda: registration_radius(std),
        lambda: registered_counts(FEATURES, FEATURES, std),
        lambda: mode_quality(FEATURES, FEATURES, std=std),
    ):
        with pytest.raises(InputError, match=r"^(std|radius) is .*; it must be a finite number above 0\.$"):
            call()


def finite(found):
    """Whether all numbers of a result are finite."""
    parts = found if isinstance(found, (tuple, list)) else (found,)
    return all(np.isfinite(np.asarray(part, float)).all() for part in parts)
