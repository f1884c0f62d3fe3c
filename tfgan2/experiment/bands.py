"""Curves of the evaluations during training: the mean over the runs of a row, with a band."""

import math

import numpy as np

from tfgan2.callbacks.board_layout import tag_of
from tfgan2.page.curves import alt, chart
from tfgan2.page.history import read_history

_POINTS = 100


def curves_of(rows):
    """Returns title -> (SVG file as bytes, text in its place) of every score that was measured during training.

    A line is the mean over the runs of a row, its band their smallest and largest value. Runs are measured at different
    steps, so their values are interpolated between these steps, over the steps that all runs of the row have.

    Args:
      rows: Name of a row -> its `Trial`s.
    """
    series = {row: [_series(trial.workdir) for trial in trials] for row, trials in rows.items()}
    names = dict.fromkeys(name for runs in series.values() for run in runs for name in run)
    charts = {}
    for name in names:
        lines, bands = {}, {}
        for row, runs in series.items():
            found = [run[name] for run in runs if name in run]
            band = _band(found) if found else None
            if band is not None:
                steps, mean, low, high = band
                lines[row] = list(zip(steps, mean, strict=True))
                bands |= {row: (low, high)} if len(found) > 1 else {}
        if lines:
            title = name.replace("_", " ")
            charts[title] = chart(title, lines, bands), alt(title, lines)
    return charts


def _series(workdir):
    """Name of a score -> (steps, values) of a run, finite ones."""
    found = {}
    for name, points in read_history(workdir).series.items():
        group, _, score = tag_of(name).partition("/")
        finite = [point for point in points if math.isfinite(point[1])]
        if group == "coverage" and finite and not score.startswith("share_of_"):
            found[score] = tuple(zip(*finite, strict=True))
    return found


def _band(runs):
    """Steps, and the mean, the smallest and the largest value of some runs at them, or None without common steps."""
    first, last = max(steps[0] for steps, _ in runs), min(steps[-1] for steps, _ in runs)
    if first > last:
        return None
    own = sorted({step for steps, _ in runs for step in steps if first <= step <= last})
    steps = own if len(own) <= _POINTS else np.linspace(first, last, _POINTS).tolist()
    values = np.stack([np.interp(steps, *run) for run in runs])
    return steps, values.mean(0).tolist(), values.min(0).tolist(), values.max(0).tolist()
