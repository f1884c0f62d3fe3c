"""Scores against known modes: the shares of the data, the reference, errors, and ideal values."""

import numpy as np
import pytest

from tfgan2.data.points import PointSet
from tfgan2.data.synthetic import SOURCES
from tfgan2.evaluation.mixture_scores import MixtureScores, best_mixture_scores, real_pair
from tfgan2.evaluation.panel import panel_for


def test_shares_are_those_of_the_data():
    random = np.random.default_rng(0)
    centers = np.array([[0.0, 0.0], [10.0, 0.0], [20.0, 0.0]])
    samples = centers[random.choice(2, 4000, p=[0.8, 0.2])] + random.normal(size=(4000, 2))
    points = PointSet("npz:mine", samples.astype(np.float32), centers, 1.0)
    values = MixtureScores(points, samples[:2000]).values(samples[2000:])
    # No point is at the third centre, so no sample has to be there.
    assert values["quality_at_coverage"] == pytest.approx(1, abs=0.02)
    assert values["balance"] == pytest.approx(1, abs=0.005) and values["modes_within_3_std"] == 2


def test_values_errors_and_ideals_have_the_same_names():
    points = SOURCES["grid25"](points_per_mode=40)
    real, reference = real_pair(points, 500, seed=0)
    scores = MixtureScores(points, reference)
    values, errors = scores.values(real), scores.errors(real)
    assert list(values) == list(errors) and set(values) == set(best_mixture_scores(2))
    assert set(values) <= set(panel_for(points).best)
    assert all(np.isfinite(error) and error >= 0 for error in errors.values())
    assert 0 < errors["quality_at_coverage"] < 0.05


def test_measured_during_training():
    points = SOURCES["ring8"](points_per_mode=300)
    found = panel_for(points).measure(np.random.default_rng(0).choice(points.samples, 2000))
    assert found["quality_at_coverage"] == pytest.approx(1, abs=0.05) and found["sliced_wasserstein"] > 0
    collapsed = panel_for(points).measure(points.samples[np.arange(2000) % 900])  # Three modes.
    assert (collapsed["modes_within_3_std"], collapsed["quality_at_coverage"]) == (3, 0)


def test_the_reference_and_the_floor_differ():
    points = SOURCES["grid25"](points_per_mode=40)
    one, other = real_pair(points, 500, seed=0)
    assert not {*map(tuple, one)} & {*map(tuple, other)}
    few = SOURCES["grid25"](points_per_mode=2)
    assert [len(each) for each in real_pair(few, 60, seed=0)] == [60, 60]
    assert [len(each) for each in real_pair(few, 500, seed=0)] == [500, 500]
