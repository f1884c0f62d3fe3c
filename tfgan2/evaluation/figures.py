"""Common parts of pictures of points: colours, figures, histograms, legends, and the encoding of a figure."""

import functools
import io

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

REAL_COLOR = "#8d97a3"
FAKE_COLOR = "#d55e00"
INK = "#2b2f33"
REAL_SHOWN = 5000  # Largest number of real points in a picture.


def by_defaults(draw):
    """Decorates a drawing function so that it ignores the user's matplotlibrc."""

    @functools.wraps(draw)
    def drawn(*arguments, **options):
        with matplotlib.rc_context():
            matplotlib.rcdefaults()
            return draw(*arguments, **options)

    return drawn


@by_defaults
def png(figure):
    """Encodes a figure as bytes of a PNG file. Equal figures give equal bytes."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()


@by_defaults
def pixels(figure):
    """Renders a figure as uint8 [height, width, 3]."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].copy()


def new_figure(width, height):
    """Returns an empty figure. Width and height are in inches."""
    figure = Figure(figsize=(width, height), dpi=120, layout="constrained", facecolor="white")
    figure.get_layout_engine().set(w_pad=0.08, h_pad=0.08)
    return figure


def style(axes):
    """Sets the colours of axes."""
    axes.tick_params(colors=INK, labelsize=9, length=3)
    for spine in axes.spines.values():
        spine.set(color="#c8ccd0", linewidth=0.8)


def scatter(axes, real, fake, *, size):
    """Draws real and generated points [n, d] by their first two coordinates."""
    shown = real[:: max(1, len(real) // REAL_SHOWN)]
    axes.scatter(*shown[:, :2].T, s=size, color=REAL_COLOR, alpha=0.5, linewidths=0, label="real", zorder=2)
    axes.scatter(*fake[:, :2].T, s=size, color=FAKE_COLOR, alpha=0.7, linewidths=0, label="generated", zorder=3)


def histograms(axes, real, fake):
    """Draws histograms of real and generated numbers [n]. Returns the limits of the horizontal axis."""
    low, high = _limits((real if len(real) else fake)[:, None])
    bins = np.linspace(low[0], high[0], 101)
    axes.hist(real, bins, density=True, color=REAL_COLOR, alpha=0.5, label="real")
    axes.hist(fake, bins, density=True, color=FAKE_COLOR, histtype="step", linewidth=1.6, label="generated")
    axes.set_xlim(low[0], high[0])
    return low[0], high[0]


def add_legend(figure, axes):
    """Adds a legend of real and generated points below the axes."""
    handles, labels = axes.get_legend_handles_labels()
    legend = figure.legend(
        handles, labels, loc="outside lower center", ncols=2, frameon=False, fontsize=10, labelcolor=INK
    )
    for handle in legend.legend_handles:
        if hasattr(handle, "set_sizes"):
            handle.set(sizes=[40], alpha=1)


def note_outside(axes, fake, low, high):
    """Writes the number of generated points outside the axes."""
    outside = int(((fake < low) | (fake > high)).any(axis=1).sum())
    if outside:
        note = f"{outside:,} of {len(fake):,} generated points lie outside"
        axes.annotate(note, (0.01, 0.01), xycoords="axes fraction", fontsize=8, color=FAKE_COLOR)


def frame(axes, real):
    """Limits the axes to a square around the real points. Returns (low [2], high [2])."""
    low, high = _limits(real[:, :2])
    axes.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), aspect="equal")
    return low, high


def _limits(real):
    """The limits (low [d], high [d]) of a square around the real points with a margin."""
    low, high = real.min(axis=0), real.max(axis=0)
    half = max(0.56 * float((high - low).max()), 1e-6)
    middle = (low + high) / 2
    return middle - half, middle + half
