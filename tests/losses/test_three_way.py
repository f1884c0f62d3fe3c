"""Three-way losses: worked answers, and the theory of Rumi-GAN by playing the game on a finite alphabet.

The game is played with the library's losses alone: a table of discriminator outputs, one a letter, that is the best
answer to the generator's distribution at every turn, and a generator that moves its distribution down its own loss.
"""

import math
from typing import NamedTuple

import numpy as np
import pytest
import tensorflow as tf

from tfgan2.losses.divergences import DIVERGENCES
from tfgan2.losses.three_way import least_squares, variational, wasserstein

PAPER = {"positive_label": 2.0, "negative_label": -1.0, "fake_label": 0.0, "generator_label": 1.5}
CODE = {"positive_label": 2.0, "negative_label": -2.0, "fake_label": -0.5, "generator_label": 2.0}
SGAN = variational(DIVERGENCES["gan"])

POSITIVE, NEGATIVE = [0.4, 0.3, 0.2, 0.1], [0.25] * 4
DISJOINT = ([1.0, 0.0], [0.0, 1.0])
# Ten classes: positives 1, 2, 4, 5, 7, 9 and negatives 0, 2, 3, 6, 8, 9.
OVERLAP = (np.isin(np.arange(10), [1, 2, 4, 5, 7, 9]) / 6, np.isin(np.arange(10), [0, 2, 3, 6, 8, 9]) / 6)


def labels(fake, positive, negative, generator):
    return {
        "fake_label": fake,
        "positive_label": positive,
        "negative_label": negative,
        "generator_label": generator,
    }


@pytest.mark.parametrize(
    ("loss", "discriminator", "generator"),
    [
        # Positive (1 + 9) / 2 = 5, negative 0, fake (0 + 1) / 2; generator (2.25 + .25) / 2.
        (least_squares(**PAPER), 2 * 5 + 3 * 0 + 0.5, 1.25),
        # softplus(-v) of the positives 1 and -1 and of the fakes for the generator, softplus(v) else.
        (
            SGAN,
            2 * (math.log1p(math.exp(-1)) + math.log1p(math.e)) / 2
            + 3 * math.log1p(math.exp(-1))
            + (math.log(2) + math.log1p(math.e)) / 2,
            (math.log(2) + math.log1p(math.exp(-1))) / 2,
        ),
        # -2 * 0 + 3 * (-1) + (2 - 3) * .5; the generator's weight is 2 - 3, too.
        (wasserstein, -3.5, 0.5),
    ],
)
def test_worked_answers(loss, discriminator, generator):
    weights = {"positive_weight": 2.0, "negative_weight": 3.0}
    positive, negative, fake = tf.constant([1.0, -1.0]), tf.constant([[-1.0]]), tf.constant([0.0, 1.0])
    assert float(loss.discriminator(positive, negative, fake, **weights)) == pytest.approx(discriminator, rel=1e-6)
    assert float(loss.generator(fake, **weights)) == pytest.approx(generator, rel=1e-6)


def test_a_part_has_its_share_of_the_generated_samples():
    weights = {"positive_weight": 2.0, "negative_weight": 0.5}
    one, two = tf.constant([1.0]), tf.constant([2.0])
    # (1 - 2)^2 * 2 + (2 - 0)^2 / 2, then (1 + 1)^2 / 2 + (2 - 0)^2 / 2.
    assert float(least_squares(**PAPER).discriminator(one, None, two, **weights)) == 4.0
    assert float(least_squares(**PAPER).discriminator(None, one, two, **weights)) == 4.0
    # -2 (1 - 2), then (1 - 2) / 2: each is the difference of its own two means.
    assert float(wasserstein.discriminator(one, None, two, **weights)) == 2.0
    assert float(wasserstein.discriminator(None, one, two, **weights)) == -0.5


def test_updates_by_parts_in_turn_rest_where_the_whole_does():
    # At the solution of the overlap, 25/116 for each of 1, 4, 5, 7 and 8/116 for 2 and 9, the output is one constant
    # k = (2.5 * 2 / 6) / (2.5 / 6 + 25 / 116) on all that is made. With the generated samples counted twice it would
    # be .96 on the first and 1.09 on the others, so the generator would leave the solution.
    solution = np.zeros(10)
    solution[[1, 4, 5, 7]], solution[[2, 9]] = 25 / 116, 8 / 116
    loss, counts = (
        least_squares(**PAPER),
        [np.round(6 * distribution) for distribution in OVERLAP] + [np.round(116 * solution)],
    )
    positive, negative, fake = (np.repeat(np.arange(10), count.astype(int)) for count in counts)
    outputs = tf.Variable(tf.zeros([10]))

    @tf.function
    def updates():
        for _ in tf.range(4000):
            for kinds in ((positive, None), (None, negative)):
                with tf.GradientTape() as tape:
                    found = [None if kind is None else tf.gather(outputs, kind) for kind in (*kinds, fake)]
                    part = loss.discriminator(*found, positive_weight=2.5, negative_weight=0.5)
                outputs.assign_sub(0.01 * tf.convert_to_tensor(tape.gradient(part, outputs)))

    updates()
    k = (2.5 * 2 / 6) / (2.5 / 6 + 25 / 116)
    np.testing.assert_allclose(outputs.numpy()[[1, 4, 5, 7, 2, 9]], k, atol=0.01)


class Played(NamedTuple):
    """How a game ended: the generator's distribution, the discriminator's outputs, each letter's generator loss."""

    distribution: np.ndarray
    outputs: np.ndarray
    fake: np.ndarray


def play(loss, positive, negative, positive_weight, negative_weight, *, turns=4000, rate=0.02, start=None):
    """The game on a finite alphabet, from the uniform distribution, in float64."""
    positive, negative = (tf.constant(distribution, tf.float64) for distribution in (positive, negative))
    count = positive.shape[0]
    distribution = tf.Variable(np.full(count, 1 / count) if start is None else np.array(start))
    outputs = tf.Variable(tf.zeros([count], tf.float64))

    def of_letters(values):
        return (
            positive_weight * positive * loss.positive(values)
            + negative_weight * negative * loss.negative(values)
            + distribution * loss.fake(values)
        )

    @tf.function
    def best_answer(turns):
        """Newton's method for each letter, in steps of at most 1. The loss of a letter is convex."""
        for _ in tf.range(turns):
            values = outputs.read_value()
            with tf.GradientTape() as second:
                second.watch(values)
                with tf.GradientTape() as first:
                    first.watch(values)
                    loss_of_letters = of_letters(values)
                slope = first.gradient(loss_of_letters, values)
            curvature = second.gradient(slope, values)
            step = tf.clip_by_value(slope / (tf.abs(curvature) + 1e-12), -1.0, 1.0)
            outputs.assign(tf.clip_by_value(values - step, -25.0, 25.0))

    @tf.function
    def turn(turns):
        for _ in tf.range(turns):
            best_answer(2)
            target = loss.target(outputs)
            # Mirror descent keeps it a distribution; the slope of a letter is the generator's loss there.
            slope = tf.clip_by_value(target - tf.reduce_sum(distribution * target), -5.0, 5.0)
            moved = distribution * tf.exp(-rate * slope)
            distribution.assign(moved / tf.reduce_sum(moved))

    best_answer(50)
    turn(turns)
    best_answer(50)
    return Played(distribution.numpy(), outputs.numpy(), loss.fake(outputs).numpy())


@pytest.mark.parametrize("name", DIVERGENCES)
@pytest.mark.parametrize(
    ("positive", "negative", "weights", "distribution"),
    [
        # (1 + .2) p+ - .2 p-
        (POSITIVE, NEGATIVE, (1.0, 0.2), [0.43, 0.31, 0.19, 0.07]),
        # Clipped: (1.1 p+ - .5 p-)+, where the letters of p- alone get nothing.
        ([0.6, 0.4, 0.0, 0.0], [0.0, 0.2, 0.5, 0.3], (1.0, 0.5), [0.66, 0.34, 0.0, 0.0]),
    ],
)
def test_every_divergence_has_the_same_optimum(name, positive, negative, weights, distribution):
    rate = {"kl": 0.05, "reverse_kl": 0.02, "squared_hellinger": 0.05}.get(name, 0.1)
    played = play(variational(DIVERGENCES[name]), positive, negative, *weights, rate=rate)
    np.testing.assert_allclose(played.distribution, distribution, atol=1e-3)


def test_the_lemma_of_the_standard_loss():
    played = play(SGAN, POSITIVE, NEGATIVE, 1.0, 0.2, rate=0.1)
    # D* = alpha+ / (1 + alpha+ + alpha-) on the support, lambda* = log((1 + alpha+ + alpha-) / (1 + alpha-)).
    np.testing.assert_allclose(tf.sigmoid(played.outputs), 0.454545, atol=1e-3)
    np.testing.assert_allclose(played.fake, 0.606136, atol=1e-3)
    # A negative weight below 0 mixes: .7 p+ + .3 p-.
    mixed = play(SGAN, POSITIVE, NEGATIVE, 0.5, -0.3, rate=0.1, start=[0.4, 0.3, 0.2, 0.1])
    np.testing.assert_allclose(mixed.distribution, [0.355, 0.285, 0.215, 0.145], atol=1e-3)


def test_disjoint_classes_and_the_standard_loss():
    np.testing.assert_allclose(play(SGAN, *DISJOINT, 1.0, 0.5, rate=0.1).distribution, [1.0, 0.0], atol=1e-3)


@pytest.mark.parametrize(
    ("named", "weights", "distribution", "output"),
    [
        # Eq. 5 with eta+ = 11/9, eta- = -4/9; D* = (a + b+ beta+ + b- beta-) / (1 + beta+ + beta-) = 2.25 / 2.5.
        (labels(0.0, 2.0, 0.5, 2.0), (1.0, 0.5), [0.43333, 0.31111, 0.18889, 0.06667], 0.9),
        (labels(0.0, 2.0, 0.5, 1.5), (1.0, 0.5), [0.43333, 0.31111, 0.18889, 0.06667], 0.9),
        # eta+ = 1.5, eta- = .25.
        (labels(0.0, 2.0, 1.0, 1.5), (0.5, 1.0), [0.3625, 0.2875, 0.2125, 0.1375], 0.8),
        # The paper's special case beta+ = (a - b-) / (b- - b+): the positives' own distribution, whatever beta- is.
        (labels(0.0, 2.0, 1.0, 1.5), (1.0, 0.3), POSITIVE, 1.0),
        (labels(0.0, 2.0, 1.0, 1.5), (1.0, 2.0), POSITIVE, 1.0),
    ],
)
def test_the_lemma_of_least_squares(named, weights, distribution, output):
    played = play(least_squares(**named), POSITIVE, NEGATIVE, *weights)
    np.testing.assert_allclose(played.distribution, distribution, atol=1e-3)
    np.testing.assert_allclose(played.outputs, output, atol=1e-3)


def test_a_generator_label_below_what_the_discriminator_says_collapses():
    # c = .5 is below .9: the generator wants lower outputs and gets them where it makes more. Moving all that it makes
    # at each turn, it ends with the one letter; in small steps it ends with two, which depend on where it starts.
    loss = least_squares(**labels(0.0, 2.0, 0.5, 0.5))
    played = play(loss, POSITIVE, NEGATIVE, 1.0, 0.5, rate=20.0, turns=200)
    np.testing.assert_allclose(played.distribution, [0.0, 0.0, 0.0, 1.0], atol=1e-3)
    slowly = play(loss, POSITIVE, NEGATIVE, 1.0, 0.5)
    assert np.sum(slowly.distribution > 1e-3) == 2


@pytest.mark.parametrize("positive_weight", [0.5, 0.8, 1.0, 2.5])
def test_disjoint_classes_and_least_squares(positive_weight):
    played = play(least_squares(**PAPER), *DISJOINT, positive_weight, 1.0)
    np.testing.assert_allclose(played.distribution, [1.0, 0.0], atol=1e-3)
    # With c = -1 the generator wants what the discriminator says of negatives.
    failed = play(least_squares(**PAPER | {"generator_label": -1.0}), *DISJOINT, positive_weight, 1.0)
    assert failed.distribution[0] < 1e-3


@pytest.mark.parametrize(
    ("named", "wanted", "shared", "without"), [(PAPER, 0.2155, 0.069, 1 / 6), (CODE, 0.220, 0.060, 1 / 6)]
)
def test_overlapping_classes(named, wanted, shared, without):
    distribution = play(least_squares(**named), *OVERLAP, 2.5, 0.5).distribution
    np.testing.assert_allclose(distribution[[1, 4, 5, 7]], wanted, atol=1e-3)
    np.testing.assert_allclose(distribution[[2, 9]], shared, atol=1e-3)
    np.testing.assert_allclose(distribution[[0, 3, 6, 8]], 0.0, atol=1e-3)
    # Without the negatives' weight all positive classes are alike.
    distribution = play(least_squares(**named), *OVERLAP, 2.5, 0.0).distribution
    np.testing.assert_allclose(distribution[[1, 2, 4, 5, 7, 9]], without, atol=1e-3)


def test_the_wasserstein_discriminator_has_no_slope_at_the_match():
    positive_weight, negative_weight = 2.0, 0.5
    # (2 p+ - p- / 2) / 1.5
    match = (positive_weight * np.array(POSITIVE) - negative_weight * np.array(NEGATIVE)) / 1.5
    np.testing.assert_allclose(match, [0.45, 0.316667, 0.183333, 0.05], atol=1e-6)
    # Batches with these frequencies: 60 letters of each kind.
    batches = [
        np.repeat(np.arange(4), np.round(60 * np.array(distribution)).astype(int)) for distribution in (POSITIVE, match)
    ]
    outputs = tf.constant([0.3, -1.0, 2.0, 0.5])
    with tf.GradientTape() as tape:
        tape.watch(outputs)
        positive, fake = (tf.gather(outputs, letters) for letters in batches)
        weights = {"positive_weight": positive_weight, "negative_weight": negative_weight}
        loss = wasserstein.discriminator(positive, outputs, fake, **weights)
    np.testing.assert_allclose(tf.convert_to_tensor(tape.gradient(loss, outputs)), 0.0, atol=1e-6)
