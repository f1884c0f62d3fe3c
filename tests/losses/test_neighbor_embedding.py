"""Neighbour embedding: closed forms, invariants, a NumPy reference, and what it does to a collapsed batch."""

import numpy as np
import pytest
import tensorflow as tf

from tfgan2.losses.neighbor_embedding import neighbor_embedding, neighbor_probabilities

TOLERANCE = 1e-5


def draw(count=24, dimension=2, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, size=(count, dimension)).astype(np.float32)


def probabilities(points):
    return neighbor_probabilities(tf.constant(points, tf.float32)).numpy()


def embedding(latents, samples):
    return float(neighbor_embedding(tf.constant(latents, tf.float32), tf.constant(samples, tf.float32)))


def reference_probabilities(points):
    """Eq. 3 and 4 in float64."""
    count = len(points)
    distances = np.linalg.norm(points[:, None] - points[None], axis=-1)
    kernel = 1 / (1 + distances**2 / (2 * distances[~np.eye(count, dtype=bool)].var()))
    np.fill_diagonal(kernel, 0)
    conditional = kernel / kernel.sum(axis=1, keepdims=True)
    return (conditional + conditional.T) / (2 * count)


def reference_embedding(latents, samples):
    """Eq. 2 in float64; the diagonal adds 0 log 0 = 0."""
    wanted, found = (reference_probabilities(points.astype(np.float64)) for points in (latents, samples))
    pairs = wanted > 0
    return np.sum(wanted[pairs] * np.log(wanted[pairs] / found[pairs]))


@pytest.mark.parametrize(("count", "dimension"), [(2, 3), (5, 1), (24, 2), (60, 128)])
def test_probabilities(count, dimension):
    found = probabilities(draw(count, dimension))
    np.testing.assert_allclose(found, found.T, atol=1e-8)
    np.testing.assert_array_equal(np.diag(found), 0)
    assert found.min() >= 0 and found.sum() == pytest.approx(1, abs=TOLERANCE)
    # Each point has half of its share, 1 / (2n), as the one whose neighbours are drawn, so no row is below that.
    assert found.sum(axis=1).min() >= 1 / (2 * count) - TOLERANCE / count


@pytest.mark.parametrize(("count", "dimension"), [(5, 1), (24, 2), (60, 128)])
def test_probabilities_equal_reference(count, dimension):
    points = draw(count, dimension, seed=1)
    np.testing.assert_allclose(probabilities(points), reference_probabilities(points.astype(np.float64)), rtol=2e-4)


def test_three_points_on_a_line():
    # Points 0, 1, 3: distances 1, 2, 3, each twice, mean 2, variance 2/3, so the kernel is 1 / (1 + d^2 / (4/3)):
    # 4/7, 1/4, 4/31. With k_01 = 4/7, k_12 = 1/4, k_02 = 4/31 the first row is divided by 4/7 + 4/31 = 152/217, the
    # second by 4/7 + 1/4 = 23/28, the third by 4/31 + 1/4 = 47/124.
    p_01 = (4 / 7 / (152 / 217) + 4 / 7 / (23 / 28)) / 6
    p_12 = (1 / 4 / (23 / 28) + 1 / 4 / (47 / 124)) / 6
    p_02 = (4 / 31 / (152 / 217) + 4 / 31 / (47 / 124)) / 6
    expected = [[0, p_01, p_02], [p_01, 0, p_12], [p_02, p_12, 0]]
    np.testing.assert_allclose(probabilities([[0.0], [1.0], [3.0]]), expected, atol=1e-6)


def test_points_without_spread_of_distances():
    # Two points have one distance, three equidistant ones too: no variance, and equal shares all the same.
    np.testing.assert_allclose(probabilities([[0.0, 1.0], [3.0, 5.0]]), [[0, 1 / 2], [1 / 2, 0]], atol=TOLERANCE)
    triangle = [[0.0, 0.0], [1.0, 0.0], [0.5, 0.75**0.5]]
    np.testing.assert_allclose(probabilities(triangle), (1 - np.eye(3)) / 6, atol=TOLERANCE)
    np.testing.assert_allclose(probabilities(np.ones([4, 2])), (1 - np.eye(4)) / 12, atol=TOLERANCE)


@pytest.mark.parametrize("seed", range(5))
def test_embedding_equals_reference(seed):
    latents, samples = draw(40, 2, seed), draw(40, 12, seed + 100)
    expected = reference_embedding(latents, samples)
    assert expected > 0.01
    assert embedding(latents, samples) == pytest.approx(expected, rel=1e-3)
    assert embedding(latents, samples.reshape(40, 2, 2, 3)) == pytest.approx(expected, rel=1e-3)


def test_isometry_up_to_scale():
    latents = draw()
    angle = 0.7
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    reflection = np.array([[1, 0], [0, -1]])
    assert embedding(latents, latents) == pytest.approx(0, abs=TOLERANCE)
    assert embedding(latents, 3 * latents @ rotation @ reflection + [5, -2]) == pytest.approx(0, abs=TOLERANCE)
    # Into more dimensions, too; but a squeeze is no isometry.
    assert embedding(latents, np.pad(latents, ((0, 0), (3, 1)))) == pytest.approx(0, abs=TOLERANCE)
    assert embedding(latents, latents * [1, 0.1]) > 0.01


def test_invariances():
    latents, samples = draw(), draw(dimension=3, seed=1)
    value = embedding(latents, samples)
    assert value > 0.05
    order = np.random.default_rng(0).permutation(len(latents))
    assert embedding(latents[order], samples[order]) == pytest.approx(value, abs=TOLERANCE)
    assert abs(embedding(latents, samples[order]) - value) > 1e-3  # it is the pairing that counts
    for latent_scale, sample_scale in [(100, 1), (0.01, 1), (1, 255), (1, 0.01), (-3, 1e3)]:
        scaled = embedding(latent_scale * latents, sample_scale * samples)
        assert scaled == pytest.approx(value, abs=TOLERANCE)


def half_collapsed(seed=0):
    """128 latents of the square; their samples are equal to them but for the left half, shrunk to a tenth.

    Returns:
      (latents, samples, left): left marks the rows of the left half, about half of all.
    """
    latents = draw(128, seed=seed)
    left = latents[:, 0] < 0
    middle = latents[left].mean(axis=0)
    return latents, np.where(left[:, None], middle + 0.1 * (latents - middle), latents), left


@pytest.mark.parametrize("seed", range(4))
def test_half_collapsed_batch_costs(seed):
    latents, samples, _ = half_collapsed(seed)
    assert embedding(latents, latents) == pytest.approx(0, abs=TOLERANCE)
    assert 0.05 < embedding(latents, samples) < 0.08  # .065, .066, .066, .067
    assert embedding(latents, samples) == pytest.approx(reference_embedding(latents, samples), rel=1e-3)


def test_descent_spreads_the_collapsed_half():
    latents, samples, left = half_collapsed()
    samples = tf.Variable(samples, dtype=tf.float32)
    values, spreads, others = [], [], []
    for _ in range(31):
        with tf.GradientTape() as tape:
            value = neighbor_embedding(tf.constant(latents), samples)
        values.append(float(value))
        spreads.append(samples.numpy()[left].var(axis=0).sum())
        others.append(samples.numpy()[~left].var(axis=0).sum())
        samples.assign_sub(5.0 * tape.gradient(value, samples))
    assert np.all(np.diff(values) < 0) and values[-1] < 0.2 * values[0]
    # A hundredth of the latents' variance, .44, at first; a third of it in the end. The right half stays as it was.
    assert np.all(np.diff(spreads) > 0)
    assert spreads[0] == pytest.approx(0.0044, rel=0.05) and 0.1 < spreads[-1] < 0.5
    np.testing.assert_allclose(others, others[0], rtol=0.1)


def test_gradient_equals_finite_differences():
    latents, samples = (tf.constant(draw(8, 2, seed), tf.float64) for seed in (0, 1))
    with tf.GradientTape() as tape:
        tape.watch([latents, samples])
        value = neighbor_embedding(latents, samples)
    gradients = tape.gradient(value, [latents, samples])
    step = 1e-6
    for index, gradient in enumerate(gradients):
        assert np.abs(gradient).max() > 1e-3
        for row, column in np.ndindex(8, 2):
            shift = np.zeros([8, 2])
            shift[row, column] = step
            high, low = (
                neighbor_embedding(*(p + s * shift * (i == index) for i, p in enumerate((latents, samples))))
                for s in (1, -1)
            )
            assert float(high - low) / (2 * step) == pytest.approx(float(gradient[row, column]), abs=1e-8)


@pytest.mark.parametrize(
    "samples",
    [np.ones([6, 2]), np.repeat([[0.0, 0.0], [1.0, 1.0]], 3, axis=0), np.eye(6)],
    ids=["all in one point", "all in two points", "all equally far"],
)
def test_gradient_is_finite_where_distances_vanish(samples):
    samples = tf.constant(samples, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(samples)
        value = neighbor_embedding(tf.constant(draw(6)), samples)
    assert np.isfinite(value) and np.isfinite(tape.gradient(value, samples)).all()


def test_images_of_which_some_coincide():
    random = np.random.default_rng(0)
    images = random.uniform(0, 1, (12, 32, 32, 3)).astype(np.float32)
    images[5] = images[2]  # the same
    images[7] = images[3] + np.float32(1e-4)  # almost
    with tf.GradientTape() as tape:
        points = tf.Variable(images)
        probabilities = neighbor_probabilities(points)
        total = tf.reduce_sum(tf.square(probabilities))
    flat = images.reshape(12, -1).astype(np.float64)
    squared = np.square(flat[:, None] - flat[None]).sum(-1)
    different = ~np.eye(12, dtype=bool)
    kernel = different / (1 + squared / (2 * np.sqrt(squared)[different].var()))
    conditional = kernel / kernel.sum(1, keepdims=True)
    np.testing.assert_allclose(probabilities, (conditional + conditional.T) / 24, rtol=1e-5)
    gradient = tape.gradient(total, points).numpy()
    assert np.isfinite(gradient).all()
    # Coincident points are drawn the same way.
    np.testing.assert_allclose(gradient[5], gradient[2], rtol=1e-3, atol=1e-3 * np.abs(gradient).max())


def test_no_tensor_of_all_differences():
    graph = tf.function(neighbor_probabilities).get_concrete_function(tf.TensorSpec([16, 32, 32, 3])).graph
    sizes = [output.shape.num_elements() for operation in graph.get_operations() for output in operation.outputs]
    assert max(size for size in sizes if size is not None) == 16 * 32 * 32 * 3
