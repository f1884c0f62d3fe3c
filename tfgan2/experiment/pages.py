"""The files about an experiment: a page in HTML, one in Markdown with its pictures, and two tables in CSV."""

import shlex
from datetime import UTC, datetime

from tfgan2 import __version__
from tfgan2.evaluation.figures import pixels
from tfgan2.evaluation.image_grids import encoded, grid
from tfgan2.evaluation.markdown import markdown_table
from tfgan2.evaluation.meanings import meaning_of
from tfgan2.evaluation.point_pictures import points_picture
from tfgan2.experiment.bands import curves_of
from tfgan2.experiment.rows import place_of
from tfgan2.experiment.tables import cells_of, head_of, notes_of, runs_csv, summary_csv
from tfgan2.page.document import Section, document
from tfgan2.page.elements import commands, element, table
from tfgan2.page.images import figure, framed
from tfgan2.page.subject import subject_of
from tfgan2.system.files import write_whole

_SIDE = 8  # Images in a row and in a column of a sheet.
_POINTS = 2000
_CURVES = (
    "Lines are means over the runs of a row, with bands from the smallest to the largest run. Values are from the "
    "evaluations during training, which have fewer samples than the table."
)


def write_pages(results, folder, *, averaged):
    """Writes compare.html, compare.md, summary.csv, runs.csv, and the pictures of compare.md.

    Args:
      results: The `Results`.
      folder: Folder of the files.
      averaged: Whether samples are from the averaged weights of runs that keep them.

    Returns:
      The paths of the files without the pictures.
    """
    samples = {row: _sheet(trials[0], averaged) for row in results.rows if (trials := results.measured(row))}
    charts = curves_of({row: results.measured(row) for row in results.rows})
    pictures = {f"samples_{place_of(row)}.png": encoded(sheet) for row, (sheet, _) in samples.items()}
    pictures |= {f"{place_of(title)}.svg": drawn for title, (drawn, _) in charts.items()}
    for name, data in pictures.items():
        write_whole(folder / "pictures" / name, data)
    texts = {
        "compare.html": _html(results, samples, charts),
        "compare.md": _markdown(results, samples, charts),
        "summary.csv": summary_csv(results),
        "runs.csv": runs_csv(results),
    }
    for name, text in texts.items():
        write_whole(folder / name, text.encode())
    return [folder / name for name in texts]


def _sheet(trial, averaged):
    """Samples of a run as a picture, and a text about it."""
    subject = subject_of(trial.workdir, step=None, best=False, seed=0, averaged=averaged)
    if subject.is_of_images:
        return grid(subject.samples(_SIDE**2), _SIDE), f"{_SIDE**2} generated images of {trial.name}"
    picture = points_picture(subject.real, subject.samples(_POINTS), title=trial.row)
    return pixels(picture), f"{_POINTS:,} generated points of {trial.name}"


def _markdown(results, samples, charts):
    parts = ["# Comparison", markdown_table(head_of(results), cells_of(results)), *notes_of(results)]
    if charts:
        parts += ["## Curves", _CURVES]
        parts += [f"![{text}](pictures/{place_of(title)}.svg)" for title, (_, text) in charts.items()]
    parts.append("## Samples")
    for row, (_, text) in samples.items():
        parts += [f"{text}, not selected:", f"![{text}](pictures/samples_{place_of(row)}.png)"]
    parts += ["## Rows", *(f"{row}:\n\n```sh\n{_lines(trials)}\n```" for row, trials in results.rows.items())]
    return "\n\n".join([*parts, _made()]) + "\n"


def _html(results, samples, charts):
    meanings = [(score, meaning_of(score).text or "–") for score in results.scores]
    sheets = (figure(sheet, text, f"{text}, not selected.", sharp=True) for sheet, text in samples.values())
    drawn = (framed("image/svg+xml", data, text) for data, text in charts.values())
    numbers = (table(head_of(results), cells_of(results)), *(element("p", note) for note in notes_of(results)))
    curves = (element("p", _CURVES), element("div", drawn, class_="pair curves")) if charts else ()
    sections = [
        Section("scores", "Scores", numbers),
        Section("curves", "Curves", curves),
        Section("samples", "Samples", (element("div", sheets, class_="pair"),)),
        Section("meanings", "Meaning of the scores", (table(("score", "meaning"), meanings),)),
        Section("rows", "Rows", tuple(_row_blocks(results))),
    ]
    head = [element("h1", "Comparison"), element("p", ", ".join(results.rows), class_="lead"), element("p", _made())]
    return document("Comparison – tfgan2", head, [section for section in sections if section.content])


def _row_blocks(results):
    for row, trials in results.rows.items():
        yield element("h3", row)
        yield commands(_lines(trials).splitlines())


def _lines(trials):
    """The commands that train the runs of a row, or the folders of runs that were there."""
    return "\n".join(
        f"# {trial.workdir}" if trial.argv is None else shlex.join(["tfgan2", "train", *trial.argv]) for trial in trials
    )


def _made():
    return f"Written by tfgan2 {__version__} on {datetime.now(UTC):%Y-%m-%d}."
