"""Mean, spread and the rank test of a score over runs."""

import math

import pytest

from tfgan2.experiment.statistics import decimals, rank_test, smallest_p, summary


def test_mean_and_standard_deviation():
    assert summary([1.0, 2.0, 6.0])[1:] == (3.0, math.sqrt(7.0))
    assert summary([4])[:] == ((4.0,), 4.0, None)
    assert summary([1.0, 2.0]).text(2) == "1.50 ± 0.71" and summary([4]).text(0) == "4"


@pytest.mark.parametrize(
    ("largest", "digits"), [(25.0, 2), (-1950.0, 0), (0.05, 5), (0.0, 2), (math.inf, 2), (3e-9, 6)]
)
def test_four_digits_or_so(largest, digits):
    assert decimals([largest, 0.0]) == digits


def test_p_of_ranks():
    # Of the 10 ways to choose 3 ranks of 5, two are as extreme as 1, 2, 3.
    assert rank_test([1, 2, 3], [4, 5]) == rank_test([5, 4], [1, 3, 2]) == pytest.approx(0.2)
    assert smallest_p(3, 2) == pytest.approx(0.2) and smallest_p(5, 5) == pytest.approx(2 / 252)
    assert rank_test([1, 2], [1, 2]) == pytest.approx(1.0) and rank_test([7, 7], [7, 7, 7]) == 1.0


def test_no_p():
    assert rank_test([1], [2, 3]) is None
    assert rank_test([1, math.nan], [2, 3]) is None
