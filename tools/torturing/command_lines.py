"""Command lines: flags of every command with right, wrong and strange values."""

import math
import typing
from pathlib import Path
from typing import Literal

from tfgan2.data.sources import SOURCES
from tfgan2.errors import InputError
from tfgan2.flags.flagfiles import configs
from tfgan2.flags.parsing import declared_flags, parse
from tfgan2.flags.run_flags import RUN_FLAGS
from tfgan2.methods import METHODS
from tfgan2.networks import NETWORKS
from tfgan2.ranges import AUTO, accepts_auto, range_of, type_of, without_none
from torturing.judge import Wrong
from torturing.strange import TEXTS, mutated

_MISSPELT = 0.1  # Share of flags whose name is changed.
_STRANGE = 0.3  # Share of flags with any text as a value.


def run(drawn, folder, name_kind):
    """Parses one command line. What it takes must have the meant values, and survive a flagfile."""
    command = drawn.choice([*["train"] * 4, *RUN_FLAGS])
    chosen = {argument.name: argument.default for argument in RUN_FLAGS[command]}
    lines = []
    if command == "train":
        choices = {"method": METHODS, "dataset": SOURCES, "network": NETWORKS}
        for flag, known in choices.items():
            if flag == "network" and drawn.random() < 0.5:
                continue
            chosen[flag] = drawn.choice([*known])
            lines.append(f"--{flag}={chosen[flag]}")
        if drawn.random() < 0.2:
            lines = [f"--flagfile={drawn.choice([*configs()])}", *lines]
    declared = declared_flags(command, chosen)
    meant, strange = {}, False
    for flag in drawn.sample([*declared], min(len(declared), drawn.randint(0, 8))):
        text, value = _value(drawn, declared[flag].annotation)
        if drawn.random() < _STRANGE:
            text, strange = drawn.choice([drawn.choice(TEXTS), mutated(drawn, text)]), True
        name = flag
        if drawn.random() < _MISSPELT:
            name, strange = mutated(drawn, flag), True
        lines.append(f"--{name}={text}" if drawn.random() < 0.9 else f"--{name}")
        strange = strange or "=" not in lines[-1]
        meant[flag] = value
    if drawn.random() < 0.1:
        lines.insert(drawn.randrange(len(lines) + 1), drawn.choice(TEXTS))
        strange = True
    if any(flag.startswith("workdir") for flag in declared) and drawn.random() < 0.9:
        lines.append("--workdir=w")
        meant.pop("workdir", None)
    meant = {flag: value for flag, value in meant.items() if flag != "output" or value is not None}
    name_kind("strange" if strange else "plain")
    argv = _in_flagfile(drawn, folder, lines) if drawn.random() < 0.3 else lines
    try:
        settings = parse(command, argv)
    except InputError as error:
        if not any(word in str(error) for word in ("--", "flag", *filter(None, lines))):
            raise Wrong(f"a message that names no flag: {error}") from None
        raise
    if not strange:
        for flag, value in meant.items():
            if flag in settings.values and not _equal(settings.values[flag], value):
                raise Wrong(f"--{flag} is {settings.values[flag]!r}, and {value!r} was meant: {lines}")
    if command == "train":
        _check_round_trip(settings, folder)


def _check_round_trip(settings, folder):
    """The text of settings must give the same settings."""
    path = folder / "again.cfg"
    path.write_text(settings.text(), encoding="utf-8")
    again = parse("train", [f"--flagfile={path}"])
    for flag, value in settings.values.items():
        if flag in again.values and not _equal(again.values[flag], value):
            raise Wrong(f"--{flag} is {value!r}, and {again.values[flag]!r} after a flagfile")


def _in_flagfile(drawn, folder, lines):
    """The lines as a flagfile in the ways that editors save files."""
    ending = drawn.choice(["\n", "\r\n"])
    start = drawn.choice(["", "\ufeff", "# comment" + ending, ending])
    body = ending.join(lines) + drawn.choice(["", ending])
    path = folder / "flags.cfg"
    path.write_bytes((start + body).encode("utf-8", "surrogatepass"))
    return [f"--flagfile={path}"]


def _value(drawn, annotation):
    """A valid text of a type, and the value that it means."""
    inner, optional = without_none(annotation)
    if optional and drawn.random() < 0.2:
        return "none", None
    if accepts_auto(inner) and drawn.random() < 0.2:
        return AUTO, AUTO
    kind = type_of(inner)
    if typing.get_origin(kind) is Literal:
        value = drawn.choice(typing.get_args(kind))
        return str(value), value
    if typing.get_origin(kind) is tuple:
        items = [_value(drawn, typing.get_args(kind)[0]) for _ in range(drawn.randint(0, 3))]
        if any(text == "" for text, _ in items):
            items = []
        return ",".join(text for text, _ in items), tuple(value for _, value in items)
    if kind is bool:
        value = drawn.random() < 0.5
        return drawn.choice([str(value), str(value).lower(), str(int(value))]), value
    if kind in (int, float):
        return _number(drawn, kind, range_of(inner))
    text = drawn.choice(["a", "b-c", "d/e", "ü", "x1"])
    return text, Path(text) if kind is Path else text


def _number(drawn, kind, interval):
    """A number in an interval, or any number if none of a hundred draws lies in it."""
    for _ in range(100):
        exponent = drawn.uniform(-6, 6)
        value = kind(drawn.choice([0, 1, -1, 0.5, 10**exponent, -(10**exponent), 2, 1000]))
        if interval is None or value in interval:
            break
    if kind is int:
        return drawn.choice([f"{value}", f"{value:_}", f"{value}.0"]), value
    return drawn.choice([repr(value), f"{value:.17e}"]), value


def _equal(found, meant):
    if isinstance(found, float) and isinstance(meant, float | int):
        return found == meant or math.isclose(found, meant, rel_tol=1e-12)
    if isinstance(meant, Path) and isinstance(found, Path):
        return found.name == meant.name
    if isinstance(found, tuple) and isinstance(meant, tuple):
        return len(found) == len(meant) and all(map(_equal, found, meant))
    return found == meant
