"""Keyword-only constructor arguments, read as the flags that set them."""

import decimal
import inspect
import re
import textwrap
import types
import typing
from pathlib import Path
from typing import Any, Literal, NamedTuple

from tfgan2.errors import InputError
from tfgan2.flags.nearest import did_you_mean
from tfgan2.system.paths import from_user, to_user

TRAJECTORY = "trajectory"
RUNTIME = "runtime"

LARGEST = 2**31 - 1
"""The largest integer that a flag takes, if `_LARGEST_OF` has no smaller one; the smallest is its negative."""

# What is allocated in proportion to an argument must not fill the memory before it is refused.
_LARGEST_OF = {
    **dict.fromkeys(("batch_size", "generator_batch", "steps_per_execution", "auxiliary_count"), 2**20),
    **dict.fromkeys(("points_per_mode", "point_count", "count"), 10_000_000),
    **dict.fromkeys(("hidden_units", "latent_dim", "embedding_dim", "projection_units", "maxout_units"), 2**14),
    **dict.fromkeys(("partitions", "neighbors", "between", "threads"), 2**12),
    **dict.fromkeys(("hidden_layers", "discriminator_hidden_layers", "blocks", "stages", "maxout_pieces"), 100),
    **dict.fromkeys(("num_generators", "discriminator_steps", "power_iterations", "rejection_rounds"), 100),
}


class Argument(NamedTuple):
    """What a flag sets.

    Attributes:
      name: of the constructor's argument or of the run's flag.
      annotation: bool, int, float, str, Path, a Literal, tuple[<one of these>, ...], or one of these | None.
      default: what holds if the flag is not given.
      help: one paragraph.
      kind: TRAJECTORY if it changes the numbers of a run, RUNTIME if only where and how it runs.
      repeated: whether a tuple's flag may be given once for each item, which then may hold commas.
    """

    name: str
    annotation: Any
    default: Any
    help: str
    kind: str = TRAJECTORY
    repeated: bool = False


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
                f"{of} has the annotation {hints.get(name)}; flags are made of bool, int, float, str, Path, "
                "Literal[...], tuple[int, ...] and any of these | None"
            )
        arguments.append(Argument(name, hints[name], parameter.default, helps.get(name, "")))
    return arguments


def largest_of(name: str) -> int:
    """The largest integer that an argument takes, of whatever constructor; it keeps memory and 32-bit numbers safe."""
    return _LARGEST_OF.get(name, LARGEST)


def from_text(annotation, text: str, largest: int = LARGEST):
    """The value that a flag's text stands for.

    Commas separate the items of a tuple; a comma within an item has a backslash before it, as has a backslash.
    Integers may be written in any way that leaves no doubt: 1000, 1_000, 1e3, 1000.0.

    Args:
      annotation: type of the value.
      text: of the flag.
      largest: the largest absolute value of an integer.

    Raises:
      ValueError: the text has another type, or an integer is too large; the message says what is accepted.
    """
    inner, optional = _optional(annotation)
    if optional and text.lower() == "none":
        return None
    try:
        if typing.get_origin(inner) is Literal:
            return _choice(typing.get_args(inner), text)
        if typing.get_origin(inner) is tuple:
            item = typing.get_args(inner)[0]
            return tuple(from_text(item, part, largest) for part in _items(text)) if text.strip() else ()
        if inner is int:
            return _int(text, largest)
        return {bool: _bool, float: _float, str: _str, Path: _path}[inner](text)
    except ValueError as error:
        raise ValueError(f"{error}, or None" if optional and inner not in (str, Path) else str(error)) from None


def to_text(value) -> str:
    """The text that `from_text` reads back as `value`."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ",".join(re.sub(r"[\\,]", r"\\\g<0>", to_text(item)) for item in value)
    return to_user(value) if isinstance(value, Path) else str(value)


def type_text(annotation) -> str:
    """What a flag takes, for its help: INT, a|b, INT,..."""
    inner, _ = _optional(annotation)
    if typing.get_origin(inner) is Literal:
        return "|".join(map(str, typing.get_args(inner)))
    if typing.get_origin(inner) is tuple:
        return f"{type_text(typing.get_args(inner)[0])},..."
    return "true|false" if inner is bool else {int: "INT", float: "FLOAT", str: "TEXT", Path: "PATH"}[inner]


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
        return len(items) == 2 and items[1] is ... and (is_choice or items[0] in (int, float, str, Path))
    return typing.get_origin(inner) is Literal or inner in (bool, int, float, str, Path)


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


def _items(text):
    """The texts between commas, without the blanks around them."""
    items = [""]
    for piece in re.findall(r"\\[\\,]|[^\\,]+|.", text, re.DOTALL):
        if piece == ",":
            items.append("")
        else:
            items[-1] += piece.removeprefix("\\") or "\\"
    return [item.strip() for item in items]


def _int(text, largest):
    try:
        value = decimal.Decimal(text)
        is_whole = value.is_finite() and (value.adjusted() > 18 or value == int(value))
    except decimal.InvalidOperation:
        is_whole = False
    if not is_whole:
        raise ValueError("give a whole number")
    if not -largest <= value <= largest:
        raise ValueError(f"give a whole number in [0, {largest}]")
    return int(value)


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
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("it has bytes that are not UTF-8; rename what it names, or give it a link with another name")
    if text != text.strip() or not text.isprintable():
        raise ValueError("give a text without blanks at its ends, line breaks and control characters")
    return text


def _path(text):
    return from_user(_str(text))
