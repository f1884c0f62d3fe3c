"""The tables of a page, made from the record of an experiment, of numbers that were measured alike."""

import math

import numpy as np

from tfgan2.experiment.statistics import summary
from tfgan2.system.files import write_whole

TABLE_BEGIN, TABLE_END = "<!-- table: made by tools/reproduce.py -->", "<!-- end of table -->"
_WEIGHTS = (
    ("raw", "ours"),
    ("averaged", "ours, averaged weights"),
    ("truncated", "ours, averaged weights, truncated latents"),
)
_FREE = ("averaged", "scores")  # the lines say which weights; each score is computed by itself
_QUALITY = {
    "quality_at_coverage": "quality at coverage",
    "within_3_std": "within 3 std",
    "width_large": "width, large axis",
    "width_small": "width, small axis",
}
"""Columns of each table of points with known modes, beside those of its experiment."""
_ROUNDING = 1e-4  # of a value of real data on two machines, relative


def write_tables(experiment, record, page):
    """Puts the tables into the page, and returns their text.

    Raises:
      SystemExit: two runs of one table were measured differently; the page stays as it is.
    """
    text = text_of_tables(experiment, record)
    put_tables(text, page)
    return text


def put_tables(text, page):
    """Replaces the tables of a page. A page that does not exist is written with its name as the heading."""
    old = page.read_text(encoding="utf-8") if page.exists() else f"# {page.stem}\n\n{TABLE_BEGIN}\n{TABLE_END}\n"
    before, rest = old.split(TABLE_BEGIN)
    _, after = rest.split(TABLE_END)
    write_whole(page, f"{before}{TABLE_BEGIN}\n{text}\n{TABLE_END}{after}".encode())


def text_of_tables(experiment, record):
    """The tables of means and standard deviations over the seeds.

    Args:
      experiment: an `Experiment`.
      record: row -> seed -> run.

    Raises:
      SystemExit: two runs of one table were measured differently.
    """
    tables = {}
    for line in _lines(experiment):
        tables.setdefault(line[0].table, []).append(line)
    parts = []
    for name, lines in tables.items():
        found = [Line(record, rows) for rows in lines]
        check_alike(found)
        table = _table(experiment, found)
        parts.append(f"{name}:\n\n{table}" if name else table)
    return "\n\n".join(parts)


class Line:
    """The runs behind a line of a table. The line shows one row, or the mean of several.

    Attributes:
      rows: all its rows.
      found: (number of the row, seed -> run) for each row that has runs.
      seeds: the seeds that all of these have.
    """

    def __init__(self, record, rows):
        self.rows = rows
        self.found = [(number, record[row.key]) for number, row in enumerate(rows) if record.get(row.key)]
        self.seeds = sorted(set.intersection(*(set(runs) for _, runs in self.found))) if self.found else []

    def runs(self, seed):
        """The run of each row."""
        return [runs[seed] for _, runs in self.found]


def _lines(experiment):
    """The rows of each line of the tables."""
    groups = {}
    for row in experiment.rows:
        groups.setdefault((row.table, row.group or row.name), []).append(row)
    return groups.values()


def check_alike(lines):
    """Refuses runs of one table that were measured differently. Rows of groups are compared by their numbers."""
    first_of, real_of = {}, {}
    for line in lines:
        for number, runs in line.found:
            for seed, run in runs.items():
                place = f"{line.rows[number].key}, seed {seed},"
                protocol = {name: value for name, value in run["protocol"].items() if name not in _FREE}
                _compare(*first_of.setdefault(number, (place, protocol)), place, protocol)
                other_place, other = real_of.setdefault((number, seed), (place, run["real_values"]))
                # A later version may measure more of the same data, or less.
                shared = {name: value for name, value in run["real_values"].items() if name in other}
                _compare(other_place, {name: other[name] for name in shared}, place, shared)


def _compare(first_place, first, place, values):
    different = [name for name in first | values if not _equal(first.get(name), values.get(name))]
    if different:
        raise SystemExit(
            f"{first_place} and {place} were measured differently, so their numbers may not stand in one table: "
            + "; ".join(f"{name} is {first.get(name)} and {values.get(name)}" for name in different)
            + ". Measure one of them again, or give their rows a table each."
        )


def _equal(first, second):
    if isinstance(first, float) and isinstance(second, float):
        return math.isclose(first, second, rel_tol=_ROUNDING, abs_tol=1e-9)
    return (first or None) == (second or None)  # nothing, and what an earlier version did not write


def _measures(experiment, lines):
    """The columns of a table: those of the experiment, and those of quality if a run was measured with them."""
    floors = [run["real_values"] for line in lines for _, runs in line.found for run in runs.values()]
    return experiment.measures | {name: head for name, head in _QUALITY.items() if any(name in of for of in floors)}


def _table(experiment, lines):
    measures = _measures(experiment, lines)
    table = ["| method | seeds | " + " | ".join(measures.values()) + " |"]
    table.append("|---" * (2 + len(measures)) + "|")
    floors = []
    for line in lines:
        row = line.rows[0]
        name, part = row.group or row.name, f" (mean of {len(line.found)} of {len(line.rows)})" if row.group else ""
        if row.published:
            cells = [row.published.get(measure, "-") for measure in measures]
            table.append(f"| {name}, published | 8 | " + " | ".join(cells) + " |")
        measured = {weights for seed in line.seeds for run in line.runs(seed) for weights in run["values"]} | {"raw"}
        for weights, label in _WEIGHTS:
            if weights not in measured:
                continue
            cells = [
                mean_and_std(
                    [
                        _mean_of([run["values"].get(weights, {}).get(measure) for run in line.runs(seed)])
                        for seed in line.seeds
                    ],
                    experiment.decimals,
                )
                for measure in measures
            ]
            table.append(f"| {name}{part}, {label} | {len(line.seeds)} | " + " | ".join(cells) + " |")
        floors += [run["real_values"] for seed in line.seeds for run in line.runs(seed)]
    if floors:
        cells = [_mean([floor.get(measure) for floor in floors], experiment.decimals) for measure in measures]
        table.append("| real data | - | " + " | ".join(cells) + " |")
    return "\n".join(table)


def _mean_of(values):
    return None if None in values else float(np.mean(values))


def _mean(values, decimals):
    """The mean of the values that there are: some rows measure more of the real data than others."""
    known = [value for value in values if value is not None]
    return f"{np.mean(known):.{decimals}f}" if known else "-"


def mean_and_std(values, decimals):
    if not values:
        return "not measured"
    if None in values:
        return "-"
    return summary(values).text(decimals)
