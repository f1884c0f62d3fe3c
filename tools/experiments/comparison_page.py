"""The page that compares all methods: a table over all data, and a table of each set with the cost of a step."""

from experiments import tables
from experiments.definition import RESULTS

_BASE = "gan"
"""Key of the row whose cost is 1."""


def write(name, data, found):
    """Puts the tables into results/NAME.md.

    Args:
      name: of the page.
      data: name -> set of data, with `title`, `experiment` and `headline`.
      found: name of the data -> row -> seed -> run.
    """
    text = text_of(data, found)
    tables.put_tables(text, RESULTS / f"{name}.md")
    print(text)


def text_of(data, found):
    """The tables as Markdown.

    Raises:
      SystemExit: two runs of one set of data were measured differently.
    """
    for name, one in data.items():
        tables.check_alike([tables.Line(found[name], [row]) for row in one.experiment.rows])
    parts = [_overview(data, found)]
    parts += [_table(one, found[name]) for name, one in data.items() if found[name]]
    return "\n\n".join(parts)


def _overview(data, found):
    """A line for each method, a column for each set of data."""
    names = {row.key: row.name for one in data.values() for row in one.experiment.rows}
    heads = [f"{one.title}: {one.experiment.measures[one.headline]}" for one in data.values()]
    lines = [f"| method | {' | '.join(heads)} |", "|---" * (1 + len(heads)) + "|"]
    for key, name in names.items():
        cells = [_cell(key, one, found[each]) for each, one in data.items()]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(key, one, record):
    if key not in {row.key for row in one.experiment.rows}:
        return "-"
    runs = record.get(key, {})
    if not runs:
        return "not run"
    value = tables.mean_and_std(_values(runs, one.headline), one.experiment.decimals)
    return f"{value} ({len(runs)} seed{'s' * (len(runs) > 1)})"


def _table(one, record):
    """The measures and the cost of the methods that have runs on one set of data, and those of real data."""
    measures, decimals = one.experiment.measures, one.experiment.decimals
    heads = ["method", "seeds", *measures.values(), "ms a step", "cost"]
    lines = [f"{one.title[0].upper()}{one.title[1:]}:\n", f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    base = _milliseconds(record.get(_BASE, {}))
    real = None
    for row in one.experiment.rows:
        runs = record.get(row.key, {})
        if not runs:
            lines.append(f"| {row.name} | 0 | {' | '.join(['not run'] * (len(heads) - 2))} |")
            continue
        cells = [tables.mean_and_std(_values(runs, measure), decimals) for measure in measures]
        spent = _milliseconds(runs)
        cost = f"{spent / base:.1f}" if spent and base else "-"
        lines.append(f"| {row.name} | {len(runs)} | {' | '.join(cells)} | {spent:.2f} | {cost} |")
        real = real or next(iter(runs.values()))["real_values"]
    cells = [f"{real[measure]:.{decimals}f}" if measure in real else "-" for measure in measures]
    return "\n".join([*lines, f"| real data | - | {' | '.join(cells)} | - | - |"])


def _values(runs, measure):
    """A measure of the averaged weights, or of the raw ones without averages, of each seed."""
    return [run["values"].get("averaged", run["values"]["raw"]).get(measure) for run in runs.values()]


def _milliseconds(runs):
    """The time of a step in the fastest run; None without runs."""
    return min((run["milliseconds_per_step"] for run in runs.values() if run["milliseconds_per_step"]), default=None)
