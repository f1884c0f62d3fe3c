"""PGMGAN's Theorem 3: with an invertible backbone, gradient descent on R_i reaches part i, and part i is connected.

The tests use a random invertible perceptron in the plane, an ordinary perceptron that learns its parts, and images.
"""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan2.layers.spectral import converge
from tfgan2.losses.classification import class_loss
from tfgan2.losses.guide import guide
from tfgan2.networks import BACKBONES

PARTS = 8
BLOCKS = 8
HALF = 4.0  # Points are in [-HALF, HALF].
SMALLEST = 1 - 0.9**3  # Smallest factor by which a block can change a distance.


def in_float64(make):
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float64")
    try:
        return make()
    finally:
        keras.config.set_dtype_policy(before)


def plane_points(count, seed=0):
    return np.random.default_rng(seed).uniform(-HALF, HALF, size=(count, 2))


def parts_of(partitioner, points):
    return partitioner(points).numpy().argmax(axis=1)


def bend(partitioner):
    """Sets random weights with the largest norm in all directions, so that the backbone is far from linear."""
    keras.utils.set_random_seed(1)
    for variable in partitioner.get_layer("backbone").trainable_variables:
        if variable.name == "kernel":
            variable.assign(5 * keras.initializers.Orthogonal()(variable.shape, variable.dtype))
        else:
            variable.assign(keras.random.normal(variable.shape, dtype=variable.dtype))
    converge(partitioner)


@pytest.fixture(scope="module")
def strict():
    """The family and a partitioner with a random invertible backbone. A part is the region nearest to one of 8 points.

    "Nearest" is measured between features of the backbone.
    """
    family = BACKBONES["invertible_mlp"](blocks=BLOCKS, hidden_units=2)
    partitioner = in_float64(lambda: family.partitioner((2,), PARTS))
    bend(partitioner)
    centers = partitioner.get_layer("backbone")(plane_points(PARTS, seed=3)).numpy()
    # The logits are |u|^2 - |u - m|^2 = 2 u.m - |m|^2 for features u and centres m.
    partitioner.get_layer("head").set_weights([2 * centers.T, -np.sum(centers**2, axis=1)])
    return family, partitioner


@pytest.fixture(scope="module")
def unconstrained(strict):
    """An ordinary perceptron after training on the same parts."""
    keras.utils.set_random_seed(0)
    points = plane_points(2000)
    labels = parts_of(strict[1], points)
    partitioner = in_float64(lambda: BACKBONES["unconstrained_mlp"]().partitioner((2,), PARTS))
    optimizer = keras.optimizers.Adam(0.01)
    optimizer.build(partitioner.trainable_variables)
    inputs = tf.constant(points)

    @tf.function
    def train():
        for _ in tf.range(1200):
            with tf.GradientTape() as tape:
                loss = class_loss(partitioner(inputs), labels)
            variables = partitioner.trainable_variables
            optimizer.apply(tape.gradient(loss, [variable.value for variable in variables]), variables)

    train()
    assert (parts_of(partitioner, points) == labels).mean() > 0.97
    return partitioner


def with_slope(partitioner, points, parts):
    """R_i and its gradient with respect to the points."""
    with tf.GradientTape() as tape:
        tape.watch(points)
        values = guide(partitioner(points), parts)
    return values, tape.gradient(values, points)


def descend(partitioner, points, parts, *, longest=0.4, steps=1200):
    """Gradient descent on R_i. The steps shrink as 1 / t, because R_i is not smooth, just as |x| is not.

    Near the part a step is 1.5 times the distance at which a linear R_i would be 0.
    """

    @tf.function
    def run(points):
        def step(index, points):
            values, slopes = with_slope(partitioner, points, parts)
            lengths = tf.sqrt(tf.reduce_sum(slopes**2, axis=range(1, len(points.shape)), keepdims=True)) + 1e-12
            far = 1.5 * tf.reshape(values, lengths.shape) / lengths
            most = longest / (1 + tf.cast(index, points.dtype) / 50)
            return points - tf.minimum(far, most) * slopes / lengths

        return keras.ops.fori_loop(0, steps, step, points)

    return run(points)


def mesh(rows=13):
    """All pairs of a point of a mesh and a part, as two arrays."""
    axis = np.linspace(-1.25 * HALF, 1.25 * HALF, rows)
    points = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    return tf.constant(np.tile(points, (PARTS, 1))), tf.constant(np.repeat(np.arange(PARTS), len(points)), tf.int32)


def test_no_part_is_empty(strict):
    counts = np.bincount(parts_of(strict[1], plane_points(2000)), minlength=PARTS)
    assert len(counts) == PARTS and counts.min() > 20


def test_descent_from_every_point_reaches_the_part(strict):
    _, partitioner = strict
    points, parts = mesh()
    outside = parts_of(partitioner, points) != parts.numpy()
    assert outside.mean() > 0.8
    reached = descend(partitioner, points, parts)
    values = guide(partitioner(reached), parts).numpy()
    assert values.max() < 1e-3  # A border belongs to the part. Some descents end at corners of the part.
    assert (values == 0).mean() > 0.97
    # Points that began inside have not moved.
    np.testing.assert_array_equal(reached.numpy()[~outside], points.numpy()[~outside])


def test_gradient_outside_has_a_lower_bound(strict):
    # The gradient of R_i is J^T v. The vector v is the sum of w_c - w_i over the parts c with a larger logit than i.
    # J is the derivative of the backbone. A block changes lengths by a factor from 1 - L^3 to 1 + L^3.
    _, partitioner = strict
    points, parts = mesh()
    logits = partitioner(points).numpy()
    above = logits > np.take_along_axis(logits, parts.numpy()[:, None], axis=1)
    kernel = partitioner.get_layer("head").kernel.numpy()
    sums = above @ kernel.T - above.sum(axis=1, keepdims=True) * kernel.T[parts.numpy()]
    outside = above.any(axis=1)
    bounds = np.linalg.norm(sums, axis=1)[outside]
    assert bounds.min() > 0.01
    slopes = np.linalg.norm(with_slope(partitioner, points, parts)[1].numpy(), axis=1)
    assert (slopes[outside] >= SMALLEST**BLOCKS * bounds).all()
    assert (slopes[outside] <= (2 - SMALLEST) ** BLOCKS * bounds).all()
    assert (slopes[~outside] == 0).all()


def test_descent_of_an_unconstrained_network_gets_stuck(unconstrained):
    points, parts = mesh()
    ended = descend(unconstrained, points, parts)
    stuck = np.flatnonzero(guide(unconstrained(ended), parts) > 0.1)
    assert 0.05 * len(points) < len(stuck) < len(points)
    # At least one end point is a local minimum: R_i is above 0 there and not lower on circles around it.
    ended, parts = ended.numpy()[stuck], parts.numpy()[stuck]
    values = with_slope(unconstrained, tf.constant(ended), parts)[0].numpy()
    turns = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    lowest = np.full(len(stuck), np.inf)
    for radius in (0.01, 0.03, 0.1):
        around = ended[:, None] + radius * np.stack([np.cos(turns), np.sin(turns)], axis=-1)
        ring = guide(unconstrained(around.reshape(-1, 2)), np.repeat(parts, 64)).numpy().reshape(-1, 64)
        lowest = np.minimum(lowest, ring.min(axis=1))
    assert (lowest >= values).any()


def test_parts_are_connected(strict):
    family, partitioner = strict
    backbone = partitioner.get_layer("backbone")
    points = plane_points(1000, seed=1)
    parts = parts_of(partitioner, points)
    one, other = [], []
    for part in range(PARTS):
        own = points[parts == part][:80]
        one.append(own[: len(own) // 2])
        other.append(own[len(own) // 2 :][: len(own) // 2])
    one, other = np.concatenate(one), np.concatenate(other)
    parts = parts_of(partitioner, one)
    np.testing.assert_array_equal(parts_of(partitioner, other), parts)

    inverse = tf.function(lambda features: family.inverse(backbone, features), autograph=False)
    shares = np.linspace(0, 1, 11)[:, None, None]
    features = (1 - shares) * backbone(one).numpy() + shares * backbone(other).numpy()
    paths = inverse(tf.constant(features.reshape(-1, 2))).numpy().reshape(len(shares), -1, 2)
    np.testing.assert_allclose(paths[0], one, atol=1e-8)
    np.testing.assert_allclose(paths[-1], other, atol=1e-8)
    for points_between in paths:
        np.testing.assert_array_equal(parts_of(partitioner, points_between), parts)
    # Straight lines in the plane leave the parts.
    straight = (1 - shares) * one + shares * other
    leaves = [parts_of(partitioner, points_between) != parts for points_between in straight]
    assert np.any(leaves, axis=0).mean() > 0.02


def test_descent_reaches_the_part_from_every_image():
    # There are fewer parts than dimensions, and the rows of the head are linearly independent. So no part is empty.
    family = BACKBONES["invertible_resnet"](blocks=1, width_multiplier=0.25)
    partitioner = in_float64(lambda: family.partitioner((8, 8, 1), 4))
    bend(partitioner)
    images = np.random.default_rng(0).uniform(-1, 1, size=(6, 8, 8, 1))
    points = tf.constant(np.tile(images, (4, 1, 1, 1)))
    parts = tf.constant(np.repeat(np.arange(4), len(images)), tf.int32)
    assert (parts_of(partitioner, points) == parts.numpy()).mean() < 0.5
    reached = descend(partitioner, points, parts, longest=1.0, steps=120)
    np.testing.assert_array_equal(parts_of(partitioner, reached), parts)
