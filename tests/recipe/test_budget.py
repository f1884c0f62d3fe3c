"""Shares of a budget of time."""

import pytest

from tfgan2.methods.base.stage import MAIN
from tfgan2.recipe.budget import estimate_of, steps_for
from tfgan2.recipe.timing import Pace

PACES = {"pretext": Pace(5.0, 0.2), "partitioner": Pace(5.0, 0.1), MAIN: Pace(10.0, 0.05)}
SHARES = {"pretext": 0.3, "partitioner": 0.2}


@pytest.mark.parametrize("budget", [60, 3600, 100_000])
def test_the_steps_fill_the_budget(budget):
    steps = steps_for(budget, PACES, SHARES, {})
    estimate = estimate_of(steps, PACES)
    assert 0.85 * budget < estimate.total <= budget
    shares = {name: steps[name] * PACES[name].step for name in steps}
    assert shares["pretext"] / sum(shares.values()) == pytest.approx(0.3, abs=0.06)


def test_steps_of_the_user_leave_less_for_the_others():
    steps = steps_for(3600, PACES, SHARES, {"pretext": 10_000})
    assert steps["pretext"] == 10_000
    assert 0.9 * 3600 < estimate_of(steps, PACES).total <= 3600


def test_a_budget_that_is_too_short_trains_a_few_steps():
    assert steps_for(1, PACES, SHARES, {}) == dict.fromkeys(PACES, 20)


def test_one_training_alone():
    pace = {MAIN: Pace(2.0, 0.1)}
    assert steps_for(108, pace, {}, {}) == {MAIN: 1000}
    assert estimate_of({MAIN: 1000}, pace).total == pytest.approx(108)
