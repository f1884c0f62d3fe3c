"""Rumi-GAN: its losses on linear networks, what each step uses, and warnings about what will be learnt instead."""

import warnings

import numpy as np
import pytest
import tensorflow as tf
from analytic import linear, sigmoid, softplus, tensors

from tfgan2.errors import SettingWarning
from tfgan2.methods.rumi.rumi import Rumi

POSITIVE = np.array([[0.5, 1.0], [-1.0, 2.0]], "float32")
NEGATIVE = np.array([[0.0, -0.5], [1.0, 1.0]], "float32")
LATENTS = np.array([[1.0, 1.0], [0.5, -1.0]], "float32")
MIXING = np.array([0.25, 1.0], "float32")
# f(x) = 3 x_1 - 4 x_2 + 1/2 with a gradient of norm 5; G(z) = 2 z.
POSITIVE_OUTPUTS, NEGATIVE_OUTPUTS, FAKE_OUTPUTS = (
    samples @ np.array([3.0, -4.0]) + 0.5 for samples in (POSITIVE, NEGATIVE, 2 * LATENTS)
)


def rumi(**arguments):
    return Rumi(linear([[2.0, 0.0], [0.0, 2.0]], [0.0, 0.0]), linear([[3.0], [-4.0]], [0.5]), **arguments)


def square(values):
    return np.mean(values**2)


P, N, F = POSITIVE_OUTPUTS, NEGATIVE_OUTPUTS, FAKE_OUTPUTS
LOSSES = {
    "paper": ({}, 2.5 * square(P - 2) + 0.5 * square(N + 1) + square(F), square(F - 1.5)),
    "code": ({"preset": "code"}, 2.5 * square(P - 2) + 0.5 * square(N + 2) + square(F + 0.5), square(F - 2)),
    "own": (
        {"preset": "code", "negative_label": -1.0, "positive_weight": 1.0, "generator_label": 3.0},
        square(P - 2) + 0.5 * square(N + 1) + square(F + 0.5),
        square(F - 3),
    ),
    "logistic": (
        {"loss": "logistic", "positive_weight": 1.0, "negative_weight": 0.2},
        softplus(-P).mean() + softplus(F).mean() + 0.2 * softplus(N).mean(),
        softplus(-F).mean(),
    ),
    "wasserstein": (
        {"loss": "wasserstein"},
        -2.5 * (P.mean() - F.mean()) + 0.5 * (N.mean() - F.mean()),
        -2.0 * F.mean(),
    ),
    "pearson": (
        {"loss": "pearson"},
        -2.5 * P.mean() + np.mean(F**2 / 4 + F) + 0.5 * np.mean(N**2 / 4 + N),
        -F.mean(),
    ),
}


@pytest.mark.parametrize("name", LOSSES)
def test_both_losses(name):
    arguments, discriminator, generator = LOSSES[name]
    game = rumi(**arguments)
    loss, terms = game.discriminator_loss(*tensors(POSITIVE, NEGATIVE, LATENTS, MIXING))
    own, _ = game.generator_loss(*tensors(LATENTS), {})
    np.testing.assert_allclose([loss, own], [discriminator, generator], rtol=1e-5)
    expected = {"positive_output": P.mean(), "negative_output": N.mean(), "fake_output": F.mean()}
    found = {name: pytest.approx(float(value), rel=1e-5) for name, value in terms.items() if name.endswith("_output")}
    assert found == expected
    for side, outputs, others in (("real", P, F), ("fake", F, P)):
        boundary = others if game.boundary is None else game.boundary
        assert float(terms[f"{side}_probability"]) == pytest.approx(sigmoid(outputs - boundary).mean(), rel=1e-5)
        assert float(terms[f"{side}_called_real"]) == pytest.approx((outputs > boundary).mean())


@pytest.mark.parametrize("penalty", [{}, {"gradient_penalty": "one_sided"}])
@pytest.mark.parametrize("name", LOSSES)
def test_the_parts_of_the_alternate_update_add_up_to_the_joint_loss(name, penalty):
    game = rumi(discriminator_update="alternate", **LOSSES[name][0], **penalty)
    positive, negative, latents, mixing = tensors(POSITIVE, NEGATIVE, LATENTS, MIXING)
    of_positive = game.positive_loss(positive, latents, mixing)
    of_negative = game.negative_loss(negative, latents, mixing)
    joint, _ = game.discriminator_loss(positive, negative, latents, mixing)
    np.testing.assert_allclose(of_positive[0] + of_negative[0], joint, rtol=1e-5)
    assert {"negative_output", "fake_output"} <= set(of_negative[1]) and "positive_output" not in of_negative[1]


def test_the_parts_of_the_alternate_update():
    game = rumi(discriminator_update="alternate")
    positive, _ = game.positive_loss(*tensors(POSITIVE, LATENTS, MIXING))
    negative, _ = game.negative_loss(*tensors(NEGATIVE, LATENTS, MIXING))
    np.testing.assert_allclose(positive, 2.5 * square(P - 2) + square(F) / 2, rtol=1e-5)
    np.testing.assert_allclose(negative, 0.5 * square(N + 1) + square(F) / 2, rtol=1e-5)


def test_a_gradient_penalty_for_each_kind():
    # The gradient has norm 5 everywhere: (5 - 1)^2 twice, with a weight of 10.
    game = rumi(loss="wasserstein", gradient_penalty="two_sided")
    loss, terms = game.discriminator_loss(*tensors(POSITIVE, NEGATIVE, LATENTS, MIXING))
    np.testing.assert_allclose(loss, LOSSES["wasserstein"][1] + 320.0, rtol=1e-5)
    np.testing.assert_allclose([terms["positive_gradient_penalty"], terms["negative_gradient_penalty"]], 16, rtol=1e-5)


@pytest.mark.parametrize("update", ["joint", "alternate"])
def test_a_step(update, monkeypatch):
    game, played = rumi(discriminator_update=update, prior="uniform"), []

    def minimize(player, loss, *tensors):
        played.append((loss.__name__, *map(np.array, tensors)))
        return {loss.__name__: 0}

    monkeypatch.setattr(game, "minimize", minimize)
    game.train_step({"positive": tf.constant(POSITIVE), "negative": tf.constant(NEGATIVE)})
    names = [name for name, *_ in played]
    *discriminator, generator = played
    if update == "joint":
        assert names == ["discriminator_loss", "generator_loss"] and game.updates_per_step("discriminator") == 1
        np.testing.assert_array_equal(discriminator[0][1], POSITIVE)
        np.testing.assert_array_equal(discriminator[0][2], NEGATIVE)
    else:
        assert names == ["positive_loss", "negative_loss", "generator_loss"]
        assert (game.updates_per_step("discriminator"), game.updates_per_step("generator")) == (2, 1)
        np.testing.assert_array_equal(discriminator[0][1], POSITIVE)
        np.testing.assert_array_equal(discriminator[1][1], NEGATIVE)
        # The second update has generated samples of its own.
        assert len(np.unique([discriminator[0][2], discriminator[1][2]])) == 8
    latents = discriminator[0][-2]
    np.testing.assert_array_equal(generator[1], latents)
    assert np.abs(latents).max() <= 1 and len(np.unique(latents)) == 4


@pytest.mark.parametrize(
    ("arguments", "warning"),
    [
        (
            {"loss": "logistic", "positive_weight": 1.0, "negative_weight": -0.3},
            "negative_weight is -0.3, below 0: the generator learns a mixture, 30.0% negatives, and the "
            "discriminator's loss has no lower bound where it makes fewer of them.",
        ),
        # .5 of (2.5 + .5)
        (
            {"loss": "wasserstein", "negative_weight": -0.5},
            "negative_weight is -0.5, below 0: the generator learns a mixture, 16.7% negatives, and the "
            "discriminator's loss has no lower bound where it makes fewer of them.",
        ),
        # As in the test of the equilibrium: k = 1, half of the mass.
        (
            {"negative_label": 1.5, "positive_weight": 0.5, "negative_weight": 1.0},
            "negative_label is 1.5, too far above the fake label, 0.0: if no negative is like a positive, 50.0% of "
            "the generated samples are negatives.",
        ),
        # (0 + 2 * 4) / (1 + 4) = 1.6
        (
            {"positive_weight": 4.0},
            "generator_label is 1.5, not above 1.6, the discriminator's output on positives at the solution: the "
            "generator leaves the solution and collapses.",
        ),
    ],
)
def test_warnings(arguments, warning):
    with pytest.warns(SettingWarning) as found:
        rumi(**arguments)
    assert [str(each.message) for each in found] == [warning]


@pytest.mark.parametrize("arguments", [{}, {"preset": "code"}, {"negative_weight": 0.0}, {"loss": "kl"}])
def test_no_warning(arguments):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rumi(**arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"positive_weight": 0.0}, "positive_weight is 0.0; it must be above 0, or None."),
        ({"negative_weight": -0.1}, "negative_weight is -0.1; it must be at least 0 with loss='least_squares'."),
        ({"loss": "kl", "negative_weight": -1.0}, "negative_weight is -1.0; it must be above -1 with loss='kl'."),
        (
            {"loss": "wasserstein", "negative_weight": 2.5},
            "negative_weight is 2.5; it must be below the positive weight, 2.5, with loss='wasserstein'. Else the "
            "generator moves off the positives.",
        ),
        ({"positive_label": -0.5}, "positive_label is -0.5; it must be above the fake label, 0.0."),
        (
            {"loss": "logistic", "fake_label": 0.0},
            "fake_label is 0.0; it must be None, as only loss='least_squares' has labels.",
        ),
        ({"preset": "authors"}, "preset is 'authors'; it must be one of paper, code."),
        ({"penalty_weight": -1.0}, "penalty_weight is -1.0; it must be at least 0."),
        ({"discriminator_update": "both"}, "discriminator_update is 'both'; it must be one of joint, alternate."),
        ({"passes": "both"}, "passes is 'both'; it must be one of apart, together."),
        (
            {"passes": "together", "discriminator_update": "alternate"},
            "passes is 'together'; it must be apart with discriminator_update='alternate', where no update has "
            "samples of all kinds. Try discriminator_update='joint'.",
        ),
    ],
)
def test_values_out_of_range(arguments, message):
    with pytest.raises(ValueError) as error:
        rumi(**arguments)
    assert str(error.value) == message
