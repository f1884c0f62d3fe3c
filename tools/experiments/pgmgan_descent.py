"""Draws the paths of points down PGMGAN's guide, with an invertible and with an ordinary partitioner (its Figure 3).

Each partitioner learns the 25 Gaussians as its parts. Then points of a mesh go down the slope of R_i for one part i.
"""

import keras
import numpy as np
import tensorflow as tf
from matplotlib.figure import Figure

from experiments.definition import RESULTS
from experiments.small_png import write_figure
from tfgan2.data.sources import load
from tfgan2.layers.spectral import converge, power_iterate
from tfgan2.losses.classification import class_loss
from tfgan2.losses.guide import guide
from tfgan2.networks import BACKBONES

_PICTURE = RESULTS / "pgmgan_descent.png"
# Title -> family, its arguments, and training steps.
_PARTITIONERS = {
    "invertible: linear": ("invertible_mlp", {"blocks": 0}, 3000),
    "invertible: 5 residual blocks": ("invertible_mlp", {"hidden_units": 16, "power_iterations": 1}, 1500),
    "unconstrained": ("unconstrained_mlp", {}, 3000),
}
_PART = 23  # the paths to this part are drawn
_HALF = 5.0  # the plane is drawn within [-_HALF, _HALF]
_STARTS = 17  # of the mesh, a side
_STEPS = 800
_NEAR = 1e-3  # R_i of those that have arrived, if not inside, at a border
_INK, _STUCK, _WAY = "#2b2f33", "#d55e00", "#0072b2"


def draw_descent(name, experiment):
    """Writes pgmgan_descent.png, and prints for every part how many points do not arrive."""
    data = load("grid25", points_per_mode=80)
    figure = Figure(figsize=(4.6 * len(_PARTITIONERS), 5.4), dpi=100, layout="constrained", facecolor="white")
    for place, (title, (family, arguments, steps)) in enumerate(_PARTITIONERS.items(), 1):
        partitioner = _fitted(BACKBONES[family](**arguments), data.samples, data.labels, steps)
        found = _parts_of(partitioner, data.samples)
        print(f"{title}: {(found == data.labels).mean():.1%} of the points in their part")
        arrived = [_arrived(partitioner, _descent(partitioner, part)[-1], part) for part in range(25)]
        counts = [int((~inside).sum()) for inside in arrived]
        print(f"  of {_STARTS**2} starts do not arrive in part 0, 1, ...: {counts}, {np.mean(counts) / _STARTS**2:.1%}")
        _draw(figure.add_subplot(1, len(_PARTITIONERS), place), title, partitioner, data.samples)
    write_figure(_PICTURE, figure)


def _fitted(family, points, labels, steps):
    """A partitioner that has learned labels of points by cross-entropy."""
    keras.utils.set_random_seed(0)
    partitioner = family.partitioner((2,), 25)
    optimizer = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.02, steps))
    optimizer.build(partitioner.trainable_variables)
    inputs, labels = tf.constant(points, tf.float32), tf.constant(labels)

    @tf.function
    def train():
        for _ in tf.range(steps):
            power_iterate(partitioner)
            with tf.GradientTape() as tape:
                loss = class_loss(partitioner(inputs), labels)
            variables = partitioner.trainable_variables
            optimizer.apply(tape.gradient(loss, [variable.value for variable in variables]), variables)

    train()
    converge(partitioner)
    return partitioner


def _descent(partitioner, part):
    """Where the points of the mesh are after each step down the slope of R_i, [_STEPS + 1, _STARTS ** 2, 2].

    Steps shrink as 1 / t, because R_i has edges, and are not much longer than a straight slope would need.
    """
    axis = np.linspace(-_HALF, _HALF, _STARTS, dtype=np.float32)
    points = tf.constant(np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2))
    parts = tf.fill([len(points)], part)

    @tf.function
    def step(points, longest):
        with tf.GradientTape() as tape:
            tape.watch(points)
            values = guide(partitioner(points), parts)
        slopes = tape.gradient(values, points)
        lengths = tf.norm(slopes, axis=1) + 1e-12
        return points - (tf.minimum(1.5 * values / lengths, longest) / lengths)[:, None] * slopes

    way = [points]
    for index in range(_STEPS):
        way.append(step(way[-1], tf.constant(0.2 / (1 + index / 50))))
    return np.stack(way)


def _arrived(partitioner, points, part):
    return guide(partitioner(points), tf.fill([len(points)], part)).numpy() < _NEAR


def _parts_of(partitioner, points):
    return partitioner(points).numpy().argmax(axis=1)


def _draw(axes, title, partitioner, data):
    """The parts, the one that is aimed for, the ways there and their ends."""
    axis = np.linspace(-_HALF, _HALF, 400, dtype=np.float32)
    grid = np.stack(np.meshgrid(axis, axis), axis=-1)
    parts = _parts_of(partitioner, grid.reshape(-1, 2)).reshape(grid.shape[:2])
    borders = np.zeros(parts.shape, bool)
    borders[1:] |= parts[1:] != parts[:-1]
    borders[:, 1:] |= parts[:, 1:] != parts[:, :-1]
    shades = np.ones((*parts.shape, 3))
    shades[parts == _PART] = [0.75, 0.87, 0.95]
    shades[borders] = 0.8
    axes.imshow(shades, origin="lower", extent=(-_HALF, _HALF, -_HALF, _HALF), interpolation="nearest")
    axes.scatter(*data.T, s=1, color="#8d97a3", linewidths=0)
    way = _descent(partitioner, _PART)
    inside = _arrived(partitioner, way[-1], _PART)
    for ends, color in ((inside, _WAY), (~inside, _STUCK)):
        axes.plot(*np.moveaxis(way[:, ends], -1, 0), color=color, linewidth=0.6, alpha=0.6)
    axes.scatter(*way[-1][~inside].T, s=28, marker="x", color=_INK, linewidths=1, zorder=3)
    axes.set_title(f"{title}\n{(~inside).sum()} of {len(inside)} starts do not arrive", color=_INK, fontsize=10)
    axes.set(xlim=(-_HALF, _HALF), ylim=(-_HALF, _HALF), xticks=[], yticks=[])
