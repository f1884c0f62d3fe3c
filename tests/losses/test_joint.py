"""LOGAN's losses: worked answers, a NumPy reference, and the theory of its section 3 on tables of logits."""

import math

import numpy as np
import pytest
import tensorflow as tf

from tfgan2.losses.joint import JOINT_LOSSES, lol1, lol2

LN2, LN3 = math.log(2), math.log(3)  # the logits of the probabilities 2/3 and 3/4


@pytest.mark.parametrize(
    ("name", "discriminator", "generator", "encoder"),
    [
        # Real logits 0 and ln 3, probabilities 1/2 and 3/4; a fake logit -ln 3, probability 1/4.
        # (ln 2 + ln 4/3) / 2 + ln 4/3; the mean of the logits.
        ("lol1", math.log(8 / 3) / 2 + math.log(4 / 3), LN3, LN3 / 2),
        # (1/4 + 1/16) / 2 + 1/16.
        ("lol2", 7 / 32, LN3, LN3 / 2),
        # -ln 1/4, and the mean of -ln(1 - 1/2) and -ln(1 - 3/4).
        ("vanilla", math.log(8 / 3) / 2 + math.log(4 / 3), math.log(4), math.log(8) / 2),
        # -ln 3 - ln 3 / 2.
        ("wasserstein", -1.5 * LN3, LN3, LN3 / 2),
        # (1 + (ln 3 - 1)^2) / 2 + ln 3^2; (1 + ln 3)^2; ln 3^2 / 2.
        ("least_squares", (1 + (LN3 - 1) ** 2) / 2 + LN3**2, (1 + LN3) ** 2, LN3**2 / 2),
    ],
)
def test_worked_answers(name, discriminator, generator, encoder):
    loss, real, fake = JOINT_LOSSES[name], tf.constant([[0.0], [LN3]]), tf.constant([[-LN3]])
    assert float(loss.discriminator(real, fake)) == pytest.approx(discriminator, rel=1e-6)
    assert float(loss.generator(fake)) == pytest.approx(generator, rel=1e-6)
    assert float(loss.encoder(real)) == pytest.approx(encoder, rel=1e-6)


def slope(function, logits):
    logits = tf.constant(logits, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(logits)
        value = function(logits)
    return tf.convert_to_tensor(tape.gradient(value, logits)).numpy()


@pytest.mark.parametrize("name", JOINT_LOSSES)
def test_the_discriminator_parts_what_generator_and_encoder_join(name):
    loss, logits = JOINT_LOSSES[name], np.array([0.5, 0.25])
    assert np.all(slope(lambda real: loss.discriminator(real, tf.zeros(2, tf.float64)), logits) < 0)
    assert np.all(slope(lambda fake: loss.discriminator(tf.zeros(2, tf.float64), fake), logits) > 0)
    assert np.all(slope(loss.generator, logits) < 0)
    assert np.all(slope(loss.encoder, logits) > 0)


# Distributions of pairs on four points, as samples: 8 of each.
REAL = np.repeat(np.arange(4), [4, 2, 1, 1])
FAKE = np.repeat(np.arange(4), [1, 1, 2, 4])
OPTIMUM = np.log([4 / 1, 2 / 1, 1 / 2, 1 / 4])


def of_table(loss):
    """Logits of the four points -> the discriminator's loss."""
    return lambda table: loss.discriminator(tf.gather(table, REAL), tf.gather(table, FAKE))


@pytest.mark.parametrize("loss", [lol1, lol2], ids=["lol1", "lol2"])
def test_both_have_the_optimum_of_log_density_ratios(loss):
    np.testing.assert_allclose(slope(of_table(loss), OPTIMUM), 0.0, atol=1e-15)
    table = tf.Variable(np.array([-1.0, 3.0, 0.0, 2.0]))

    @tf.function
    def descend():
        for _ in tf.range(3000):
            with tf.GradientTape() as tape:
                value = of_table(loss)(table)
            table.assign_sub(8.0 * tf.convert_to_tensor(tape.gradient(value, table)))

    descend()
    np.testing.assert_allclose(table, OPTIMUM, atol=1e-6)


def test_at_the_optimum_the_logit_loss_is_the_jeffreys_divergence():
    optimum = tf.constant(OPTIMUM)
    value = lol1.encoder(tf.gather(optimum, REAL)) + lol1.generator(tf.gather(optimum, FAKE))
    real, fake = np.bincount(REAL) / 8, np.bincount(FAKE) / 8
    jeffreys = (real * np.log(real / fake)).sum() + (fake * np.log(fake / real)).sum()
    assert jeffreys > 1
    assert float(value) == pytest.approx(jeffreys, rel=1e-12)
    assert float(lol2.encoder(optimum) + lol2.generator(optimum)) == 0  # of equal distributions


def test_slopes_by_a_logit_are_bounded():
    logits = np.append(np.linspace(-30, 30, 60_001), LN2)
    zero = tf.zeros(1, tf.float64)
    for loss, bound in ((lol1, 1.0), (lol2, 8 / 27)):
        of_fake = slope(lambda fake, loss=loss: len(logits) * loss.discriminator(zero, fake), logits)
        of_real = slope(lambda real, loss=loss: len(logits) * loss.discriminator(real, zero), -logits)
        np.testing.assert_allclose(of_real, -of_fake, rtol=1e-12)
        assert 0 < of_fake.min() < 1e-12  # it decays where the answer is right
        assert bound - 1e-6 < of_fake.max() < bound + 1e-12
        if loss is lol2:
            assert of_fake[-1] == of_fake.max()  # at a probability of 2/3


def test_generator_and_encoder_never_saturate():
    logits = np.array([-1e3, -1.0, 0.0, 50.0, 1e3])
    for loss in (lol1, lol2):
        np.testing.assert_allclose(slope(loss.generator, logits), -1 / 5, rtol=1e-15)
        np.testing.assert_allclose(slope(loss.encoder, logits), 1 / 5, rtol=1e-15)
