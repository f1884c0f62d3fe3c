"""Pictures and curves of results/, made from the JSON and .npz files of finished runs alone."""

import json
import textwrap

import numpy as np
from matplotlib.figure import Figure

_ORANGE, _BLUE = "#d55e00", "#0072b2"


def write_picture(comparison, folder):
    """Draws the kept samples of every row side by side: points over the data, or images in a grid."""
    shown = []
    for row in comparison.rows:
        path = folder / row.key / "seed_0.raw.npz"
        if path.exists():
            with np.load(path, allow_pickle=False) as arrays:
                shown.append((_title(row, comparison), arrays["samples"]))
                if "beside" in arrays:
                    shown.append((f"the same, number {comparison.beside}", arrays["beside"]))
    if not shown:
        return
    columns = min(5, len(shown)) if len(shown) != 6 else 3
    rows = -(-len(shown) // columns)
    figure = Figure(figsize=(4 * columns, 4.2 * rows), layout="constrained")
    grid = figure.subplots(rows, columns, squeeze=False).ravel()
    for axes in grid[len(shown) :]:
        axes.axis("off")
    for axes, (name, samples) in zip(grid, shown, strict=False):
        _draw(axes, samples, comparison)
        axes.set_title(textwrap.fill(name, 34))
    figure.suptitle(comparison.title)
    figure.savefig(folder.with_suffix(".png"), dpi=110)


def write_growth(comparison, folder):
    """Draws one panel for each generator of the row `comparison.grown`: what it makes, over what there was before it.

    Its generators no longer move once the next one begins, so that the end of a run shows all of its growth.
    """
    path = folder / f"{comparison.grown}/seed_0.raw.npz"
    if not path.exists():
        return
    with np.load(path, allow_pickle=False) as arrays:
        samples, generators = arrays["samples"], arrays["generators"]
    panels = int(generators.max()) + 1
    columns = -(-panels // 2)
    figure = Figure(figsize=(3 * columns, 6.4), layout="constrained")
    for number, axes in enumerate(figure.subplots(2, columns, squeeze=False).ravel()[:panels]):
        axes.scatter(*_data(comparison)[::10].T, s=2, color="0.85")
        axes.scatter(*samples[generators < number].T, s=3, color=_BLUE)
        axes.scatter(*samples[generators == number].T, s=3, color=_ORANGE)
        axes.set_aspect("equal")
        axes.set_title(f"generator {number}")
    figure.savefig(folder.with_name(f"{folder.name}_growth.png"), dpi=100)


def write_curves(comparison, folder):
    """Draws the comparison's curves over the steps, every seed of a row, one column for each row.

    What is measured of samples has equal axes, which losses of different methods cannot have. Those of distances are
    logarithmic: they begin at a hundred times what they come to.
    """
    rows = [(row, results) for row in comparison.rows if (results := results_of(folder, row))]
    if not comparison.curves or not rows:
        return
    shape = (len(comparison.curves), len(rows))
    figure = Figure(figsize=(3.2 * shape[1], 2.4 * shape[0]), layout="constrained")
    grid = figure.subplots(*shape, squeeze=False, sharex=True)
    for column, (row, results) in zip(grid.T, rows, strict=True):
        column[0].set_title(textwrap.fill(_title(row, comparison), 28))
        column[-1].set_xlabel("step")
        for result in results:
            curves = json.loads(curves_file(result).read_text())
            for axes, name in zip(column, comparison.curves, strict=True):
                axes.plot(*np.transpose(curves[name]), linewidth=0.8)
    for line, name in zip(grid, comparison.curves, strict=True):
        line[0].set_ylabel(textwrap.fill(name.replace("/", "/ "), 20))
        for axes in line:
            axes.set_yscale("log" if "/fd-" in name else "linear")
        if name.startswith("coverage/"):
            ends = np.array([axes.get_ylim() for axes in line])
            for axes in line:
                axes.set_ylim(ends[:, 0].min(), ends[:, 1].max())
    figure.savefig(folder.with_name(f"{folder.name}_curves.png"), dpi=100)


def curves_file(result):
    """Where the curves of a run lie, beside its result."""
    return result.with_name(result.name.replace("seed_", "curves_"))


def _draw(axes, samples, comparison):
    from tfgan2.data.kinds import IMAGES
    from tfgan2.evaluation.image_grids import square_grid

    if samples.ndim == 4:
        axes.imshow(square_grid(IMAGES.as_stored(samples)))
        axes.axis("off")
        return
    data = _data(comparison)
    if samples.shape[1] == 1:
        bins = np.linspace(data.min(), data.max(), 80)
        axes.hist(data[:, 0], bins, density=True, color="0.8", label="data")
        axes.hist(samples[:, 0], bins, density=True, histtype="step", color=_ORANGE, label="generated")
        axes.legend(frameon=False)
    else:
        axes.scatter(*data[::10].T, s=2, color="0.8")
        axes.scatter(*samples.T, s=3, color=_ORANGE)
        axes.set_aspect("equal")


def _title(row, comparison):
    """The row's name, with that of its table where another table has a row of this name."""
    is_alone = [other.name for other in comparison.rows].count(row.name) == 1
    return row.name if is_alone else f"{row.table}: {row.name}"


def _data(comparison):
    from tfgan2.data.synthetic import SOURCES

    source = comparison.source or comparison.protocol.removesuffix("-2k")
    return SOURCES[source](**comparison.data).samples


def results_of(folder, row):
    """The JSON files of a row's finished runs, in the order of their seeds."""
    return sorted((folder / row.key).glob("seed_*.json"))
