"""The guide: worked answers, a NumPy reference, its properties."""

import numpy as np
import pytest
import tensorflow as tf

from tfgan2.losses.guide import guide


def random_logits(rows, parts, seed=0):
    return np.random.default_rng(seed).normal(scale=2, size=(rows, parts)).astype(np.float32)


def with_gradient(logits, parts, **options):
    logits = tf.constant(logits)
    with tf.GradientTape() as tape:
        tape.watch(logits)
        values = guide(logits, tf.constant(parts), **options)
        total = tf.reduce_sum(values)
    return values.numpy(), tape.gradient(total, logits).numpy()


def test_guide_of_worked_logits():
    logits = np.array([[1.0, 3.0, 2.0]] * 3, np.float32)
    # Part 0: (3 - 1) + (2 - 1); part 1 is the largest; part 2: 3 - 2.
    values, gradient = with_gradient(logits, [0, 1, 2])
    np.testing.assert_allclose(values, [3, 0, 1])
    np.testing.assert_allclose(gradient, [[-2, 1, 1], [0, 0, 0], [0, 1, -1]])
    np.testing.assert_allclose(with_gradient(logits, [0, 1, 2], reduction="mean")[0], [1, 0, 1 / 3])


@pytest.mark.parametrize("reduction", ["sum", "mean"])
def test_guide_equals_reference(reduction):
    logits = random_logits(40, 7)
    parts = np.random.default_rng(1).integers(7, size=40).astype(np.int32)
    expected = [sum(max(0, f - row[part]) for f in row) for row, part in zip(logits, parts, strict=True)]
    found, _ = with_gradient(logits, parts, reduction=reduction)
    np.testing.assert_allclose(found, np.array(expected) / {"sum": 1, "mean": 7}[reduction], rtol=1e-5, atol=1e-6)


def test_guide_grows_with_every_difference_above_zero():
    # Property 1.
    logits = random_logits(200, 6)
    own = logits[:, 0]
    values = guide(logits, tf.zeros([200], tf.int32)).numpy()
    for other in range(1, 6):
        raised = logits.copy()
        raised[:, other] += 0.5
        moved = guide(raised, tf.zeros([200], tf.int32)).numpy()
        above, below = logits[:, other] > own, raised[:, other] <= own
        assert above.any() and below.any()
        np.testing.assert_allclose(moved[above] - values[above], 0.5, rtol=1e-3)
        np.testing.assert_array_equal(moved[below], values[below])


def test_guide_is_zero_exactly_inside_the_part():
    # Property 2.
    logits = random_logits(300, 5)
    for part in range(5):
        values, gradient = with_gradient(logits, [part] * 300)
        inside = logits.argmax(axis=1) == part
        assert inside.any() and not inside.all()
        assert (values[inside] == 0).all() and (values[~inside] > 0).all()
        assert (gradient[inside] == 0).all() and (np.abs(gradient[~inside]).sum(axis=1) >= 2).all()
    # Ties are inside.
    values, gradient = with_gradient(np.full((3, 3), 2.0, np.float32), [0, 1, 2])
    assert (values == 0).all() and (gradient == 0).all()


def test_guide_does_not_see_a_constant():
    logits = random_logits(30, 4)
    parts = np.arange(30, dtype=np.int32) % 4
    values, gradient = with_gradient(logits, parts)
    moved, moved_gradient = with_gradient(logits + np.linspace(-8, 8, 30, dtype=np.float32)[:, None], parts)
    np.testing.assert_allclose(moved, values, atol=1e-5)
    np.testing.assert_array_equal(moved_gradient, gradient)
    np.testing.assert_allclose(gradient.sum(axis=1), 0, atol=1e-6)
