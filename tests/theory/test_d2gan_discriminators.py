"""D2GAN's theory on finite distributions: the best discriminators are alpha p / q and beta q / p."""

import numpy as np
import pytest
import tensorflow as tf
from scipy.special import rel_entr
from tables import rows_of, same_rows, slope, table

from tfgan2.methods.d2gan import D2GAN

REAL, FAKE = np.array([30, 10, 1, 19]), np.array([5, 20, 30, 5])
P, Q = REAL / REAL.sum(), FAKE / FAKE.sum()
KL, REVERSE_KL = rel_entr(P, Q).sum(), rel_entr(Q, P).sum()


def game_of(alpha, beta, first, second):
    """A game on values. `first` has the positive numbers of D1, one for each value, and `second` those of D2."""
    logits = [np.log(np.expm1(numbers))[:, None] for numbers in (first, second)]
    return D2GAN(same_rows(4), *map(table, logits), alpha=alpha, beta=beta)


@pytest.mark.parametrize(("alpha", "beta"), [(1.0, 1.0), (0.5, 0.1), (0.2, 0.9)])
def test_the_best_discriminators(alpha, beta):
    real, fake = rows_of(REAL), rows_of(FAKE)
    game = game_of(alpha, beta, alpha * P / Q, beta * Q / P)
    loss, terms = game.discriminator_loss(real, fake)
    constant = alpha * (np.log(alpha) - 1) + beta * (np.log(beta) - 1)
    assert -float(loss) == pytest.approx(constant + alpha * KL + beta * REVERSE_KL, rel=1e-5)
    assert [float(terms[name]) for name in ("kl", "reverse_kl")] == pytest.approx([KL, REVERSE_KL], rel=1e-5)
    # The objective is concave in both discriminators' numbers, so it is largest where its slope is 0.
    for role in ("discriminator", "reverse_discriminator"):
        assert slope(game.networks[role], lambda: game.discriminator_loss(real, fake)[0]) < 1e-6
    ratios = game.log_density_ratios(tf.eye(4))
    np.testing.assert_allclose(ratios["discriminator"][:, 0], np.log(P / Q), rtol=1e-5)
    np.testing.assert_allclose(ratios["reverse_discriminator"][:, 0], np.log(Q / P), rtol=1e-5)


def test_others_are_worse():
    random, real, fake = np.random.default_rng(0), rows_of(REAL), rows_of(FAKE)
    best, _ = game_of(0.5, 0.5, 0.5 * P / Q, 0.5 * Q / P).discriminator_loss(real, fake)
    for first, second in np.exp(random.normal(0, 0.3, (5, 2, 4))):
        loss, terms = game_of(0.5, 0.5, 0.5 * first * P / Q, 0.5 * second * Q / P).discriminator_loss(real, fake)
        assert loss > best
        assert terms["kl"] < KL and terms["reverse_kl"] < REVERSE_KL


def test_the_generator_descends_the_divergences():
    """Its slope in the mass of a value is that of alpha KL(p || q) + beta KL(q || p), up to a constant."""
    alpha, beta = 0.7, 0.3
    game = game_of(alpha, beta, alpha * P / Q, beta * Q / P)
    rows = [float(game.generator_loss(tf.eye(4)[value : value + 1])[0]) for value in range(4)]
    expected = -alpha * P / Q + beta * np.log(Q / P)
    np.testing.assert_allclose(np.subtract(rows, rows[0]), expected - expected[0], rtol=1e-5)
