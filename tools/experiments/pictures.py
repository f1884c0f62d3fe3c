"""The pictures of a page: samples of seed 0, growing mixtures, and curves over the steps."""

import textwrap

import numpy as np
from matplotlib.figure import Figure

from experiments.definition import RESULTS
from experiments.small_png import write_figure, write_first_that_fits
from experiments.trained import kept_samples_of
from tfgan2.data.kinds import IMAGES
from tfgan2.data.synthetic import SOURCES
from tfgan2.evaluation.image_grids import panels, square_grid

_ORANGE, _BLUE = "#d55e00", "#0072b2"
_COLUMNS = 4  # panels of images in a row
_SHOWN = (64, 36, 25, 16)  # images in a panel, fewer if the file would be too large


def write_all(name, experiment, record):
    """Draws what the page shows. Samples are not in the record: without the trained runs their pictures stay."""
    _write_curves(name, experiment, record)
    measured = [row for row in experiment.rows if 0 in record.get(row.key, {})]
    missing = [row.key for row in measured if not kept_samples_of(name, row).exists()]
    if missing:
        print(f"The pictures of samples stay: runs/ has no samples of seed 0 of {', '.join(missing)}.")
        return
    kept = []
    for row in measured:
        with np.load(kept_samples_of(name, row), allow_pickle=False) as arrays:
            kept.append((row, dict(arrays)))
    _write_samples(name, experiment, kept)
    for row, arrays in kept:
        if row.key == experiment.grown:
            _write_growth(name, experiment, arrays)


def _write_samples(name, experiment, kept):
    """Draws the samples of every row side by side: points over the data, or images in a grid."""
    shown = []
    for row, arrays in kept:
        shown.append((_title(row, experiment), arrays["samples"]))
        if "beside" in arrays:
            shown.append((f"{_title(row, experiment)}, generator {experiment.beside}", arrays["beside"]))
    if shown and shown[0][1].ndim == 4:
        pictures = (_images(shown, experiment.title, count) for count in _SHOWN if count <= experiment.kept_samples)
        write_first_that_fits(RESULTS / f"{name}.png", pictures)
    elif shown:
        write_figure(RESULTS / f"{name}.png", _points(shown, experiment), dpi=110)


def _images(shown, title, count):
    """Panels of images in rows, uint8 [H, W, 3], with the first `count` images in each."""
    titled = [(name, square_grid(IMAGES.as_stored(samples[:count]))) for name, samples in shown]
    heads = [f"{count} {title.partition(' ')[2]}"] + [""] * len(titled)
    starts = range(0, len(titled), _COLUMNS)
    rows = [panels(titled[at : at + _COLUMNS], title=head) for at, head in zip(starts, heads, strict=False)]
    width = max(row.shape[1] for row in rows)
    return np.concatenate(
        [np.pad(row, ((0, 0), (0, width - row.shape[1]), (0, 0)), constant_values=255) for row in rows]
    )


def _points(shown, experiment):
    columns = min(5, len(shown)) if len(shown) != 6 else 3
    rows = -(-len(shown) // columns)
    figure = Figure(figsize=(4 * columns, 4.2 * rows), layout="constrained")
    grid = figure.subplots(rows, columns, squeeze=False).ravel()
    for axes in grid[len(shown) :]:
        axes.axis("off")
    for axes, (title, samples) in zip(grid, shown, strict=False):
        _draw_points(axes, samples, _data(experiment))
        axes.set_title(textwrap.fill(title, 34))
    figure.suptitle(experiment.title)
    return figure


def _draw_points(axes, samples, data):
    if samples.shape[1] == 1:
        bins = np.linspace(data.min(), data.max(), 80)
        axes.hist(data[:, 0], bins, density=True, color="0.8", label="data")
        axes.hist(samples[:, 0], bins, density=True, histtype="step", color=_ORANGE, label="generated")
        axes.legend(frameon=False)
    else:
        axes.scatter(*data[::10].T, s=2, color="0.8")
        axes.scatter(*samples.T, s=3, color=_ORANGE)
        axes.set_aspect("equal")


def _write_growth(name, experiment, arrays):
    """Draws one panel for each generator: its samples, over those of the generators before it.

    A generator no longer moves once the next one begins, so that the end of a run shows all of its growth.
    """
    samples, generators = arrays["samples"], arrays["generators"]
    panels = int(generators.max()) + 1
    columns = -(-panels // 2)
    figure = Figure(figsize=(3 * columns, 6.4), layout="constrained")
    for number, axes in enumerate(figure.subplots(2, columns, squeeze=False).ravel()[:panels]):
        axes.scatter(*_data(experiment)[::10].T, s=2, color="0.85")
        axes.scatter(*samples[generators < number].T, s=3, color=_BLUE)
        axes.scatter(*samples[generators == number].T, s=3, color=_ORANGE)
        axes.set_aspect("equal")
        axes.set_title(f"generator {number}")
    write_figure(RESULTS / f"{name}_growth.png", figure, dpi=100)


def _write_curves(name, experiment, record):
    """Draws the curves over the steps: a column for each row, a line for each seed.

    Measurements of samples have equal axes. Losses of different methods have their own. Axes of distances are
    logarithmic, as distances begin at a hundred times their end.
    """
    rows = [(row, record[row.key]) for row in experiment.rows if record.get(row.key)]
    if not experiment.curves or not rows:
        return
    shape = (len(experiment.curves), len(rows))
    figure = Figure(figsize=(3.2 * shape[1], 2.4 * shape[0]), layout="constrained")
    grid = figure.subplots(*shape, squeeze=False, sharex=True)
    for column, (row, runs) in zip(grid.T, rows, strict=True):
        column[0].set_title(textwrap.fill(_title(row, experiment), 28))
        column[-1].set_xlabel("step")
        for _, run in sorted(runs.items()):
            for axes, curve in zip(column, experiment.curves, strict=True):
                axes.plot(*np.transpose(run["curves"][curve]), linewidth=0.8)
    for line, curve in zip(grid, experiment.curves, strict=True):
        line[0].set_ylabel(textwrap.fill(curve.replace("/", "/ "), 20))
        for axes in line:
            axes.set_yscale("log" if "/fd-" in curve else "linear")
        if curve.startswith("coverage/"):
            ends = np.array([axes.get_ylim() for axes in line])
            for axes in line:
                axes.set_ylim(ends[:, 0].min(), ends[:, 1].max())
    write_figure(RESULTS / f"{name}_curves.png", figure, dpi=100)


def _title(row, experiment):
    """The row's name, with that of its table where another table has a row of this name."""
    is_alone = [other.name for other in experiment.rows].count(row.name) == 1
    return row.name if is_alone else f"{row.table}: {row.name}"


def _data(experiment):
    source = experiment.source or experiment.protocol.removesuffix("-2k")
    return SOURCES[source](**experiment.data).samples
