"""Conversion between values of flags and texts."""

import decimal
import re
import typing
from pathlib import Path
from typing import Literal

from tfgan2.errors import ArgumentError
from tfgan2.flags.nearest import did_you_mean
from tfgan2.ranges import (
    AUTO,
    LARGEST,
    accepts_auto,
    list_of,
    not_accepted,
    number_text,
    or_auto,
    or_none,
    range_of,
    type_of,
    without_none,
)
from tfgan2.system.paths import from_user, to_user


def from_text(name: str, declared, text: str):
    """Converts the text of a flag to its value.

    Commas separate the items of a tuple. A comma or a backslash in an item has a backslash before it. Integers may be
    written as 1000, 1_000, 1e3 or 1000.0.

    Args:
      name: Name of the argument, for the error.
      declared: Type of the value, which may have a range.
      text: Text of the flag.

    Raises:
      ArgumentError: The text has another type, or the value is out of range.
    """
    try:
        value = _value(declared, text)
    except _Refused as refused:
        raise ArgumentError(name, text, refused.accepted, refused.advice) from None
    accepted = not_accepted(declared, value)
    if accepted:
        raise ArgumentError(name, text, accepted)
    return value


def to_text(value) -> str:
    """Converts a value to a text that `from_text` converts back."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ",".join(re.sub(r"[\\,]", r"\\\g<0>", to_text(item)) for item in value)
    return to_user(value) if isinstance(value, Path) else str(value)


def type_text(declared) -> str:
    """Returns the type of a flag for its help, such as INT, a|b, or INT,..."""
    kind = type_of(without_none(declared)[0])
    if accepts_auto(declared):
        return f"{AUTO}|{type_text(kind)}"
    if typing.get_origin(kind) is Literal:
        return "|".join(map(str, typing.get_args(kind)))
    if typing.get_origin(kind) is tuple:
        return f"{type_text(typing.get_args(kind)[0])},..."
    return "true|false" if kind is bool else {int: "INT", float: "FLOAT", str: "TEXT", Path: "PATH"}[kind]


class _Refused(Exception):
    """A text does not have the type of a flag. `accepted` is a clause, and `advice` is sentences or empty."""

    def __init__(self, accepted, advice=""):
        super().__init__(accepted)
        self.accepted, self.advice = accepted, advice


def _value(declared, text):
    inner, optional = without_none(declared)
    if optional and text.lower() == "none":
        return None
    kind = type_of(inner)
    try:
        if typing.get_origin(kind) is Literal:
            return _choice(typing.get_args(kind), text)
        if typing.get_origin(kind) is tuple:
            return _items_of(typing.get_args(kind)[0], text)
        if accepts_auto(inner) and text == AUTO:
            return AUTO
        if kind in (int, float):
            return _number(kind, range_of(inner), text)
        return {bool: _bool, str: _str, Path: _path}[kind](text)
    except _Refused as refused:
        if accepts_auto(inner):
            raise _Refused(or_auto(refused.accepted), refused.advice) from None
        if optional and kind not in (str, Path):
            raise _Refused(or_none(refused.accepted), refused.advice) from None
        raise


def _choice(choices, text):
    for choice in choices:
        if str(choice) == text:
            return choice
    names = list(map(str, choices))
    raise _Refused(f"one of {', '.join(names)}", _meant(text, names))


def _items_of(item, text):
    try:
        return tuple(_value(item, part) for part in _parts(text)) if text.strip() else ()
    except _Refused as refused:
        raise _Refused(list_of(item, refused.accepted), refused.advice) from None


def _parts(text):
    """The texts between commas, without blanks at their ends."""
    items = [""]
    for piece in re.findall(r"\\[\\,]|[^\\,]+|.", text, re.DOTALL):
        if piece == ",":
            items.append("")
        else:
            items[-1] += piece.removeprefix("\\") or "\\"
    return [item.strip() for item in items]


def _bool(text):
    try:
        return {"true": True, "t": True, "1": True, "false": False, "f": False, "0": False}[text.lower()]
    except KeyError:
        raise _Refused("true or false") from None


def _number(kind, interval, text):
    value = _int(text) if kind is int else _float(text)
    if value is None:
        raise _Refused(number_text(kind, interval))
    return value


def _int(text):
    try:
        value = decimal.Decimal(text)
        is_whole = value.is_finite() and (value.adjusted() > 18 or value == int(value))
    except decimal.InvalidOperation:
        is_whole = False
    if not is_whole:
        return None
    # The conversion of a million digits to a Python integer would take minutes.
    return int(max(min(value, LARGEST + 1), -LARGEST - 1))


def _float(text):
    try:
        return float(text)
    except ValueError:
        return None


def _str(text):
    # In a flagfile a value is the rest of its line, without blanks at its ends.
    if text.startswith("--"):
        raise _Refused("a text that does not begin with '--'", "Was the value left out?")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise _Refused("a text in UTF-8", "Rename what it names, or give it a link with another name.")
    if text != text.strip() or not text.isprintable():
        raise _Refused("a text without blanks at its ends, line breaks and control characters")
    return text


def _path(text):
    try:
        return from_user(_str(text))
    except ValueError as error:
        advice = str(error)
        raise _Refused("a path", f"{advice[0].upper()}{advice[1:]}." if text else "") from None


def _meant(text, names):
    hint = did_you_mean(text, names).rstrip()
    return f"{hint[:1].upper()}{hint[1:]}"
