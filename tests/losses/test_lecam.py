"""The LeCam regulariser: values, gradients, and what it leaves alone."""

import numpy as np
import pytest
import tensorflow as tf

from tfgan2.losses.lecam import lecam

REAL, FAKE = np.random.default_rng(0).normal(size=(2, 9, 1)).astype("float32") * 2


def reference(real, fake, real_average, fake_average):
    above, below = np.maximum(real - fake_average, 0), np.maximum(real_average - fake, 0)
    return (above**2).mean() + (below**2).mean()


def test_values():
    # Real logits 3 and -1 over the average 1 of generated ones: 2^2 and nothing; generated -2 and 4 under 2: 4^2.
    found = lecam(tf.constant([3.0, -1.0]), tf.constant([-2.0, 4.0]), tf.constant(2.0), tf.constant(1.0))
    assert float(found) == 2.0 + 8.0
    averages = (0.3, -0.7)
    found = lecam(tf.constant(REAL), tf.constant(FAKE), *map(tf.constant, averages))
    assert float(found) == pytest.approx(reference(REAL, FAKE, *averages), rel=1e-5)


@pytest.mark.parametrize("jit_compile", [None, False, True])
def test_gradients(jit_compile):
    def gradients(real, fake, *averages):
        with tf.GradientTape() as tape:
            tape.watch([real, fake, *averages])
            value = lecam(real, fake, *averages)
        return tape.gradient(value, [real, fake, *averages], unconnected_gradients="zero")

    run = gradients if jit_compile is None else tf.function(gradients, jit_compile=jit_compile, autograph=False)
    real, fake, *of_averages = run(*map(tf.constant, (REAL, FAKE, 0.3, -0.7)))
    np.testing.assert_allclose(real, 2 * np.maximum(REAL + 0.7, 0) / len(REAL), rtol=1e-5)
    np.testing.assert_allclose(fake, -2 * np.maximum(0.3 - FAKE, 0) / len(FAKE), rtol=1e-5)
    assert [float(gradient) for gradient in of_averages] == [0, 0]
    step = 1e-2
    difference = reference(REAL + step, FAKE, 0.3, -0.7) - reference(REAL - step, FAKE, 0.3, -0.7)
    assert float(tf.reduce_sum(real)) == pytest.approx(difference / (2 * step), rel=1e-2)
