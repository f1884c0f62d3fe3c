"""The output of `--help` and `--list`, on 80 columns."""

import textwrap
import typing
from typing import Literal

from tfgan2.flags import flagfiles
from tfgan2.flags.arguments import Argument, first_line
from tfgan2.flags.groups import Group
from tfgan2.flags.run_flags import EXAMPLES
from tfgan2.flags.texts import to_text, type_text
from tfgan2.ranges import range_of, type_of, without_none

_WIDTH = 80
_COLUMN = 22  # Column at which the texts of lists begin.
_LONGEST_CHOICE = 40  # Columns. Longer lists of choices are in the text below the flag.


def help_text(command: str, groups: list[Group], asking: dict[str, Argument]) -> str:
    """Returns all flags by group, each with its type, default and kind."""
    sections = [" \\\n".join(textwrap.wrap(f"python -m tfgan2.{command} {EXAMPLES[command]}", _WIDTH - 2, **_WHOLE))]
    if command == "train":
        about = (
            "For your own pictures `tfgan2 train folder:DIR` is enough: a recipe chooses all other flags, prints why, "
            "and keeps them in runs/DIR/flags.cfg. A flag that you give counts instead. --budget=30m sets the time. "
            "A flag of kind trajectory changes the numbers of a run and stays as it was at its start. A flag of kind "
            "runtime may change when the run continues. --flagfile=FILE reads flags from a file, one a line."
        )
        sections.append(_filled(about))
    for group in groups:
        if group.flags:
            flags = group.flags.items() if group.listed else ()
            sections.append("\n".join([_filled(group.title, after="  "), *map(_flag_text, flags)]))
    sections.append("\n".join(["Flags that print a text and end", *map(_flag_text, asking.items())]))
    return "\n\n".join(sections)


def list_text(methods, sources, networks, backbones) -> str:
    """Returns the list of methods, datasets, networks, backbones and configurations, each with a short description."""
    sections = {
        "Methods (--method)": _first_lines(methods) | {"module:Class": "A method of your own."},
        "Datasets (--dataset)": _first_lines(sources) | {"module:function": "Points or images of your own."},
        "Networks (--network)": _first_lines(networks) | {"module:factory": "A network family of your own."},
        "Backbones (--backbone)": _first_lines(backbones),
        "Configurations (--flagfile)": {name: flagfiles.summary(path) for name, path in flagfiles.configs().items()},
    }
    return "\n\n".join("\n".join([title, *_rows(rows)]) for title, rows in sections.items())


def _flag_text(item):
    flag, argument = item
    takes, about = type_text(argument.annotation), argument.help
    kind = type_of(without_none(argument.annotation)[0])
    is_list = typing.get_origin(kind) is tuple
    kind = typing.get_args(kind)[0] if is_list else kind
    if typing.get_origin(kind) is Literal and len(takes) > _LONGEST_CHOICE:
        names = ", ".join(map(str, typing.get_args(kind)))
        takes, about = ("NAME,...", f"{about} Any of {names}.") if is_list else ("NAME", f"{about} One of {names}.")
    interval = range_of(argument.annotation)
    takes += f" {interval}" if interval else ""
    head = f"--{flag}={takes}  ({to_text(argument.default) or 'empty'}; {argument.kind})"
    return "\n".join([_filled(head, "  ", "      "), *([_filled(about, "      ")] if about else [])])


_WHOLE = {"break_long_words": False, "break_on_hyphens": False, "subsequent_indent": "    "}


def _filled(text, before="", after=None):
    """A paragraph of at most 80 columns. `before` is at the beginning of the first line, `after` of the others."""
    indents = {"initial_indent": before, "subsequent_indent": before if after is None else after}
    return textwrap.fill(text, _WIDTH, **_WHOLE | indents)


def _first_lines(registry):
    return {name: first_line(entry) for name, entry in registry.items()}


def _rows(rows):
    """Two columns with names and texts. The text of a long name begins on the next line."""
    texts = {f"  {name} ": _filled(text, " " * _COLUMN) for name, text in rows.items()}
    return [f"{name}\n{text}" if len(name) > _COLUMN else name + text[len(name) :] for name, text in texts.items()]
