"""Curves of recorded values over the steps, as SVG pictures for light and dark screens."""

import io
import math
import re

import matplotlib
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter, FormatStrFormatter, MaxNLocator, NullFormatter

from tfgan2.callbacks.board_layout import CHARTS, tag_of
from tfgan2.evaluation.figures import by_defaults
from tfgan2.page.elements import element
from tfgan2.page.images import framed

_POINTS = 300  # Points of a curve. Longer curves show means of neighbouring points.
_WIDE = 1000  # A chart whose positive values have a larger ratio has a logarithmic axis.
_INK = "#010203"  # The colour of text and axes in matplotlib. In the file it is that of the screen's scheme.
_SCHEMES = (
    "<style>svg{color:#343b43}@media(prefers-color-scheme:dark){svg{color:#ccd3da}}"
    "text{font-family:system-ui,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif!important}</style>"
)
_METADATA = ("Date", "Creator", "Format", "Type")  # Left out, so that equal curves give equal files.
_COLORS = ("#2f86d6", "#e0701a", "#1b9e77", "#c8559f", "#b08a12", "#7f78d2", "#d6505a", "#7c8894")
_UNITS = {
    "D(real) and D(fake)": "probability",
    "samples that D calls real": "share",
    "losses of the players": "loss",
    "gradient norms of the players": "norm",
    "covered modes": "modes",
    "share of each class": "share",
}
_DASHES = ("-", "--", ":", "-.")


def curves(history):
    """Returns the figures of all charts that have a value, or an empty list.

    Args:
      history: The `History` of a run or of a stage.
    """
    series = {tag_of(name): points for name, points in history.series.items()}
    return [
        framed("image/svg+xml", chart(title, chosen), alt(title, chosen))
        for title, chosen in _charts(series)
        if any(math.isfinite(value) for points in chosen.values() for _, value in points)
    ]


def _charts(series):
    """Yields the title of each chart and its series, name -> points. Other measurements have a chart of their own."""
    left = {tag: points for tag, points in series.items() if tag.startswith(("coverage/", "health/"))}
    for charts in CHARTS.values():
        for title, pattern in charts.items():
            chosen = {tag: points for tag, points in series.items() if re.fullmatch(pattern, tag)}
            left = {tag: points for tag, points in left.items() if tag not in chosen}
            if chosen:
                yield title, {_short(tag): points for tag, points in chosen.items()}
    for tag, points in left.items():
        yield _short(tag).replace("_", " "), {_short(tag): points}


def _short(tag):
    return tag.partition("/")[2]


def alt(title, chosen):
    """Describes a chart in words, with the last values. For the arguments see `chart`."""
    last = ", ".join(f"{name} {points[-1][1]:.3g}" for name, points in chosen.items())
    steps = [step for points in chosen.values() for step, _ in points]
    return f"Curves of {title} from step {min(steps):,} to step {max(steps):,}. Last values: {last}."


@by_defaults
def chart(title, chosen, bands=None):
    """Returns a chart as the bytes of an SVG file.

    Args:
      title: Title of the chart.
      chosen: Name of a line -> its points, pairs (step, value). One value or more is finite.
      bands: Name of a line -> (lowest, highest value at each of its points), or None. Lines with bands are not thinned.
    """
    bands = bands or {}
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": title, "text.parse_math": False}):
        figure = Figure(figsize=(4.6, 3.0), layout="constrained")
        axes = figure.add_subplot()
        for place, (name, points) in enumerate(chosen.items()):
            style = {"color": _COLORS[place % len(_COLORS)], "linestyle": _DASHES[place // len(_COLORS) % len(_DASHES)]}
            marker = "o" if len(points) <= 30 else None
            shown = points if name in bands else _thinned(points)
            axes.plot(*zip(*shown, strict=True), label=name, linewidth=1.6, marker=marker, ms=3, **style)
            if name in bands:
                steps = [step for step, _ in points]
                axes.fill_between(steps, *bands[name], color=style["color"], alpha=0.2, linewidth=0)
        _set_axes(axes, title, [value for points in chosen.values() for _, value in points])
        handles, labels = axes.get_legend_handles_labels()
        figure.legend(
            handles, labels, loc="outside lower center", ncols=min(3, len(labels)), frameon=False, fontsize=9,
            labelcolor=_INK,
        )  # fmt: skip
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", transparent=True, metadata=dict.fromkeys(_METADATA))
    text = buffer.getvalue()
    start = text.index("<svg")
    opening = text.index(">", start) + 1
    return (text[start:opening] + _SCHEMES + text[opening:].replace(_INK, "currentColor")).encode()


def _set_axes(axes, title, values):
    finite = [value for value in values if math.isfinite(value)]
    if min(finite) > 0 and max(finite) > _WIDE * min(finite):
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter(FormatStrFormatter("%g"))
        axes.yaxis.set_minor_formatter(NullFormatter())
    axes.set_title(title, fontsize=11, color=_INK, loc="left")
    axes.set_xlabel("step", fontsize=10, color=_INK)
    axes.set_ylabel(_UNITS.get(title, title), fontsize=10, color=_INK)
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.xaxis.set_major_formatter(EngFormatter(sep=""))
    axes.tick_params(colors=_INK, labelsize=9, length=3, which="both")
    axes.grid(color=_INK, alpha=0.15, linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set(color=_INK, alpha=0.4)


def _thinned(points):
    """At most about 300 points. Each is the mean of neighbouring points."""
    size = -(-len(points) // _POINTS)
    groups = (points[first : first + size] for first in range(0, len(points), size))
    return [tuple(sum(column) / len(column) for column in zip(*group, strict=True)) for group in groups]


def curves_block(history, nothing):
    """Returns the charts side by side, or a paragraph with the text `nothing`."""
    drawn = curves(history)
    return element("div", drawn, class_="pair curves") if drawn else element("p", nothing)
