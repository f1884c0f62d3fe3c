"""Durations such as 30m, as texts of flags and messages."""

import re

from tfgan2.errors import ArgumentError

_SECONDS = {"s": 1, "m": 60, "h": 3600}
_LONGEST = 1000 * 3600


def seconds_of(name: str, text: str) -> float:
    """Converts a duration such as 45s, 30m, 1.5h or 1h30m to seconds.

    Args:
      name: Name of the argument, for the error.
      text: The duration.

    Raises:
      ArgumentError: The text is no duration, or one of less than a second or more than 1,000 hours.
    """
    parts = re.findall(r"(\d+(?:\.\d+)?)([smh])", text)
    seconds = sum(float(number) * _SECONDS[unit] for number, unit in parts)
    if "".join(number + unit for number, unit in parts) != text or not 1 <= seconds <= _LONGEST:
        accepted = "a duration from 1s to 1000h, in hours, minutes or seconds"
        raise ArgumentError(name, text, accepted, "Try 30m, 2h, 1h30m or 45s.")
    return seconds


def duration_text(seconds: float) -> str:
    """Returns a duration in words of two digits or so, such as "45 s", "12 min" or "1.5 h"."""
    if seconds < 99.5:
        return f"{seconds:.0f} s" if seconds >= 9.5 else f"{seconds:.2g} s"
    if seconds < 99.5 * 60:
        return f"{seconds / 60:.0f} min" if seconds >= 9.5 * 60 else f"{seconds / 60:.2g} min"
    return f"{seconds / 3600:.0f} h" if seconds >= 9.5 * 3600 else f"{seconds / 3600:.2g} h"
