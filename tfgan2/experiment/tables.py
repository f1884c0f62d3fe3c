"""The table of an experiment as cells and as CSV."""

import csv
import io

from tfgan2.evaluation.meanings import meaning_of
from tfgan2.experiment.statistics import decimals, smallest_p


def head_of(results):
    """Returns the titles of the columns of `cells_of`."""
    return ["score", *(f"{row} ({results.sizes(row)})" for row in results.rows), "real data", "best"]


def cells_of(results):
    """Returns a list of cells for each score: its name, mean ± standard deviation of each row, of real data, and best.

    A cell of a row beside the first has p of the rank test.
    """
    return [_cells(results, score) for score in results.scores]


def notes_of(results):
    """Returns sentences about the numbers of the table."""
    base = results.baseline
    count = len(results.measured(base))
    notes = [
        f"Measured by the protocol {results.protocol}. Cells are mean ± standard deviation over the runs of a row, "
        "which differ in their seed. The column of real data has the scores of real samples, measured in the same way."
    ]
    tested = [row for row in results.rows if row != base and min(count, len(results.measured(row))) >= 2]
    if tested:
        sizes = "; ".join(
            f"{row}: {len(results.measured(row))} against {count} runs, smallest possible p "
            f"{smallest_p(len(results.measured(row)), count):.2g}"
            for row in tested
        )
        notes.append(
            f"p: two-sided Mann-Whitney U test against {base} ({sizes}). p is not corrected for the number of "
            f"comparisons, which is {len(tested) * len(results.scores)}: of 20 comparisons without any difference, one "
            "has p below 0.05 on average."
        )
    elif len(results.rows) > 1:
        notes.append("There is no test: it needs two runs or more in both rows. Give more --seeds.")
    notes += [
        f"{trial.name} was measured at step {record['step']:,} of {trial.settings.train_steps:,}."
        for trial, record in results.records.items()
        if record["step"] != trial.settings.train_steps
    ]
    return notes


def summary_csv(results):
    """Returns the summary as CSV: a line for each row and score."""
    lines = []
    for row in results.rows:
        for score in results.scores:
            found = results.summary(row, score)
            if found is not None:
                values = (found.mean, found.std, min(found.values), max(found.values))
                lines.append((row, score, len(found.values), *values, results.p(row, score), results.real(score)))
    head = ("row", "score", "runs", "mean", "standard_deviation", "smallest", "largest", "p", "real_data")
    return _csv(head, lines)


def runs_csv(results):
    """Returns all values as CSV: a line for each run and score."""
    lines = [
        (trial.row, trial.seed, record["step"], str(trial.workdir), score, value)
        for trial, record in results.records.items()
        for score, value in record["values"].items()
    ]
    return _csv(("row", "seed", "step", "workdir", "score", "value"), lines)


def _cells(results, score):
    found = {row: results.summary(row, score) for row in results.rows}
    real = results.real(score)
    values = [value for each in found.values() if each for value in each.values]
    digits = decimals([*values, *([] if real is None else [real])])
    cells = [score]
    for row, each in found.items():
        p = results.p(row, score)
        cells.append("–" if each is None else each.text(digits) + (f" (p {p:.2g})" if p is not None else ""))
    return [*cells, "–" if real is None else f"{real:.{digits}f}", meaning_of(score).best or "–"]


def _csv(head, lines):
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(["" if cell is None else cell for cell in line] for line in lines)
    return buffer.getvalue()
