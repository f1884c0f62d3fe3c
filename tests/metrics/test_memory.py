"""No score copies all float32 features to float64. A copy of 50,000 x 2,048 features would take 0.8 GB."""

import tracemalloc

import numpy as np
import pytest

from tfgan2.metrics import distances, feature_statistics, frechet, inception, kernel
from tfgan2.metrics.density_coverage import density_coverage
from tfgan2.metrics.precision_recall import precision_recall

COUNT, DIMENSIONS = 6_000, 64
FEATURES = [np.random.default_rng(seed).standard_normal((COUNT, DIMENSIONS), np.float32) for seed in (0, 1)]
SHARES = np.full((2 * COUNT, DIMENSIONS), 1 / DIMENSIONS, np.float32)


@pytest.mark.slow
@pytest.mark.parametrize(
    "score",
    [
        lambda: kernel.kernel_distance(*FEATURES, subsets=3, subset_size=100),
        lambda: frechet.frechet_distance_of_features(*FEATURES),
        lambda: frechet.frechet_distance_with_error(*FEATURES),
        lambda: precision_recall(real=FEATURES[0], generated=FEATURES[1]),
        lambda: density_coverage(real=FEATURES[0], generated=FEATURES[1]),
        lambda: inception.inception_score(SHARES),
    ],
    ids=("kernel", "frechet", "frechet with error", "precision and recall", "density and coverage", "inception score"),
)
def test_no_float64_copy(score, monkeypatch):
    # Small blocks for small sets keep the usual ratio of both.
    monkeypatch.setattr(distances, "BLOCK", 2**16)
    monkeypatch.setattr(distances, "_CHUNK", 2**14)
    monkeypatch.setattr(feature_statistics, "CHUNK", 256)
    monkeypatch.setattr(frechet, "_ROWS", 256)
    monkeypatch.setattr(kernel, "_ROWS", 64)
    tracemalloc.start()
    try:
        score()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 0.8 * 2 * COUNT * DIMENSIONS * 8
