"""Adversarial losses: worked answers, a NumPy reference, extreme logits, and the direction they push."""

import math

import numpy as np
import pytest
import tensorflow as tf

from tfgan2.losses.adversarial import ADVERSARIAL_LOSSES, hinge, least_squares, logistic, saturating, wasserstein

LN3 = math.log(3)


@pytest.mark.parametrize(
    ("loss", "real", "fake", "discriminator", "generator"),
    [
        # softplus(0) = ln 2, softplus(-ln 3) = ln 4/3, softplus(ln 3) = ln 4.
        # Discriminator: (ln 2 + ln 4/3) / 2 + (ln 2 + ln 4) / 2 = ln(64/3) / 2; generator: (ln 2 + ln 4/3) / 2.
        (logistic, [0.0, LN3], [0.0, LN3], math.log(64 / 3) / 2, math.log(8 / 3) / 2),
        # The generator: -(ln 2 + ln 4) / 2.
        (saturating, [0.0, LN3], [0.0, LN3], math.log(64 / 3) / 2, -math.log(8) / 2),
        # Real: (0 + 2) / 2; fake: (0 + 1.5) / 2; generator: -(-3 + .5) / 2.
        (hinge, [2.0, -1.0], [-3.0, 0.5], 1.75, 1.25),
        # Real: (2^2 + 0) / 2; fake: (3^2 + 1) / 2; generator: (2^2 + (-2)^2) / 2.
        (least_squares, [3.0, 1.0], [3.0, -1.0], 7.0, 4.0),
        # Fake mean 2, real mean 1.5.
        (wasserstein, [1.0, 2.0], [5.0, -1.0], 0.5, -2.0),
    ],
)
def test_worked_answers(loss, real, fake, discriminator, generator):
    assert float(loss.discriminator(tf.constant(real), tf.constant(fake))) == pytest.approx(discriminator, rel=1e-6)
    assert float(loss.generator(tf.constant(fake))) == pytest.approx(generator, rel=1e-6)


def reference(name, real, fake):
    """The papers' formulas in float64: (discriminator loss, generator loss)."""
    if name == "logistic":
        real, fake = 1 / (1 + np.exp(-real)), 1 / (1 + np.exp(-fake))
        return -np.log(real).mean() - np.log(1 - fake).mean(), -np.log(fake).mean()
    if name == "saturating":
        real, fake = 1 / (1 + np.exp(-real)), 1 / (1 + np.exp(-fake))
        return -np.log(real).mean() - np.log(1 - fake).mean(), np.log(1 - fake).mean()
    if name == "hinge":
        return -np.minimum(0, real - 1).mean() - np.minimum(0, -1 - fake).mean(), -fake.mean()
    if name == "least_squares":
        return ((real - 1) ** 2).mean() + (fake**2).mean(), ((fake - 1) ** 2).mean()
    if name == "wasserstein":
        return fake.mean() - real.mean(), -fake.mean()
    raise KeyError(name)


@pytest.mark.parametrize("name", ADVERSARIAL_LOSSES)
def test_equals_reference(name):
    random = np.random.default_rng(0)
    real, fake = 3 * random.normal(size=(33, 1)), 3 * random.normal(size=(20, 1)) - 1
    loss = ADVERSARIAL_LOSSES[name]
    discriminator, generator = reference(name, real, fake)
    real, fake = tf.constant(real, tf.float32), tf.constant(fake, tf.float32)
    assert float(loss.discriminator(real, fake)) == pytest.approx(discriminator, rel=1e-5)
    assert float(loss.generator(fake)) == pytest.approx(generator, rel=1e-5)
    # The mean does not mind how the logits are laid out.
    flat = loss.discriminator(tf.reshape(real, [-1]), tf.reshape(fake, [4, 5]))
    assert float(flat) == pytest.approx(discriminator, rel=1e-5)


def test_extreme_logits():
    # softplus(1e4) = 1e4 and softplus(-1e4) = 0: a wholly wrong discriminator pays 1e4 twice, a right one nothing.
    high, low = tf.constant([1e4]), tf.constant([-1e4])
    assert float(logistic.discriminator(low, high)) == 2e4 and float(logistic.discriminator(high, low)) == 0
    assert float(logistic.generator(low)) == 1e4 and float(logistic.generator(high)) == 0
    with tf.GradientTape() as tape:
        tape.watch([low, high])
        loss = logistic.discriminator(low, high)
    assert [gradient.numpy().item() for gradient in tape.gradient(loss, [low, high])] == [-1, 1]
    # 1e4^2 twice; the others are linear out there.
    assert float(least_squares.discriminator(tf.constant([1 - 1e4]), low)) == pytest.approx(2e8, rel=1e-6)
    assert float(hinge.discriminator(low, high)) == 2e4 + 2 and float(wasserstein.discriminator(low, high)) == 2e4


@pytest.mark.parametrize("name", ADVERSARIAL_LOSSES)
def test_discriminator_parts_what_generator_joins(name):
    loss = ADVERSARIAL_LOSSES[name]
    # At a logit of 1/2 every loss still pulls: real up, fake down; the generator pulls fake up.
    real, fake = tf.constant(0.5), tf.constant(0.5)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([real, fake])
        discriminator, generator = loss.discriminator(real, fake), loss.generator(fake)
    assert float(tape.gradient(discriminator, real)) < -0.1
    assert float(tape.gradient(discriminator, fake)) > 0.1
    assert float(tape.gradient(generator, fake)) < -0.1
