"""Specialization: known values, SciPy's divergence, generators without samples, errors."""

import math

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon

from tfgan2.errors import InputError
from tfgan2.metrics.specialization import specialization


def test_known_values():
    assert specialization([[3, 1], [6, 2]]) == pytest.approx(0, abs=1e-12)
    assert specialization(np.eye(4)) == pytest.approx(math.log(2))
    # The mean of (1, 0) and (1/2, 1/2) is (3/4, 1/4): (log 4/3 + 1/2 log 2/3 + 1/2 log 2) / 2.
    half = (math.log(4 / 3) + 0.5 * math.log(2 / 3) + 0.5 * math.log(2)) / 2
    assert specialization([[5, 0], [2, 2]]) == pytest.approx(half)
    # Three generators: the mean over three pairs.
    assert specialization([[1, 0], [1, 0], [0, 1]]) == pytest.approx(2 / 3 * math.log(2))


def test_equals_scipy():
    counts = np.random.default_rng(0).integers(0, 50, (2, 8))
    distance = jensenshannon(*(row / row.sum() for row in counts))
    assert specialization(counts) == pytest.approx(distance**2, abs=1e-12)


def test_generators_without_samples_do_not_count():
    assert specialization([[1, 0], [0, 0], [0, 1]]) == pytest.approx(math.log(2))
    assert specialization([[1, 2], [0, 0]]) == 0.0
    assert specialization([[0, 0]]) == 0.0


@pytest.mark.parametrize("counts", [[1, 2], [[1, -1]], [[1, math.nan]]])
def test_errors(counts):
    with pytest.raises(
        InputError, match=r"^counts have shape .*; they must be finite numbers >= 0 of shape \[generators, modes\]\.$"
    ):
        specialization(counts)
