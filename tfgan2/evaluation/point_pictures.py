"""Pictures of points: generated points over real points, during training, and by partition."""

import numpy as np
import tensorflow as tf
from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import MaxNLocator

from tfgan2.evaluation.figures import (
    FAKE_COLOR,
    INK,
    REAL_SHOWN,
    add_legend,
    by_defaults,
    frame,
    histograms,
    new_figure,
    note_outside,
    scatter,
    style,
)
from tfgan2.evaluation.image_grids import shown_frames

_CURVE = "#0072b2"
# Pale colours that colour-blind people can distinguish: purple for generated, white for undecided, blue for real.
_PROBABILITY = LinearSegmentedColormap.from_list("probability", ["#c9a9dc", "#fdfdfe", "#8fc3e8"])
_FEW = 300  # Up to this number real points are drawn larger.
_NUMBERED = 100  # Up to this number partitions are numbered.


@by_defaults
def points_picture(real, fake, *, discriminator=None, paths=None, title=""):
    """Draws generated points over real points.

    In one dimension it draws histograms, and the probability of the discriminator as a curve. In more dimensions it
    draws the first two coordinates. In two dimensions, filled contours show the probability of the discriminator, and
    arrows show its gradient, the direction in which it moves a generated point.

    Args:
      real: [n, d] in data units. n may be 0.
      fake: [m, d] in data units.
      discriminator: Function from a float32 tensor [k, d] in data units to the probability [k, 1] of being real, or
        None.
      paths: [k, points, d] in data units, k lines through points, or None. In one dimension each line has its own
        height.
      title: Title of the picture.

    Returns:
      A `matplotlib.figure.Figure`, for `png` or `pixels`.
    """
    real, fake = np.asarray(real), np.asarray(fake)
    figure = new_figure(7.0, 6.6)
    figure.suptitle(title, color=INK, fontsize=13)
    axes = figure.add_subplot()
    style(axes)
    if real.shape[1] == 1:
        _line(figure, axes, real[:, 0], fake[:, 0], discriminator)
    else:
        _plane(figure, axes, real, fake, discriminator if real.shape[1] == 2 else None)
    if paths is not None:
        _lines(axes, np.asarray(paths))
    return figure


@by_defaults
def filmstrip(frames, *, real):
    """Draws generated points during training, with one panel per frame.

    For more than eight frames see `shown_frames`.

    Args:
      frames: List of pairs (title, points [m, d] in data units) in order of time.
      real: [n, d] in data units.

    Returns:
      A `matplotlib.figure.Figure`, for `png` or `pixels`.
    """
    real = np.asarray(real)
    chosen = shown_frames(frames)
    rows = 1 if len(chosen) <= 4 else 2
    columns = -(-len(chosen) // rows)
    figure = new_figure(2.6 * columns, 2.8 * rows + 0.4)
    for place, (title, points) in enumerate(chosen):
        axes = figure.add_subplot(rows, columns, place + 1)
        axes.set_title(title, color=INK, fontsize=9)
        style(axes)
        axes.set(xticks=[], yticks=[])
        if real.shape[1] == 1:
            histograms(axes, real[:, 0], points[:, 0])
        else:
            scatter(axes, real, points, size=2.5)
            frame(axes, real)
    add_legend(figure, axes)
    return figure


@by_defaults
def partitions_picture(points, partitions, *, title=""):
    """Draws points in the colours of their partitions. Twenty colours repeat. Up to 100 partitions are numbered.

    Args:
      points: [n, d]. The first two coordinates are shown. In one dimension the vertical axis is the partition.
      partitions: Integers [n].
      title: Title of the picture.

    Returns:
      A `matplotlib.figure.Figure`, for `png` or `pixels`.
    """
    points, partitions = (np.asarray(array)[:: max(1, len(array) // REAL_SHOWN)] for array in (points, partitions))
    figure = new_figure(7.0, 6.6)
    figure.suptitle(title, color=INK, fontsize=13)
    axes = figure.add_subplot()
    style(axes)
    colors = {"c": partitions % 20, "cmap": "tab20", "vmin": 0, "vmax": 19, "linewidths": 0, "s": 6}
    if points.shape[1] == 1:
        axes.scatter(points[:, 0], partitions, **colors)
        axes.set_ylabel("partition", color=INK)
    else:
        frame(axes, points)
        axes.scatter(*points[:, :2].T, **colors)
        numbers = np.unique(partitions)
        for number in numbers if len(numbers) <= _NUMBERED else ():
            middle = np.median(points[partitions == number, :2], axis=0)
            axes.annotate(str(number), middle, (5, 5), textcoords="offset points", fontsize=8, color=INK)
    return figure


def _plane(figure, axes, real, fake, discriminator):
    low, high = frame(axes, real if len(real) else fake)
    if discriminator is not None:
        _contours(figure, axes, low, high, discriminator)
    scatter(axes, real, fake, size=5 if len(real) > _FEW else 16)
    note_outside(axes, fake[:, :2], low, high)
    add_legend(figure, axes)


def _contours(figure, axes, low, high, discriminator):
    grid = _grid(low, high, 161)
    probability = np.asarray(discriminator(tf.constant(grid.reshape(-1, 2)))).reshape(grid.shape[:2])
    filled = axes.contourf(*np.moveaxis(grid, -1, 0), probability, np.linspace(0, 1, 21), cmap=_PROBABILITY, zorder=0)
    bar = figure.colorbar(filled, ax=axes, ticks=[0, 0.25, 0.5, 0.75, 1], shrink=0.8, pad=0.02)
    bar.set_label("discriminator's probability of real", color=INK, fontsize=9)
    bar.ax.tick_params(labelsize=8, colors=INK)
    bar.outline.set_visible(False)
    coarse = tf.constant(_grid(low, high, 23)[1:-1, 1:-1].reshape(-1, 2))
    with tf.GradientTape() as tape:
        tape.watch(coarse)
        total = tf.reduce_sum(discriminator(coarse))
    slopes = tape.gradient(total, coarse).numpy()
    lengths = np.linalg.norm(slopes, axis=1, keepdims=True)
    # The longest tenth of the arrows is shortened. Otherwise one steep place would make all other arrows dots.
    arrows = slopes / np.maximum(lengths, max(np.quantile(lengths, 0.9), 1e-12))
    seen = np.linalg.norm(arrows, axis=1) > 0.05
    axes.quiver(
        *coarse.numpy()[seen].T, *arrows[seen].T, color=INK, alpha=0.4, scale=26, width=0.002, pivot="mid", zorder=1
    )


def _line(figure, axes, real, fake, discriminator):
    low, high = histograms(axes, real, fake)
    note_outside(axes, fake[:, None], low, high)
    add_legend(figure, axes)
    axes.set_ylabel("density", color=INK)
    axes.yaxis.set_major_locator(MaxNLocator(5))
    if discriminator is None:
        return
    points = np.linspace(low, high, 400, dtype=np.float32)
    right = axes.twinx()
    style(right)
    right.plot(points, np.asarray(discriminator(tf.constant(points[:, None])))[:, 0], color=_CURVE, linewidth=1.8)
    right.axhline(0.5, color=_CURVE, linewidth=0.8, linestyle=":")
    right.set_ylim(0, 1)
    right.set_ylabel("discriminator's probability of real", color=_CURVE)
    right.tick_params(colors=_CURVE)


def _lines(axes, paths):
    if paths.shape[2] == 1:
        heights = np.linspace(0, axes.get_ylim()[1], len(paths) + 2)[1:-1, None, None]
        paths = np.concatenate([paths, np.broadcast_to(heights, paths.shape)], axis=2)
        axes.scatter(*paths[:, -1].T, s=6, color=FAKE_COLOR, zorder=4)
    axes.add_collection(LineCollection(paths[..., :2], colors=INK, linewidths=0.7, alpha=0.6, zorder=2.5))


def _grid(low, high, count):
    """A grid of points in the square, float32 [count, count, 2]."""
    x, y = (np.linspace(low[i], high[i], count, dtype=np.float32) for i in range(2))
    return np.stack(np.meshgrid(x, y), axis=-1)
