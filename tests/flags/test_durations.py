"""Durations as texts."""

import pytest

from tfgan2.errors import ArgumentError
from tfgan2.flags.durations import duration_text, seconds_of


@pytest.mark.parametrize(
    ("text", "seconds"), [("45s", 45), ("30m", 1800), ("2h", 7200), ("1h30m", 5400), ("1.5h", 5400), ("1s", 1)]
)
def test_durations(text, seconds):
    assert seconds_of("budget", text) == seconds


@pytest.mark.parametrize("text", ["", "30", "m", "30 m", "30min", "-1h", "0s", "0.5s", "1001h", "1h x", "1d", "infh"])
def test_what_is_no_duration(text):
    with pytest.raises(ArgumentError) as raised:
        seconds_of("budget", text)
    accepted = "it must be a duration from 1s to 1000h, in hours, minutes or seconds. Try 30m, 2h, 1h30m or 45s."
    assert str(raised.value) == f"budget is {text!r}; {accepted}"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.42, "0.42 s"), (12.6, "13 s"), (99, "99 s"), (100, "1.7 min"), (3599, "60 min"), (7000, "1.9 h")],
)
def test_in_words(seconds, text):
    assert duration_text(seconds) == text
