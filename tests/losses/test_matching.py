"""Gradient matching: closed forms for a logistic-linear discriminator, and second-order gradients of a generator."""

import numpy as np
import pytest
import tensorflow as tf

from tfgan2.losses.matching import MATCHING_STATISTICS, matching_terms, norm_statistics, vector_statistics

WEIGHTS, BIAS = np.array([1.5, -2.0]), 0.3  # ||w|| = 5/2


def logistic_linear(inputs):
    return tf.sigmoid(tf.linalg.matvec(inputs, tf.constant(WEIGHTS, inputs.dtype)) + BIAS)[:, None]


def closed_form(inputs):
    """D, ||grad D||, grad D and grad D^T x of D = sigmoid(w.x + b). The gradient is D (1 - D) w."""
    probability = 1 / (1 + np.exp(-inputs @ WEIGHTS - BIAS))
    slope = probability * (1 - probability)
    return probability, 2.5 * slope, slope[:, None] * WEIGHTS, slope * (inputs @ WEIGHTS)


def batch(seed, count=20, shift=0.0):
    return np.random.default_rng(seed).normal(size=(count, 2)) + shift


def means(statistics):
    return {name: tf.reduce_mean(values, axis=0) for name, values in statistics.items()}


def terms(form, score, real, fake):
    statistics = MATCHING_STATISTICS[form]
    return matching_terms(means(statistics(score, real)), means(statistics(score, fake)))


def test_statistics_of_one_point():
    # At x = (2, 1.65): w.x + b = 3 - 3.3 + .3 = 0, D = 1/2, D (1 - D) = 1/4, gradient (.375, -.5), norm .625,
    # gradient times point .75 - .825 = -.075.
    point = tf.constant([[2.0, 1.65]])
    found = {name: values.numpy().tolist() for name, values in norm_statistics(logistic_linear, point).items()}
    assert found["score"] == pytest.approx([0.5], rel=1e-6)
    assert found["slope"] == pytest.approx([0.625], rel=1e-6)
    assert found["slope_times_point"] == pytest.approx([0.075], abs=1e-6)
    found = {name: values.numpy().tolist() for name, values in vector_statistics(logistic_linear, point).items()}
    assert found["score"] == pytest.approx([0.5], rel=1e-6)
    assert found["slope"] == [pytest.approx([0.375, -0.5], rel=1e-6)]
    assert found["slope_times_point"] == pytest.approx([-0.075], abs=1e-6)


def test_statistics_equal_closed_form():
    inputs = batch(0)
    probability, norm, gradient, product = closed_form(inputs)
    assert product.min() < -0.1  # so that the sign tells the forms apart
    found = norm_statistics(logistic_linear, tf.constant(inputs, tf.float32))
    np.testing.assert_allclose(found["score"], probability, rtol=1e-5)
    np.testing.assert_allclose(found["slope"], norm, rtol=1e-5)
    np.testing.assert_allclose(found["slope_times_point"], np.abs(product), atol=1e-5)
    found = vector_statistics(logistic_linear, tf.constant(inputs, tf.float32))
    np.testing.assert_allclose(found["score"], probability, rtol=1e-5)
    np.testing.assert_allclose(found["slope"], gradient, rtol=1e-5)
    np.testing.assert_allclose(found["slope_times_point"], product, atol=1e-5)


def test_terms_equal_closed_form():
    real, fake = batch(0), batch(1, count=30, shift=0.7)
    real_tensor, fake_tensor = tf.constant(real, tf.float32), tf.constant(fake, tf.float32)
    real_values, fake_values = closed_form(real), closed_form(fake)
    difference = [np.mean(x, axis=0) - np.mean(y, axis=0) for x, y in zip(real_values, fake_values, strict=True)]
    absolute = np.abs(real_values[3]).mean() - np.abs(fake_values[3]).mean()

    found = terms("norm", logistic_linear, real_tensor, fake_tensor)
    assert float(found["score"]) == pytest.approx(abs(difference[0]), rel=1e-4)
    assert float(found["slope"]) == pytest.approx(difference[1] ** 2, rel=1e-4)
    assert float(found["slope_times_point"]) == pytest.approx(absolute**2, rel=1e-4)

    found = terms("vector", logistic_linear, real_tensor, fake_tensor)
    assert float(found["score"]) == pytest.approx(abs(difference[0]), rel=1e-4)
    # The mean gradient is E[D (1 - D)] w, so its squared length is that of the norm form here.
    assert float(found["slope"]) == pytest.approx(np.sum(difference[2] ** 2), rel=1e-4)
    assert float(found["slope"]) == pytest.approx(difference[1] ** 2, rel=1e-4)
    assert float(found["slope_times_point"]) == pytest.approx(difference[3] ** 2, rel=1e-4)


def test_terms_of_given_means():
    # |.25 - .75|, (1 - 3)^2 and (-2 - 1)^2; of vectors (1 - 0)^2 + (2 - 4)^2.
    real = {"score": tf.constant(0.25), "slope": tf.constant(1.0), "slope_times_point": tf.constant(-2.0)}
    fake = {"score": tf.constant(0.75), "slope": tf.constant(3.0), "slope_times_point": tf.constant(1.0)}
    found = matching_terms(real, fake)
    assert {name: float(value) for name, value in found.items()} == {"score": 0.5, "slope": 4, "slope_times_point": 9}
    real["slope"], fake["slope"] = tf.constant([1.0, 2.0]), tf.constant([0.0, 4.0])
    assert float(matching_terms(real, fake)["slope"]) == 5


def test_forms_differ_where_gradients_cancel():
    # D = x^2 / 8 on -1 and 1 against D on 0 and 0: gradients x / 4 cancel in the mean, their norms do not.
    def score(inputs):
        return inputs**2 / 8

    real, fake = tf.constant([[-1.0], [1.0]]), tf.constant([[0.0], [0.0]])
    assert float(terms("vector", score, real, fake)["slope"]) == 0
    assert float(terms("norm", score, real, fake)["slope"]) == pytest.approx(1 / 16, rel=1e-4)


@pytest.mark.parametrize("form", ["norm", "vector"])
def test_equal_batches_match(form):
    real = tf.constant(batch(0), tf.float32)
    fake = tf.reverse(real, axis=[0])
    for value in terms(form, logistic_linear, real, fake).values():
        assert float(value) == pytest.approx(0, abs=1e-6)
    # A wider batch elsewhere does not.
    for value in terms(form, logistic_linear, real, 4.0 * fake + [2.0, 0.0]).values():
        assert float(value) > 1e-3


@pytest.mark.parametrize("form", ["norm", "vector"])
@pytest.mark.parametrize("slope", [0.0, None], ids=["zero weights", "input ignored"])
def test_constant_discriminator(form, slope):
    real, fake = tf.constant(batch(0), tf.float32), tf.Variable(batch(1, shift=1.0), dtype=tf.float32)

    def score(inputs):
        logits = tf.fill([20], 0.4) if slope is None else slope * tf.reduce_sum(inputs, axis=1) + 0.4
        return tf.sigmoid(logits)[:, None]

    with tf.GradientTape() as tape:
        found = terms(form, score, real, tf.identity(fake))
        total = tf.add_n(list(found.values()))
    assert {name: float(value) for name, value in found.items()} == pytest.approx(
        {"score": 0, "slope": 0, "slope_times_point": 0}, abs=1e-6
    )
    gradient = tape.gradient(total, fake, unconnected_gradients="zero")
    np.testing.assert_array_equal(gradient, np.zeros([20, 2]))


def test_images():
    # The mean of 2 x 2 x 1 pixels: gradient 1/4 each, norm 1/2, times the point the mean itself.
    images = tf.constant(np.arange(12).reshape(3, 2, 2, 1), tf.float32)
    found = vector_statistics(lambda x: tf.reduce_mean(x, [1, 2, 3])[:, None], images)
    assert found["slope"].numpy().tolist() == [[0.25] * 4] * 3
    np.testing.assert_allclose(found["slope_times_point"], [1.5, 5.5, 9.5], rtol=1e-6)
    found = norm_statistics(lambda x: tf.reduce_mean(x, [1, 2, 3])[:, None], images)
    np.testing.assert_allclose(found["slope"], [0.5, 0.5, 0.5], rtol=1e-6)


@pytest.mark.parametrize("form", ["norm", "vector"])
@pytest.mark.parametrize("term", ["score", "slope", "slope_times_point"])
def test_generator_gradient_equals_finite_differences(form, term):
    random = np.random.default_rng(3)
    first, second = (tf.constant(random.normal(size=shape)) for shape in ((2, 8), (8, 1)))
    real, latents = tf.constant(batch(4)), tf.constant(batch(5))
    generator = tf.constant([[0.24, 0.09], [-0.12, 0.33]], tf.float64)

    def value(matrix):
        return terms(form, lambda inputs: tf.sigmoid(tf.tanh(inputs @ first) @ second), real, latents @ matrix)[term]

    with tf.GradientTape() as tape:
        tape.watch(generator)
        loss = value(generator)
    gradient = tape.gradient(loss, generator).numpy()
    assert np.abs(gradient).max() > 1e-3
    for row, column in np.ndindex(2, 2):
        shift = np.zeros([2, 2])
        shift[row, column] = 1e-6
        difference = float(value(generator + shift) - value(generator - shift)) / 2e-6
        assert difference == pytest.approx(gradient[row, column], abs=1e-8)
