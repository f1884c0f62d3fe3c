"""What `--help` and `--list` show."""

import textwrap

from tfgan2.flags import flagfiles
from tfgan2.flags.arguments import Argument, first_line, to_text, type_text
from tfgan2.flags.groups import Group
from tfgan2.flags.run_flags import EXAMPLES

_WIDTH = 110


def help_text(command: str, groups: list[Group], asking: dict[str, Argument]) -> str:
    """All flags by group, each with what it takes, its default and its kind."""
    paragraphs = [f"python -m tfgan2.{command} {EXAMPLES[command]}"]
    if command == "train":
        paragraphs.append(
            "A flag of kind trajectory changes the numbers of a run and stays as it was at its start; one of kind "
            "runtime may change when the run continues. --flagfile=FILE reads flags from a file, one a line."
        )
    sections = [textwrap.fill(paragraph, _WIDTH) for paragraph in paragraphs]
    for group in groups:
        if group.flags:
            sections.append("\n".join([group.title, *map(_flag_text, group.flags.items() if group.listed else ())]))
    sections.append("\n".join(["What only shows something", *map(_flag_text, asking.items())]))
    return "\n\n".join(sections)


def list_text(methods, sources, networks, backbones) -> str:
    """The methods, datasets, networks, backbones and configurations, each with its first line."""
    sections = {
        "Methods (--method)": _first_lines(methods) | {"module:Class": "A method of your own."},
        "Datasets (--dataset)": _first_lines(sources) | {"module:function": "Points or images of your own."},
        "Networks (--network)": _first_lines(networks) | {"module:factory": "A network family of your own."},
        "Backbones (--backbone)": _first_lines(backbones),
        "Configurations (--flagfile)": {name: flagfiles.summary(path) for name, path in flagfiles.configs().items()},
    }
    return "\n\n".join("\n".join([title, *_columns(rows)]) for title, rows in sections.items())


def _flag_text(item):
    flag, argument = item
    head = f"  --{flag}={type_text(argument.annotation)}  ({to_text(argument.default) or 'empty'}; {argument.kind})"
    return (
        f"{head}\n{textwrap.fill(argument.help, _WIDTH, initial_indent='      ', subsequent_indent='      ')}".rstrip()
    )


def _first_lines(registry):
    return {name: first_line(entry) for name, entry in registry.items()}


def _columns(rows):
    width = max(map(len, rows), default=0)
    return [f"  {name:{width}}  {text}".rstrip() for name, text in rows.items()]
