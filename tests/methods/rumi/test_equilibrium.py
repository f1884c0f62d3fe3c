"""Where the game of Rumi-LSGAN rests: the same answers as the game played with the losses."""

import numpy as np
import pytest

from tfgan2.methods.rumi.equilibrium import LeastSquaresGame, equilibrium, share_of_disjoint_negatives
from tfgan2.methods.rumi.solutions import PRESETS

PAPER = LeastSquaresGame(2.0, -1.0, 0.0, 1.5, 2.5, 0.5)
POSITIVE, NEGATIVE = [0.4, 0.3, 0.2, 0.1], [0.25] * 4


def test_where_nothing_is_clipped_it_is_the_lemma():
    found = equilibrium(LeastSquaresGame(2.0, 0.5, 0.0, 2.0, 1.0, 0.5), POSITIVE, NEGATIVE)
    np.testing.assert_allclose(found.distribution, [0.43333, 0.31111, 0.18889, 0.06667], atol=1e-5)
    # (0 + 2 + .25) / 2.5
    assert found.output == pytest.approx(0.9) and found.is_stable
    assert not equilibrium(LeastSquaresGame(2.0, 0.5, 0.0, 0.5, 1.0, 0.5), POSITIVE, NEGATIVE).is_stable


def test_the_overlap_of_the_paper():
    classes = np.arange(10)
    positive, negative = np.isin(classes, [1, 2, 4, 5, 7, 9]) / 6, np.isin(classes, [0, 2, 3, 6, 8, 9]) / 6
    distribution = np.array(equilibrium(PAPER, positive, negative).distribution)
    np.testing.assert_allclose(distribution[[1, 4, 5, 7]], 0.2155, atol=1e-4)
    np.testing.assert_allclose(distribution[[2, 9]], 0.069, atol=1e-4)
    assert distribution.sum() == pytest.approx(1.0) and not distribution[[0, 3, 6, 8]].any()


@pytest.mark.parametrize(
    ("game", "margin"),
    [
        # 1.5 - 2.5 * 2 / (1 + 2.5)
        (PRESETS["paper"], 1 / 14),
        # 2 - (-.5 + 2.5 * 2.5 / (1 + 2.5))
        (PRESETS["code"], 5 / 7),
        # 1.5 - 2 / (1 + 1)
        (PRESETS["paper"]._replace(positive_weight=1.0), 0.5),
        # LSGAN: 1 - 1 / 2
        (LeastSquaresGame(1.0, 0.0, 0.0, 1.0, 1.0, 0.0), 0.5),
    ],
)
def test_margins_on_disjoint_classes(game, margin):
    found = equilibrium(game, (1.0, 0.0), (0.0, 1.0))
    assert found.margin == pytest.approx(margin) and found.distribution == pytest.approx((1.0, 0.0))


def test_the_share_of_negatives():
    assert share_of_disjoint_negatives(PAPER) == 0.0
    # b- = 1.5 is above k: positives pull with .5 * 2, negatives with 1 * 1.5, so k = (1 + 1.5) / (1 + .5 + 1) = 1, and
    # the distribution is (1 - .5, 1.5 - 1).
    assert share_of_disjoint_negatives(
        PAPER._replace(negative_label=1.5, positive_weight=0.5, negative_weight=1.0)
    ) == (pytest.approx(0.5))
    # Just below k there is none: positives alone have k = 5 / 3.5 = 1.43.
    assert share_of_disjoint_negatives(PAPER._replace(negative_label=1.4)) == 0.0
    assert share_of_disjoint_negatives(PAPER._replace(negative_label=1.5)) > 0.01
