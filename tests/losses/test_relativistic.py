"""The relativistic loss of pairs: values, gradients, invariances."""

import numpy as np
import pytest
import tensorflow as tf
from analytic import sigmoid, softplus

from tfgan2.losses import relativistic

REAL, FAKE = np.random.default_rng(0).normal(size=(2, 7, 1)) * 3


def tensors():
    return tf.constant(REAL, tf.float32), tf.constant(FAKE, tf.float32)


def test_values():
    # softplus(-(D(x) - D(G(z)))) for the discriminator, the other way round for the generator.
    assert float(relativistic.discriminator(*tensors())) == pytest.approx(softplus(FAKE - REAL).mean(), rel=1e-5)
    assert float(relativistic.generator(*tensors())) == pytest.approx(softplus(REAL - FAKE).mean(), rel=1e-5)
    known = tf.constant([[0.0]]), tf.constant([[np.log(3.0)]], tf.float32)  # softplus(log 3) = log 4
    assert float(relativistic.discriminator(*known)) == pytest.approx(np.log(4), rel=1e-6)
    assert float(relativistic.generator(*known)) == pytest.approx(np.log(4 / 3), rel=1e-6)


@pytest.mark.parametrize("jit_compile", [None, False, True])
def test_gradients(jit_compile):
    def gradients(loss, real, fake):
        with tf.GradientTape() as tape:
            tape.watch([real, fake])
            value = loss(real, fake)
        return tape.gradient(value, [real, fake])

    run = gradients if jit_compile is None else tf.function(gradients, jit_compile=jit_compile, autograph=False)
    wrong, right = sigmoid(FAKE - REAL) / len(REAL), sigmoid(REAL - FAKE) / len(REAL)
    for loss, expected in ((relativistic.discriminator, (-wrong, wrong)), (relativistic.generator, (right, -right))):
        for found, value in zip(run(loss, *tensors()), expected, strict=True):
            np.testing.assert_allclose(found, value, rtol=1e-4)


def test_only_differences_of_pairs_count():
    real, fake = tensors()
    for loss in (relativistic.discriminator, relativistic.generator):
        assert float(loss(real + 2.0, fake + 2.0)) == pytest.approx(float(loss(real, fake)), rel=1e-4)
        order = [3, 1, 0, 2, 6, 5, 4]
        both = loss(tf.gather(real, order), tf.gather(fake, order))
        assert float(both) == pytest.approx(float(loss(real, fake)), rel=1e-5)
        assert abs(float(loss(tf.gather(real, order), fake)) - float(loss(real, fake))) > 1e-2
    swapped = relativistic.generator(fake, real)
    assert float(relativistic.discriminator(real, fake)) == pytest.approx(float(swapped), rel=1e-6)
