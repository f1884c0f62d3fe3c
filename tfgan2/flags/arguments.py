"""Flags from keyword-only constructor arguments."""

import inspect
import re
import textwrap
import typing
from pathlib import Path
from typing import Any, Literal, NamedTuple

from tfgan2.errors import InputError
from tfgan2.ranges import type_of, without_none

TRAJECTORY = "trajectory"
RUNTIME = "runtime"


class Argument(NamedTuple):
    """A flag or the constructor argument that it sets.

    Attributes:
      name: Name of the argument or of the flag.
      annotation: bool, int, float, str, Path, a Literal, tuple[<one of these>, ...], or one of these | None. Numbers
        may have a range of `tfgan2.ranges`.
      default: Value without the flag.
      help: Help as one paragraph.
      kind: TRAJECTORY if it changes the numbers of a run, or RUNTIME if it does not.
      repeated: Whether the flag of a tuple may be repeated for each item. The items may then have commas.
      commas: Whether commas separate the items of a tuple if its flag is given once.
    """

    name: str
    annotation: Any
    default: Any
    help: str
    kind: str = TRAJECTORY
    repeated: bool = False
    commas: bool = True


def arguments_of(factory, *, leave_out=()) -> list[Argument]:
    """Returns the keyword-only arguments of a class or function.

    The help of an argument is its entry in the section `Args:` of the docstring, or of the docstring of a base class.

    Raises:
      InputError: An argument has no default, or its annotation cannot be that of a flag.
    """
    function = factory.__init__ if inspect.isclass(factory) else factory
    hints = typing.get_type_hints(function, include_extras=True)
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
                f"{of} has the annotation {hints.get(name)}; flags are made of bool, int, float, str, Path, "
                "Literal[...], tuple[int, ...] and any of these | None"
            )
        arguments.append(Argument(name, hints[name], parameter.default, helps.get(name, "")))
    return arguments


def first_line(factory) -> str:
    """Returns the first line of a docstring, or an empty text."""
    return (inspect.getdoc(factory) or "").partition("\n")[0]


def _documented(factory):
    """Argument -> its paragraph in the section `Args:` of a docstring in Google style, or of that of a base class."""
    helps = {}
    for documented in reversed(inspect.getmro(factory) if inspect.isclass(factory) else (factory,)):
        section = re.search(r"^Args:\n((?:[ ]+.*\n|\n)*)", (inspect.getdoc(documented) or "") + "\n", re.M)
        lines = textwrap.dedent(section[1]) if section else ""
        entries = re.findall(r"^\*{0,2}(\w+)(?: \(.*?\))?:((?:.*)(?:\n[ ]+.*)*)", lines, re.M)
        helps |= {name: " ".join(text.split()) for name, text in entries}
    return helps


def _can_be_flag(annotation):
    kind = type_of(without_none(annotation)[0])
    if typing.get_origin(kind) is tuple:
        item, *rest = map(type_of, typing.get_args(kind))
        is_choice = typing.get_origin(item) is Literal
        return rest == [...] and (is_choice or item in (int, float, str, Path))
    return typing.get_origin(kind) is Literal or kind in (bool, int, float, str, Path)
