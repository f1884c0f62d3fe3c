"""Draws who imports whom in tfgan2, from its syntax trees, to docs/explanation/architecture.svg.

Each box is a package or a module at the top of tfgan2/, with the first line of its docstring. A box stands above what
it imports. Arrows point to what a box imports; those that others imply are left out. What nearly all others import is a
bar at the bottom.
"""

import argparse
import ast
import sys
import textwrap
from pathlib import Path

import drawing

ROOT = Path(__file__).resolve().parent.parent
PACKAGE, PICTURE = ROOT / "tfgan2", ROOT / "docs" / "explanation" / "architecture.svg"
OPEN_TO_ALL = ("errors", "ranges", "system")
COMMANDS = ("__main__", "train", "evaluate", "sample", "compare", "export", "report", "doctor", "completion")
BOX, GAP, ROW = (184, 80), 22, 124


def part_of(path):
    """The box that a module belongs to: its package, or itself; the commands have one box."""
    name = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return "commands" if name in COMMANDS else name


def imports():
    """Part -> the other parts that its modules import."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        part = part_of(path)
        if part == "__init__":
            continue
        names = found.setdefault(part, set())
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module == "tfgan2":
                modules = [f"tfgan2.{alias.name}" for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                modules = [node.module]
            names |= {module.split(".")[1] for module in modules if module.startswith("tfgan2.")}
    return {part: names & found.keys() - {part} for part, names in found.items()}


def reduced(graph):
    """The graph without the edges that paths of other edges imply; it has no circle."""

    def reached(part):
        return graph[part].union(*(reached(other) for other in graph[part]))

    return {part: others - set().union(*map(reached, others)) for part, others in graph.items()}


def rows_of(graph):
    """Rows of parts from the top to the bottom. Each part stands right below the lowest one that imports it."""
    users = {part: [user for user, others in graph.items() if part in others] for part in graph}

    def depth(part):
        return 1 + max(map(depth, users[part]), default=0)

    rows = {}
    for part in sorted(graph):
        rows.setdefault(depth(part), []).append(part)
    return [rows[level] for level in sorted(rows)]


def summary(part):
    """The first line of a part's docstring."""
    if part == "commands":
        return f"{', '.join(COMMANDS)}: flags in, one call, an exit code."
    path = PACKAGE / part / "__init__.py"
    path = path if path.exists() else PACKAGE / f"{part}.py"
    return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))).partition("\n")[0]


def picture():
    """The drawing as SVG."""
    whole = imports()
    graph = {part: others - set(OPEN_TO_ALL) for part, others in whole.items() if part not in OPEN_TO_ALL}
    rows, places = rows_of(reduced(graph)), {}
    width = max(map(len, rows)) * (BOX[0] + GAP) + GAP
    for row, parts in enumerate(rows):
        left = (width - len(parts) * (BOX[0] + GAP) + GAP) / 2
        places |= {part: (left + place * (BOX[0] + GAP), 20 + row * ROW) for place, part in enumerate(parts)}
    bottom = 20 + len(rows) * ROW
    shapes = [
        _arrow(places[part], places[other]) for part, others in reduced(graph).items() for other in sorted(others)
    ]
    shapes += [_box(part, summary(part), *place, *BOX) for part, place in places.items()]
    shapes.append(
        _box("imported by nearly all", [f"{part}: {summary(part)}" for part in OPEN_TO_ALL], 20, bottom, width - 40, 68)
    )
    return drawing.page("Who imports whom in tfgan2", width, bottom + 82, shapes)


def _arrow(start, end):
    return drawing.arrow((start[0] + BOX[0] / 2, start[1] + BOX[1]), (end[0] + BOX[0] / 2, end[1]))


def _box(name, words, left, top, width, height):
    lines = textwrap.wrap(words, int(width / 6.2))[:4] if isinstance(words, str) else words
    texts = [drawing.text(line, left + 8, top + 32 + 12 * row, 10.5) for row, line in enumerate(lines)]
    shape = drawing.box(left, top, width, height, "net")
    return "\n".join([shape, drawing.text(name, left + 8, top + 17, 13, bold=True), *texts])


def main():
    """Writes the picture, or compares it with the one that is there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 if the picture is out of date")
    if parser.parse_args().check:
        current = PICTURE.exists() and PICTURE.read_text(encoding="utf-8") == picture()
        return 0 if current else f"{PICTURE.relative_to(ROOT)} is out of date; run tools/architecture.py"
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(picture(), encoding="utf-8")
    print(PICTURE.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
