"""Ranges of arguments, declared beside their types, and the checks of values against them.

    @checked
    def make(*, weight: NonNegative = 1.0, share: Annotated[float, In("(0, 1)")] = 0.5, loss: Literal["log"] = "log"):

The flags, their help and the constructors read the same declaration.
"""

import dataclasses
import functools
import math
import numbers
import re
import types
import typing
from typing import Annotated, Any, Literal

from tfgan2.errors import ArgumentError

LARGEST = 2**31 - 1
"""The largest accepted integer. The smallest is its negative. So all of them fit into 32 bits."""


@dataclasses.dataclass(frozen=True)
class In:
    """An interval of numbers. For example, In("[0, 1)") has 0 but not 1. No interval has infinity.

    Args:
      text: The interval in mathematical notation. "inf" is infinity.
    """

    text: str

    def __contains__(self, value):
        opening, low, high, closing = self._parts
        return (low <= value if opening == "[" else low < value) and (value <= high if closing == "]" else value < high)

    def __str__(self):
        opening, low, high, _ = self._parts
        if high < math.inf:
            return f"in {self.text}"
        return f"{'at least' if opening == '[' else 'above'} {low:g}"

    @functools.cached_property
    def _parts(self):
        opening, low, high, closing = re.fullmatch(r"([\[(])(\S+), (\S+)([\])])", self.text).groups()
        return opening, float(low), float(high), closing


AUTO = "auto"
"""The word for a cadence by time. It is accepted in place of a number."""

NonNegative = Annotated[float, In("[0, inf)")]
Positive = Annotated[float, In("(0, inf)")]
Truncation = Annotated[float, In("(0, 1]")]
UnitInterval = Annotated[float, In("[0, 1]")]
BelowOne = Annotated[float, In("[0, 1)")]
Seed = Annotated[int, In("[0, 2147483647]")]
Steps = Annotated[int, In("[0, inf)")]
Count = Annotated[int, In("[1, inf)")]
Cadence = Annotated[int, In("[0, inf)"), AUTO]

# Memory is allocated in proportion to these arguments. The limits reject a value that would fill it.
Samples = Annotated[int, In("[1, 10000000]")]
BatchSize = Annotated[int, In("[1, 1048576]")]
Width = Annotated[int, In("[1, 16384]")]
Repeats = Annotated[int, In("[1, 100]")]


def checked(function):
    """Decorates a function or a constructor. Each call checks its keyword arguments against their declarations.

    The decorated function raises ArgumentError for a value that is not accepted.
    """

    @functools.wraps(function)
    def checking(*arguments, **keywords):
        check_call(function, keywords)
        return function(*arguments, **keywords)

    checking.__kwdefaults__ = function.__kwdefaults__  # functools.wraps leaves them out.
    return checking


def check_call(function, keywords: dict):
    """Checks the keyword arguments of a call of a function against their declarations.

    Raises:
      ArgumentError: A value is not accepted.
    """
    hints = typing.get_type_hints(function, include_extras=True)
    for name, value in keywords.items():
        check(name, hints.get(name), value)


def check_fields(instance):
    """Checks the fields of an instance of a dataclass against their declarations.

    Raises:
      ArgumentError: A value is not accepted.
    """
    hints = typing.get_type_hints(type(instance), include_extras=True)
    for field in dataclasses.fields(instance):
        check(field.name, hints[field.name], getattr(instance, field.name))


def check(name: str, declared: Any, value):
    """Raises ArgumentError if a value does not fit its declaration."""
    accepted = not_accepted(declared, value)
    if accepted:
        raise ArgumentError(name, value, accepted)


def not_accepted(declared: Any, value) -> str | None:
    """Returns a clause that says what a value must be, or None if the value is accepted."""
    inner, optional = without_none(declared)
    if optional and value is None:
        return None
    accepted = _not_accepted(inner, value)
    return or_none(accepted) if accepted and optional else accepted


def or_none(accepted: str) -> str:
    """The same clause for a declaration that also accepts None."""
    return f"{accepted}, or None"


def number_text(kind: type, interval: In | None) -> str:
    """Returns a clause that says which numbers of a kind (int or float) are accepted."""
    text = "a whole number" if kind is int else "a finite number"
    if interval is None:
        return text
    return f"{text} {'of ' * str(interval).startswith('at')}{interval}"


def or_auto(accepted: str) -> str:
    """The same clause for a declaration that also accepts "auto"."""
    return f"{accepted}, or {AUTO}"


def accepts_auto(declared: Any) -> bool:
    """Whether a declaration accepts "auto" instead of a number."""
    return AUTO in getattr(declared, "__metadata__", ())


def list_of(declared: Any, accepted: str) -> str:
    """Returns a clause for a tuple. `accepted` is the clause for one item."""
    kind = type_of(declared)
    if typing.get_origin(kind) is Literal:
        return f"made of {', '.join(map(str, typing.get_args(kind)))}"
    return f"a list, each item {accepted}"


def without_none(declared: Any) -> tuple[Any, bool]:
    """Returns (declaration without None, whether it accepts None). The first is None if several alternatives remain."""
    if typing.get_origin(declared) not in (typing.Union, types.UnionType):
        return declared, False
    members = [member for member in typing.get_args(declared) if member is not types.NoneType]
    return (members[0] if len(members) == 1 else None), len(members) < len(typing.get_args(declared))


def type_of(declared: Any) -> Any:
    """Returns a declaration without its range."""
    return typing.get_args(declared)[0] if typing.get_origin(declared) is Annotated else declared


def range_of(declared: Any) -> In | None:
    """Returns the range of a declaration, or of the items of a declared tuple. None if it has no range."""
    inner, _ = without_none(declared)
    if typing.get_origin(inner) is tuple:
        return range_of(typing.get_args(inner)[0])
    return next((each for each in getattr(inner, "__metadata__", ()) if isinstance(each, In)), None)


def _not_accepted(declared, value):
    kind = type_of(declared)
    if typing.get_origin(kind) is Literal:
        choices = typing.get_args(kind)
        return None if value in choices else f"one of {', '.join(map(str, choices))}"
    if typing.get_origin(kind) is tuple:
        return _not_accepted_items(typing.get_args(kind)[0], value)
    if kind is bool:
        return None if value in (True, False) else "True or False"
    if kind not in (int, float):
        return None
    if accepts_auto(declared):
        accepted = _not_accepted(Annotated[kind, range_of(declared)], value)
        return or_auto(accepted) if accepted and value != AUTO else None
    number = _number(kind, value)
    interval = range_of(declared)
    if number is None:
        return number_text(kind, interval)
    if interval is not None and number not in interval:
        return str(interval)
    if kind is int and abs(number) > LARGEST:
        return f"at most {LARGEST}" if number > 0 else f"at least -{LARGEST}"
    return None


def _not_accepted_items(declared, values):
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        return "a list"
    faults = [accepted for value in values if (accepted := _not_accepted(declared, value))]
    return list_of(declared, faults[0]) if faults else None


def _number(kind, value):
    """The value as a Python number, or None if it is not a number of this kind."""
    if not isinstance(value, numbers.Real):
        return None
    if kind is int:
        return int(value) if math.isfinite(value) and value == int(value) else None
    return float(value) if math.isfinite(value) else None
