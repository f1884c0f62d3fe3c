"""When training ends before its last step, as the text of --stop_when."""

import math
import operator
import re
from typing import NamedTuple

from tfgan2.errors import ArgumentError

NEVER, FLAT = "never", "flat"
_SIGNS = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}
_FORM = re.compile(r"\s*([^\s<>=]+)\s*(>=|<=|>|<)\s*(\S+)\s*")


class Condition(NamedTuple):
    """A condition on a score of the evaluations.

    Attributes:
      name: Name of the score.
      sign: One of >=, <=, > and <.
      bound: A finite number.
    """

    name: str
    sign: str
    bound: float

    def holds(self, value: float) -> bool:
        """Whether a value of the score meets the condition. NaN never does."""
        return _SIGNS[self.sign](value, self.bound)

    def __str__(self):
        return f"{self.name}{self.sign}{self.bound:.15g}"


def condition_of(text: str) -> Condition | None:
    """Returns the condition that a text of --stop_when states, or None for "never" and "flat".

    Raises:
      ArgumentError: The text has another form.
    """
    if text in (NEVER, FLAT):
        return None
    parts = _FORM.fullmatch(text)
    bound = _finite(parts[3]) if parts else None
    if bound is None:
        accepted = "never, flat, or a score, one of >= <= > < and a finite number"
        advice = "Try --stop_when='registered_modes>=25', in quotes, because > and < are signs of the shell."
        raise ArgumentError("stop_when", text, accepted, advice)
    return Condition(parts[1], parts[2], bound)


def _finite(text):
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
