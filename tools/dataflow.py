"""Draws the flow of data in a training step of five methods, to docs/explanation/METHOD_flow.svg.

A picture is a grid. Data are at the top, networks below, and losses at the bottom. The number of a loss is that of the
step in the page, and its first line names the networks that the loss moves.
"""

import argparse
import sys
from pathlib import Path
from typing import NamedTuple

import drawing

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "explanation"
COLUMN, ROW, MARGIN = 144, 84, 8
NETWORK, LOSS = (100, 34), (136, 58)


class Node(NamedTuple):
    """A box: its kind, its column and row (halves are allowed), and its lines. The first is bold, except for data."""

    kind: str
    column: float
    row: float
    lines: tuple[str, ...]


class Edge(NamedTuple):
    """An arrow from a node to one below it, and what flows along it. `at` is the place of this text, from 0 to 1."""

    start: str
    end: str
    label: str = ""
    at: float = 0.5


def data(column, row, *lines):
    return Node("data", column, row, lines)


def network(column, row, name):
    return Node("net", column, row, (name,))


def loss(column, row, *lines):
    return Node("loss", column, row, lines)


FIGURES = {
    "gngan": (
        "A step of GN-GAN",
        {
            "z": data(0, 0, "z, latents"),
            "x": data(2, 0, "x, real"),
            "E": network(1, 1, "E"),
            "G": network(0, 2, "G"),
            "D": network(2, 3, "D"),
            "1": loss(0, 4, "1: moves E and G", "G(E(x)) is like x,", "distances are kept"),
            "2": loss(1, 4, "2: moves D", "real or generated?", "gradient norm 1"),
            "3": loss(2, 4, "3: moves G", "equal mean scores", "and slopes of D"),
        },
        [
            Edge("x", "E"),
            Edge("E", "G", "E(x)"),
            Edge("z", "G"),
            Edge("x", "D"),
            Edge("G", "1", "G(E(x)), G(z)", 0.6),
            Edge("G", "D", "G(E(x)), G(z)"),
            Edge("D", "2"),
            Edge("D", "3"),
        ],
    ),
    "rumi": (
        "A step of Rumi-GAN",
        {
            "z": data(0, 0, "z, latents"),
            "p": data(1, 0, "x⁺, wanted"),
            "n": data(2, 0, "x⁻, unwanted"),
            "G": network(0, 1, "G"),
            "D": network(1, 2, "D"),
            "1": loss(0.4, 3, "1: moves D", "x⁺: b⁺, x⁻: b⁻,", "G(z): a"),
            "2": loss(1.6, 3, "2: moves G", "D(G(z)) shall be c"),
        },
        [
            Edge("z", "G"),
            Edge("G", "D", "G(z)"),
            Edge("p", "D"),
            Edge("n", "D"),
            Edge("D", "1"),
            Edge("D", "2"),
        ],
    ),
    "p2gan": (
        "A step of P2GAN with one pull and one push",
        {
            "x": data(0, 0, "x, mixed data"),
            "z": data(1, 0, "z, latents"),
            "u": data(2, 0, "u, unwanted"),
            "G": network(1, 1, "G"),
            "pull": network(0, 2, "pull D"),
            "push": network(2, 2, "push D"),
            "1": loss(0, 3, "1: moves pull D", "x or G(z)?"),
            "2": loss(1, 3, "2: moves G", "look like x,", "unlike u"),
            "1b": loss(2, 3, "1: moves push D", "u or G(z)?"),
        },
        [
            Edge("z", "G"),
            Edge("x", "pull"),
            Edge("u", "push"),
            Edge("G", "pull", "G(z)"),
            Edge("G", "push", "G(z)"),
            Edge("pull", "1"),
            Edge("pull", "2", "S", 0.35),
            Edge("push", "2", "S̃", 0.35),
            Edge("push", "1b"),
        ],
    ),
    "logan": (
        "A step of LOGAN",
        {
            "x": data(0, 0, "x, real"),
            "z": data(2, 0, "z, latents"),
            "E": network(0, 1, "E"),
            "G": network(2, 1, "G"),
            "D": network(1, 2, "D"),
            "2": loss(0, 3, "2: moves E", "lower l(x, E(x))"),
            "1": loss(1, 3, "1: moves D", "which pair? slope", "from G(E(x)) to x"),
            "3": loss(2, 3, "3: moves G", "raise l(G(z), z)"),
        },
        [
            Edge("x", "E"),
            Edge("z", "G"),
            Edge("E", "D", "(x, E(x))"),
            Edge("G", "D", "(G(z), z)"),
            Edge("D", "2"),
            Edge("D", "1"),
            Edge("D", "3"),
        ],
    ),
    "pgmgan": (
        "A step of PGMGAN",
        {
            "x": data(0, 0, "x, real"),
            "z": data(2, 0, "z, latents"),
            "P": network(1, 1, "partitioner"),
            "G": network(2, 2, "G"),
            "D": network(0, 3, "D"),
            "P'": network(2, 3, "partitioner"),
            "1": loss(0, 4, "1: moves D", "x or G(z, y)?", "by output y of D"),
            "2": loss(1.5, 4, "2: moves G", "look real, and", "lie in part y"),
        },
        [
            Edge("x", "P"),
            Edge("x", "D"),
            Edge("z", "G"),
            Edge("P", "G", "part y of x", 0.6),
            Edge("P", "D", "y"),
            Edge("G", "D", "G(z, y)"),
            Edge("G", "P'", "G(z, y)"),
            Edge("D", "1"),
            Edge("D", "2", "score", 0.4),
            Edge("P'", "2", "guide", 0.4),
        ],
    ),
}
"""Method -> the title of its picture, its nodes by their keys, and its edges."""


def place(node):
    """(left, top, width, height) of a node."""
    width, height = LOSS if node.kind == "loss" else NETWORK
    left = MARGIN + node.column * COLUMN + (LOSS[0] - width) / 2
    return left, MARGIN + node.row * ROW, width, height


def picture(method):
    """The drawing of a method as SVG."""
    title, nodes, edges = FIGURES[method]
    places = {key: place(node) for key, node in nodes.items()}
    width = max(left + width for left, _, width, _ in places.values()) + MARGIN
    height = max(top + height for _, top, _, height in places.values()) + MARGIN
    width = max(width, 2 * COLUMN + LOSS[0] + 2 * MARGIN)
    ends = [(_below(places[edge.start]), _above(places[edge.end])) for edge in edges]
    shapes = [drawing.arrow(*pair) for pair in ends]
    shapes += [_label(edge, *pair) for edge, pair in zip(edges, ends, strict=True) if edge.label]
    for key, node in nodes.items():
        left, top, wide, high = places[key]
        shapes.append(drawing.box(left, top, wide, high, node.kind, radius=16 if node.kind == "data" else 5))
        first = top + high / 2 + 5 - 8 * (len(node.lines) - 1)
        for row, words in enumerate(node.lines):
            head = not row and node.kind != "data"
            line = left + wide / 2, first + 16 * row
            shapes.append(drawing.text(words, *line, 14 if head else 13, bold=head, anchor="middle"))
    return drawing.page(title, width, height, shapes)


def _below(box):
    return box[0] + box[2] / 2, box[1] + box[3]


def _above(box):
    return box[0] + box[2] / 2, box[1]


def _label(edge, start, end):
    share = 3 * edge.at**2 - 2 * edge.at**3  # of the curve's way to the side
    left, top = start[0] + share * (end[0] - start[0]), start[1] + edge.at * (end[1] - start[1])
    width = 6.3 * len(edge.label) + 6
    ground = drawing.box(left - width / 2, top - 8, width, 16, "ground")
    return f"{ground}\n{drawing.text(edge.label, left, top + 4, 12, anchor='middle')}"


def main(argv=None):
    """Writes the pictures, or compares them with those that are there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 if a picture is out of date")
    check = parser.parse_args(argv).check
    for method in FIGURES:
        path = FOLDER / f"{method}_flow.svg"
        if check and (not path.exists() or path.read_text(encoding="utf-8") != picture(method)):
            return f"{path.relative_to(ROOT)} is out of date; run tools/dataflow.py"
        if not check:
            path.write_text(picture(method), encoding="utf-8")
            print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
