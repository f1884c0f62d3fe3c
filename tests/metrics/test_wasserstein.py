"""Sliced Wasserstein distance: closed forms, SciPy's distance on a line, and errors."""

import math

import numpy as np
import pytest
from scipy.stats import wasserstein_distance

from tfgan2.errors import InputError
from tfgan2.metrics.wasserstein import sliced_wasserstein


def gaussian(seed, count=400, dimensions=2):
    return np.random.default_rng(seed).normal(size=(count, dimensions))


def test_one_dimension_is_that_of_scipy():
    real, fake = gaussian(0, dimensions=1), 2 * gaussian(1, dimensions=1) + 0.3
    assert sliced_wasserstein(real=real, generated=fake) == pytest.approx(wasserstein_distance(real[:, 0], fake[:, 0]))


def test_shifts():
    # The mean of |cos| over angles is 2 / pi, and over directions in space 1 / 2.
    real = gaussian(0)
    for shift in ([3.0, 0.0], [1.8, 2.4]):
        assert sliced_wasserstein(real=real, generated=real + shift) == pytest.approx(6 / math.pi, rel=0.01)
    space = gaussian(0, dimensions=3)
    found = sliced_wasserstein(real=space, generated=space + np.array([0.0, 2.0, 0.0]), directions=2000)
    assert found == pytest.approx(1, rel=0.05)


def test_widths_order_and_the_floor():
    # On each line the distance of N(0, 1) and N(0, 4) is E|x| = sqrt(2 / pi).
    real, fake = gaussian(0, 20_000), 2 * gaussian(1, 20_000)
    assert sliced_wasserstein(real=real, generated=fake) == pytest.approx(math.sqrt(2 / math.pi), abs=0.02)
    assert sliced_wasserstein(real=real, generated=real[::-1]) == 0
    floors = [sliced_wasserstein(real=gaussian(1, n), generated=gaussian(2, n)) for n in (100, 10_000)]
    assert floors[0] > 4 * floors[1]


def test_refused():
    with pytest.raises(InputError, match=r"real and generated are 3 and 2 samples; give as many of each."):
        sliced_wasserstein(real=gaussian(0, 3), generated=gaussian(0, 2))
    with pytest.raises(InputError, match=r"directions is 0; it must be at least 1."):
        sliced_wasserstein(real=gaussian(0), generated=gaussian(0), directions=0)
