"""The time that is left: by the median of the speeds, with later trainings."""

import pytest

from tfgan2.callbacks import time_left
from tfgan2.callbacks.time_left import TimeLeft


@pytest.fixture
def played(monkeypatch):
    """(TimeLeft, (steps, seconds) of each chunk) -> its text after each chunk."""

    def played(left, *chunks):
        now, step, texts = 0.0, 0, []
        monkeypatch.setattr(time_left.time, "perf_counter", lambda: now)
        left.begin(0)
        for steps, seconds in chunks:
            now, step = now + seconds, step + steps
            left.add(step)
            texts.append(left.text)
        monkeypatch.undo()
        return texts

    return played


def test_compilation_counts_only_without_another_chunk(played):
    assert played(TimeLeft(100), (10, 60), (10, 1)) == ["0.17 steps/s, 09:00 left", "10.00 steps/s, 00:08 left"]


def test_a_slow_chunk_among_others_changes_nothing(played):
    texts = played(TimeLeft(1000), (10, 9), *[(10, 1)] * 5, (10, 300), (20, 2))
    assert texts[-2:] == ["10.00 steps/s, 01:33 left", "10.00 steps/s, 01:31 left"]


def test_a_lasting_change_counts_after_a_while(played):
    texts = played(TimeLeft(100_000), (10, 1), *[(10, 1)] * 50, *[(10, 2)] * 31)
    assert texts[50].startswith("10.00 ") and texts[-1].startswith("5.00 ")


@pytest.mark.parametrize(
    ("after", "left"), [(0.0, "00:05 left"), (120.0, "02:05 left"), (None, "00:05 left in this stage")]
)
def test_later_trainings(played, after, left):
    assert played(TimeLeft(70, after), (10, 9), (10, 1))[-1] == f"10.00 steps/s, {left}"


def test_nothing_before_the_first_chunk(played):
    left = TimeLeft(10)
    assert played(left) == [] and left.text == ""
