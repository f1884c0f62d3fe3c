"""Keyword-only constructor arguments, read as the flags that set them."""

import inspect
import re
import textwrap
import types
import typing
from typing import Any, Literal, NamedTuple

from tfgan2.errors import InputError
from tfgan2.flags.nearest import did_you_mean

TRAJECTORY = "trajectory"
RUNTIME = "runtime"


class Argument(NamedTuple):
    """What a flag sets.

    Attributes:
      name: of the constructor's argument or of the run's flag.
      annotation: bool, int, float, str, a Literal, tuple[<one of these>, ...], or one of these | None.
      default: what holds if the flag is not given.
      help: one paragraph.
      kind: TRAJECTORY if it changes the numbers of a run, RUNTIME if only where and how it runs.
    """

    name: str
    annotation: Any
    default: Any
    help: str
    kind: str = TRAJECTORY


def arguments_of(factory, *, leave_out=()) -> list[Argument]:
    """The keyword-only arguments of a class or function, each with its line in `Args:` of the docstring or a base's.

    Raises:
      InputError: an argument has no default, or an annotation that no flag can be made of.
    """
    function = factory.__init__ if inspect.isclass(factory) else factory
    hints = typing.get_type_hints(function)
    helps = _documented(factory)
    arguments = []
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind is not inspect.Parameter.KEYWORD_ONLY or name in leave_out:
            continue
        of = f"argument {name!r} of {getattr(factory, '__name__', factory)}"
        if parameter.default is inspect.Parameter.empty:
            raise InputError(f"{of} has no default; give it one, so that a flag can be made of it")
        if not _can_be_flag(hints.get(name)):
            raise InputError(
                f"{of} has the annotation {hints.get(name)}; flags are made of bool, int, float, str, Literal[...], "
                "tuple[int, ...] and any of these | None"
            )
        arguments.append(Argument(name, hints[name], parameter.default, helps.get(name, "")))
    return arguments


def from_text(annotation, text: str):
    """The value that a flag's text stands for.

    Raises:
      ValueError: the text has another type; the message says what is accepted.
    """
    inner, optional = _optional(annotation)
    if optional and text.lower() == "none":
        return None
    try:
        if typing.get_origin(inner) is Literal:
            return _choice(typing.get_args(inner), text)
        if typing.get_origin(inner) is tuple:
            item = typing.get_args(inner)[0]
            return tuple(from_text(item, part.strip()) for part in text.split(",")) if text.strip() else ()
        return {bool: _bool, int: _int, float: _float, str: _str}[inner](text)
    except ValueError as error:
        raise ValueError(f"{error}, or None" if optional and inner is not str else str(error)) from None


def to_text(value) -> str:
    """The text that `from_text` reads back as `value`."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ",".join(map(to_text, value))
    return str(value)


def type_text(annotation) -> str:
    """What a flag takes, for its help: INT, a|b, INT,..."""
    inner, _ = _optional(annotation)
    if typing.get_origin(inner) is Literal:
        return "|".join(map(str, typing.get_args(inner)))
    if typing.get_origin(inner) is tuple:
        return f"{type_text(typing.get_args(inner)[0])},..."
    return "true|false" if inner is bool else {int: "INT", float: "FLOAT", str: "TEXT"}[inner]


def first_line(factory) -> str:
    """The first line of a docstring, or nothing."""
    return (inspect.getdoc(factory) or "").partition("\n")[0]


def _documented(factory):
    """Argument -> its paragraph in the `Args:` section of a Google-style docstring, or in that of a base class."""
    helps = {}
    for documented in reversed(inspect.getmro(factory) if inspect.isclass(factory) else (factory,)):
        section = re.search(r"^Args:\n((?:[ ]+.*\n|\n)*)", (inspect.getdoc(documented) or "") + "\n", re.M)
        lines = textwrap.dedent(section[1]) if section else ""
        entries = re.findall(r"^\*{0,2}(\w+)(?: \(.*?\))?:((?:.*)(?:\n[ ]+.*)*)", lines, re.M)
        helps |= {name: " ".join(text.split()) for name, text in entries}
    return helps


def _optional(annotation):
    """(annotation without None, whether None was one of its members)."""
    if typing.get_origin(annotation) not in (typing.Union, types.UnionType):
        return annotation, False
    members = [member for member in typing.get_args(annotation) if member is not types.NoneType]
    return (members[0] if len(members) == 1 else None), len(members) < len(typing.get_args(annotation))


def _can_be_flag(annotation):
    inner, _ = _optional(annotation)
    if typing.get_origin(inner) is tuple:
        items = typing.get_args(inner)
        is_choice = typing.get_origin(items[0]) is Literal
        return len(items) == 2 and items[1] is ... and (is_choice or items[0] in (int, float, str))
    return typing.get_origin(inner) is Literal or inner in (bool, int, float, str)


def _choice(choices, text):
    for choice in choices:
        if str(choice) == text:
            return choice
    names = list(map(str, choices))
    raise ValueError(f"{did_you_mean(text, names)}choose one of {', '.join(names)}")


def _bool(text):
    try:
        return {"true": True, "t": True, "1": True, "false": False, "f": False, "0": False}[text.lower()]
    except KeyError:
        raise ValueError("give true or false") from None


def _int(text):
    try:
        return int(text)
    except ValueError:
        raise ValueError("give a whole number") from None


def _float(text):
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not abs(value) < float("inf"):
        raise ValueError("give a finite number")
    return value


def _str(text):
    # In a flagfile a value is the rest of its line, without the blanks at its ends.
    if text.startswith("--"):
        raise ValueError("a value cannot begin with '--'; was the value left out?")
    if text != text.strip() or not text.isprintable():
        raise ValueError("give a text without blanks at its ends, line breaks and control characters")
    return text
