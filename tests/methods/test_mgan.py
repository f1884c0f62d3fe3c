"""MGAN: what a choice does, and which networks fit."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan2.errors import ArgumentError
from tfgan2.methods.mgan import MGAN
from tfgan2.networks.mlp import MLP


@pytest.fixture(scope="module")
def game():
    keras.utils.set_random_seed(0)
    arguments = {"num_generators": 3}
    return MGAN(*MGAN.make_networks(MLP(hidden_units=8), (2,), classes=0, arguments=arguments), **arguments)


def test_all_generators_are_drawn_and_offered(game):
    assert (game.choice, game.offered_choices) == ("generator", (0, 1, 2))
    counts = np.bincount(game.random_choices("choices", 3000), minlength=3)
    assert counts.sum() == 3000 and counts.min() > 900
    latents, _ = game.latents(0, 5)
    apart = [game.generate((latents, tf.fill([5], number))).numpy() for number in range(3)]
    assert all(np.abs(apart[one] - apart[other]).max() > 0.01 for one, other in ((0, 1), (0, 2), (1, 2)))


def test_the_score_is_the_first_logit(game):
    points = tf.constant(np.random.default_rng(0).random((5, 2)), tf.float32)
    np.testing.assert_array_equal(game.score(points), game.discriminator(points)[:, :1])
    np.testing.assert_array_equal(game.logits(points), game.discriminator(points)[:, :1])


def test_a_discriminator_with_other_heads_is_refused(game):
    message = r"^num_generators is 4; it must be 3, as the discriminator has 4 logits\.$"
    with pytest.raises(ArgumentError, match=message):
        MGAN(game.generator, game.discriminator, num_generators=4)
