"""Cadences, means over intervals, and speeds."""

import itertools

import pytest

from tfgan2.callbacks.cadence import BySteps, ByTime, Interval, cadence_of


def test_by_steps():
    assert [step for step in range(0, 50, 5) if cadence_of(20).is_due(step)] == [0, 20, 40]
    assert cadence_of(20) and not cadence_of(0) and not cadence_of(0).is_due(20)
    with pytest.raises(ValueError, match=r"^every is -1; it must be a number of steps, or 0 for never\.$"):
        BySteps(-1)


def acts(clock, cadence, seconds, *, cost=0.0, compiling=100.0):
    """The seconds after the first chunk at which a callback acts, for chunks of a second."""
    clock[0] = compiling
    assert not cadence.is_due(1)
    times = []
    while clock[0] < compiling + seconds:
        clock[0] += 1.0
        if cadence.is_due(1):
            times.append(clock[0] - compiling)
            clock[0] += cost
            cadence.done()
    return times


def test_by_time(clock):
    cadence = ByTime(first=5.0, longest=60.0, share=0.2)
    assert cadence_of(cadence) is cadence and cadence
    times = acts(clock, cadence, 1000)
    assert times[:4] == [5, 10, 15, 20]
    waits = [after - before for before, after in itertools.pairwise(times)]
    assert waits == sorted(waits) and waits[-1] == 60 and 20 < len(times) < 40
    # A very short run has some pictures, too.
    assert len(acts(clock, ByTime(first=5.0, longest=60.0, share=0.2), 12)) == 2


def test_acts_by_time_take_a_tenth_of_the_time(clock):
    times = acts(clock, ByTime(first=1.0, longest=10.0, share=0.1), 2000, cost=9.0)
    assert all(after - before >= 90 for before, after in itertools.pairwise(times)) and len(times) > 15


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
