"""MGAN's theory on finite distributions: its best classifier is the posterior, its term is a Jensen-Shannon divergence.

Rows of the counts are the generators, columns are the values that they make.
"""

import numpy as np
import pytest
import tensorflow as tf
from scipy.special import rel_entr
from scipy.stats import entropy
from tables import rows_of, same_rows, slope, table

from tfgan2.methods.mgan import MGAN

COUNTS = np.array([[12, 5, 3, 0], [2, 8, 8, 2], [1, 1, 8, 10]])
REAL = np.array([10, 30, 10, 10])
EACH = COUNTS / 20
MIXTURE, DATA = EACH.mean(axis=0), REAL / 60
BETA = 0.5


def jensen_shannon(each):
    """The divergence of several distributions with equal weights, in nats."""
    return entropy(each.mean(axis=0)) - entropy(each, axis=1).mean()


@pytest.fixture(scope="module")
def best():
    """(game with the best discriminator and classifier, made rows, generators)."""
    logits = np.log(DATA / MIXTURE)[:, None]
    posterior = np.log(np.maximum(COUNTS / COUNTS.sum(axis=0), 1e-12)).T
    game = MGAN(same_rows(4, choices=True), table(np.hstack([logits, posterior])), num_generators=3, beta=BETA)
    made = tf.concat([rows_of(counts) for counts in COUNTS], 0)
    return game, made, tf.constant(np.repeat(np.arange(3), 20), tf.int32)


def test_the_best_classifier_is_the_posterior(best):
    game, made, choices = best
    loss, terms = game.discriminator_loss(rows_of(REAL), made, choices)
    assert float(terms["class_loss"]) == pytest.approx(np.log(3) - jensen_shannon(EACH), rel=1e-5)
    assert float(terms["class_accuracy"]) == pytest.approx(COUNTS.max(axis=0).sum() / 60)
    middle = (DATA + MIXTURE) / 2
    between = (rel_entr(DATA, middle) + rel_entr(MIXTURE, middle)).sum() / 2
    assert float(loss - terms["class_loss"]) == pytest.approx(2 * np.log(2) - 2 * between, rel=1e-5)
    # Both terms are convex in the logits, so they are smallest where the slope is 0.
    assert slope(game.discriminator, lambda: game.discriminator_loss(rows_of(REAL), made, choices)[0]) < 1e-6


def test_the_generators_term_is_their_divergence(best):
    game, made, choices = best
    loss, terms = game.generator_loss(made, choices)
    plain = MIXTURE @ np.log1p(MIXTURE / DATA)  # the non-saturating loss -log D of the best discriminator
    assert float(loss) == pytest.approx(plain + BETA * (np.log(3) - jensen_shannon(EACH)), rel=1e-5)
    assert float(terms["class_loss"]) < np.log(3)  # that of equal generators
