"""The contrastive loss: against the formula as it is printed, where its answer is known, and what it ignores."""

import math

import numpy as np
import pytest
import tensorflow as tf
from modes import MODES

from tfgan2.losses.contrastive import contrastive

RANDOM = np.random.default_rng(0)


def reference(first, second, temperature):
    """The loss of Eq. 4, one view after the other, and the accuracy."""
    views = np.concatenate([first, second]).astype(np.float64)
    views /= np.linalg.norm(views, axis=1, keepdims=True)
    count, losses, hits = len(first), [], []
    for i, z in enumerate(views):
        partner = (i + count) % (2 * count)
        similarities = {k: np.dot(z, other) / temperature for k, other in enumerate(views) if k != i}
        losses.append(math.log(sum(map(math.exp, similarities.values()))) - similarities[partner])
        hits.append(max(similarities, key=similarities.get) == partner)
    return np.mean(losses), np.mean(hits)


@pytest.mark.parametrize("temperature", [0.1, 1.0])
@pytest.mark.parametrize("mode", MODES)
def test_the_formula(mode, temperature):
    first = RANDOM.normal(size=(7, 5)).astype(np.float32)
    second = first + 0.7 * RANDOM.normal(size=(7, 5)).astype(np.float32)
    expected = reference(first, second, temperature)
    assert 0 < expected[1] < 1
    found = MODES[mode](contrastive)(tf.constant(first), tf.constant(second), temperature=temperature)
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_known_answers():
    # Equal pairs, the others at right angles: log(e^(1/T) + 2n - 2) - 1/T; all equal: log(2n - 1).
    first = tf.eye(4)
    loss, accuracy = contrastive(first, 3.0 * first, temperature=0.5)
    assert float(loss) == pytest.approx(math.log(math.exp(2) + 6) - 2, rel=1e-5) and float(accuracy) == 1
    loss, _ = contrastive(tf.ones([4, 3]), tf.ones([4, 3]), temperature=0.5)
    assert float(loss) == pytest.approx(math.log(7), rel=1e-5)
    # The worst: partners are opposite, the other pair is at right angles, log(e^-1 + 2) + 1.
    loss, accuracy = contrastive(tf.eye(2), -tf.eye(2), temperature=1.0)
    assert float(loss) == pytest.approx(math.log(math.exp(-1) + 2) + 1, rel=1e-5) and float(accuracy) == 0


def test_descent_brings_pairs_together():
    points = tf.Variable(RANDOM.normal(size=(2, 8, 3)), dtype=tf.float32)
    losses = []
    for _ in range(60):
        with tf.GradientTape() as tape:
            loss, accuracy = contrastive(points[0], points[1], temperature=0.5)
        points.assign_sub(2.0 * tape.gradient(loss, points))
        losses.append(float(loss))
    assert losses[-1] < losses[0] - 0.5 and float(accuracy) == 1
    # Length plays no part, so no gradient points along it.
    with tf.GradientTape() as tape:
        loss, _ = contrastive(points[0], points[1], temperature=0.5)
    gradient = tape.gradient(loss, points)
    np.testing.assert_allclose(tf.reduce_sum(gradient * points, axis=2), 0, atol=1e-6)
