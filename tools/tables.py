"""Tables of results/, made from the JSON files of finished runs alone, of numbers that were measured alike."""

import json
import math

import numpy as np
from pages import results_of

TABLE_BEGIN, TABLE_END = "<!-- table: made by tools/reproduce.py -->", "<!-- end of table -->"
_WEIGHTS = (("raw", "ours"), ("averaged", "ours, averaged weights"))
_FREE = ("averaged", "scores")  # the lines say which weights; each score is computed by itself
_ROUNDING = 1e-4  # of a value of real data on two machines, relative


def write_table(comparison, folder):
    """Puts the tables of mean and standard deviation over the seeds into the page, and returns their text.

    Raises:
      SystemExit: two results of one table were measured differently; the page stays as it is.
    """
    tables = {}
    for line in _lines(comparison):
        tables.setdefault(line[0].table, []).append(line)
    parts = []
    for name, lines in tables.items():
        found = [_Line(folder, rows) for rows in lines]
        _check_alike(found)
        table = _table(comparison, found)
        parts.append(f"{name}:\n\n{table}" if name else table)
    text = "\n\n".join(parts)
    page = folder.with_suffix(".md")
    before, after = _around_the_table(page, folder.name)
    page.write_text(f"{before}{TABLE_BEGIN}\n{text}\n{TABLE_END}{after}")
    return text


class _Line:
    """The results behind a line of a table: of one row, or of several whose mean it shows.

    Attributes:
      rows: all its rows.
      runs: of each row with results, (its number, {seed's file: (path, record)}).
      seeds: those that every row with results has.
    """

    def __init__(self, folder, rows):
        self.rows = rows
        found = [
            (number, {path.stem: (path, json.loads(path.read_text())) for path in results_of(folder, row)})
            for number, row in enumerate(rows)
        ]
        self.runs = [(number, records) for number, records in found if records]
        self.seeds = sorted(set.intersection(*(set(records) for _, records in self.runs))) if self.runs else []

    def records(self, seed):
        """The record of each row with results."""
        return [records[seed][1] for _, records in self.runs]


def _lines(comparison):
    """The rows of each line of the tables."""
    groups = {}
    for row in comparison.rows:
        groups.setdefault((row.table, row.group or row.name), []).append(row)
    return groups.values()


def _check_alike(lines):
    """Refuses results of one table that were measured differently; rows of groups are compared by their numbers."""
    first_of, real_of = {}, {}
    for line in lines:
        for number, records in line.runs:
            for seed, (path, record) in records.items():
                protocol = {name: value for name, value in record["protocol"].items() if name not in _FREE}
                _compare(*first_of.setdefault(number, (path, protocol)), path, protocol)
                other_path, other = real_of.setdefault((number, seed), (path, record["real_values"]))
                # A later version may measure more of the same data, or less.
                shared = {name: value for name, value in record["real_values"].items() if name in other}
                _compare(other_path, {name: other[name] for name in shared}, path, shared)


def _compare(first_path, first, path, values):
    different = [name for name in first | values if not _equal(first.get(name), values.get(name))]
    if different:
        raise SystemExit(
            f"{first_path} and {path} were measured differently, so their numbers may not stand in one table: "
            + "; ".join(f"{name} is {first.get(name)} and {values.get(name)}" for name in different)
            + ". Measure one of them again, or give their rows a table each."
        )


def _equal(first, second):
    if isinstance(first, float) and isinstance(second, float):
        return math.isclose(first, second, rel_tol=_ROUNDING, abs_tol=1e-9)
    return (first or None) == (second or None)  # nothing, and what an earlier version did not write


def _table(comparison, lines):
    table = ["| method | seeds | " + " | ".join(comparison.measures.values()) + " |"]
    table.append("|---" * (2 + len(comparison.measures)) + "|")
    floors = []
    for line in lines:
        row = line.rows[0]
        name, part = row.group or row.name, f" (mean of {len(line.runs)} of {len(line.rows)})" if row.group else ""
        if row.published:
            cells = [row.published.get(measure, "-") for measure in comparison.measures]
            table.append(f"| {name}, published | 8 | " + " | ".join(cells) + " |")
        keeps_averages = any(record["flags"].get("ema_decay") for seed in line.seeds for record in line.records(seed))
        for weights, label in _WEIGHTS if keeps_averages else _WEIGHTS[:1]:
            cells = [
                _mean_and_std(
                    [
                        _mean_of([record["values"][weights].get(measure) for record in line.records(seed)])
                        for seed in line.seeds
                    ],
                    comparison.decimals,
                )
                for measure in comparison.measures
            ]
            table.append(f"| {name}{part}, {label} | {len(line.seeds)} | " + " | ".join(cells) + " |")
        floors += [record["real_values"] for seed in line.seeds for record in line.records(seed)]
    if floors:
        cells = [
            _mean([floor.get(measure) for floor in floors], comparison.decimals) for measure in comparison.measures
        ]
        table.append("| real data | - | " + " | ".join(cells) + " |")
    return "\n".join(table)


def _around_the_table(page, name):
    text = page.read_text() if page.exists() else f"# {name}\n\n{TABLE_BEGIN}\n{TABLE_END}\n"
    before, rest = text.split(TABLE_BEGIN)
    return before, rest.split(TABLE_END)[1]


def _mean_of(values):
    return None if None in values else float(np.mean(values))


def _mean(values, decimals):
    return "-" if None in values else f"{np.mean(values):.{decimals}f}"


def _mean_and_std(values, decimals):
    if not values:
        return "not measured"
    if None in values:
        return "-"
    spread = f" ± {np.std(values, ddof=1):.{decimals}f}" if len(values) > 1 else ""
    return f"{np.mean(values):.{decimals}f}{spread}"
