"""Writes configs/README.md, the list of all configurations, from the fields in their headers.

    .venv/bin/python tools/configurations.py

A header begins with a line that says what the configuration is. Then come fields, "# Name: text", that go on in lines
with an indent. Commands and variants, which are "name: flags", have a line each.
"""

import re
from pathlib import Path

CONFIGS = Path(__file__).resolve().parent.parent / "configs"
LIST = CONFIGS / "README.md"
REQUIRED = ("Paper", "Published", "Ours", "Command", "Time", "Measured")
OPTIONAL = ("Data", "Variants")
_BY_LINE = ("Command", "Variants")
_COLUMNS = ("Paper", "Published", "Ours", "Measured")


def main():
    LIST.write_text(text_of_list(), encoding="utf-8")
    print(LIST)


def names():
    """All configurations, without those that others only include."""
    return sorted(path.stem for path in CONFIGS.glob("*.cfg"))


def title(name):
    """The first line of a configuration."""
    return _header(name)[0]


def fields(name):
    """Field -> text of a configuration; a list of lines for commands and variants.

    Raises:
      ValueError: a line belongs to no field, or a field occurs twice.
    """
    found, current = {}, None
    for line in _header(name)[1:]:
        start = re.match(r"([A-Z][a-z]+):(?: |$)", line)
        if start:
            current = start[1]
            if current in found:
                raise ValueError(f"{name} has the field {current} twice")
            found[current] = []
            line = line[start.end() :]
        elif current is None or not line.startswith("  "):
            raise ValueError(f"{name}: {line!r} belongs to no field")
        if line.strip():
            found[current].append(line.strip())
    return {field: lines if field in _BY_LINE else " ".join(lines) for field, lines in found.items()}


def variants(name):
    """Variant -> the flags that are given after those of the configuration."""
    split = (line.partition(": --") for line in fields(name).get("Variants", ()))
    return {label: f"--{flags}".split() for label, _, flags in split}


def text_of_list():
    """The page: a table of all configurations."""
    lines = [
        "# Configurations",
        "",
        "<!-- made by tools/configurations.py from the headers of the configurations -->",
        "",
        "`python -m tfgan2.train --flagfile=configs/NAME.cfg --workdir=W` trains one. Each header has its command.",
        "Some have variants, with their flags. Parts that several configurations share are in [common](common).",
        "",
        "| configuration | " + " | ".join(column.lower() for column in _COLUMNS) + " |",
        "|---" * (len(_COLUMNS) + 1) + "|",
    ]
    for name in names():
        cells = [_linked(fields(name)[column]) for column in _COLUMNS]
        lines.append(f"| [{name}]({name}.cfg): {_linked(title(name))} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _header(name):
    text = (CONFIGS / f"{name}.cfg").read_text(encoding="utf-8")
    head = text.split("\n\n")[0].split("\n--")[0]
    return [line.removeprefix("# ") for line in head.splitlines()]


def _linked(text):
    """Flags as code, and links to the configurations and pages that a text names."""
    text = re.sub(r"(?<!\S)(--\w+(?:\.\w+)*(?:=[\w.,:/]*\w)?)", r"`\1`", text)
    text = re.sub(r"\bconfigs/(\w+)\.cfg", r"[\1](\1.cfg)", text)
    return re.sub(r"\bresults/(\w+)\.md", r"[\1](../results/\1.md)", text)


if __name__ == "__main__":
    main()
