"""Cadences, means over intervals, and speeds."""

import pytest

from tfgan2.callbacks.cadence import Interval, check_every, is_due


def test_due():
    assert [step for step in range(0, 50, 5) if is_due(step, 20)] == [0, 20, 40]
    assert not is_due(20, 0)


def test_cadence_is_not_negative():
    assert check_every(0) == 0 and check_every(7) == 7
    with pytest.raises(ValueError, match=r"^every is -1; it must be a number of steps, or 0 for never\.$"):
        check_every(-1)


def test_mean_is_weighted_by_the_steps_that_reported():
    interval = Interval()
    interval.begin(100)
    interval.add(110, {"a": 1.0})
    interval.add(140, {"a": 5.0, "b": 3.0})
    assert interval.steps == 40
    values = interval.take()
    # (10 * 1 + 30 * 5) / 40 = 4
    assert values["a"] == 4.0 and values["b"] == 3.0 and values["steps_per_second"] > 0
    assert interval.steps == 0
    interval.add(141, None)
    assert list(interval.take()) == ["steps_per_second"]


@pytest.fixture
def clock(monkeypatch):
    """A clock that the test sets."""
    now = [0.0]
    monkeypatch.setattr("time.perf_counter", lambda: now[0])
    return now


def test_speed(clock):
    interval = Interval()
    interval.begin(0)
    # 100 steps with compilation take 60 seconds. Then 300 steps take 2 seconds, and 100 steps take 4.
    for seconds, step in [(60.0, 100), (61.0, 200), (62.0, 400)]:
        clock[0] = seconds
        interval.add(step, {})
    assert interval.take() == {"steps_per_second": 150.0}
    clock[0] = 66.0
    interval.add(500, {})
    assert interval.take() == {"steps_per_second": 25.0}


def test_speed_of_the_first_chunk_alone_includes_its_compilation(clock):
    interval = Interval()
    interval.begin(40)
    clock[0] = 5.0
    interval.add(50, {})
    assert interval.take() == {"steps_per_second": 2.0}
    clock[0] = 7.0
    interval.add(60, {})
    assert interval.take() == {"steps_per_second": 5.0}
