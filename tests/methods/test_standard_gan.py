"""The standard GAN: its losses on linear networks, and what each step uses."""

import numpy as np
import pytest
import tensorflow as tf
from analytic import linear, sigmoid, softplus, tensors

from tfgan2.methods.standard_gan import StandardGAN
from tfgan2.networks.mlp import MLP
from tfgan2.networks.r3gan_resnet import R3GANResNet
from tfgan2.networks.sngan_cnn import SNGANCNN

REAL = np.array([[0.5, 1.0], [-1.0, 2.0], [0.0, -0.5]], "float32")
LATENTS = np.array([[1.0, 1.0], [0.5, -1.0], [-2.0, 0.0]], "float32")
MIXING = np.array([0.0, 0.25, 1.0], "float32")
# f(x) = 3 x_1 - 4 x_2 + 1/2 with a gradient of norm 5; G(z) = 2 z.
REAL_LOGITS = REAL @ [3.0, -4.0] + 0.5
FAKE_LOGITS = 2.0 * LATENTS @ [3.0, -4.0] + 0.5


def gan(**arguments):
    return StandardGAN(linear([[2.0, 0.0], [0.0, 2.0]], [0.0, 0.0]), linear([[3.0], [-4.0]], [0.5]), **arguments)


LOSSES = {
    "logistic": (softplus(-REAL_LOGITS).mean() + softplus(FAKE_LOGITS).mean(), softplus(-FAKE_LOGITS).mean()),
    "hinge": (
        np.maximum(0, 1 - REAL_LOGITS).mean() + np.maximum(0, 1 + FAKE_LOGITS).mean(),
        -FAKE_LOGITS.mean(),
    ),
    "least_squares": (((REAL_LOGITS - 1) ** 2).mean() + (FAKE_LOGITS**2).mean(), ((FAKE_LOGITS - 1) ** 2).mean()),
    "wasserstein": (FAKE_LOGITS.mean() - REAL_LOGITS.mean(), -FAKE_LOGITS.mean()),
    "relativistic": (softplus(FAKE_LOGITS - REAL_LOGITS).mean(), softplus(REAL_LOGITS - FAKE_LOGITS).mean()),
}


@pytest.mark.parametrize("loss", LOSSES)
def test_both_losses(loss):
    game = gan(loss=loss)
    discriminator_loss, terms = game.discriminator_loss(*tensors(REAL, LATENTS, MIXING))
    generator_loss, _ = game.generator_loss(*tensors(LATENTS, REAL))
    np.testing.assert_allclose([discriminator_loss, generator_loss], LOSSES[loss], rtol=1e-6)
    in_pairs = loss in ("wasserstein", "relativistic")
    undecided = {"least_squares": 0.5}.get(loss, 0.0)
    assert len(terms) == 4
    for side, logits, others in (("real", REAL_LOGITS, FAKE_LOGITS), ("fake", FAKE_LOGITS, REAL_LOGITS)):
        undecided = others if in_pairs else undecided
        np.testing.assert_allclose(terms[f"{side}_probability"], sigmoid(logits - undecided).mean(), rtol=1e-5)
        assert terms[f"{side}_called_real"] == (logits > undecided).mean()


# The gradient of f has norm 5 everywhere: (5 - 1)^2, (5 - 1)^2 and 5^2.
@pytest.mark.parametrize(
    ("gradient_penalty", "penalty"), [("two_sided", 16.0), ("one_sided", 16.0), ("zero_centered", 25.0)]
)
def test_gradient_penalties(gradient_penalty, penalty):
    game = gan(loss="wasserstein", gradient_penalty=gradient_penalty, penalty_weight=0.5)
    loss, terms = game.discriminator_loss(*tensors(REAL, LATENTS, MIXING))
    np.testing.assert_allclose(terms["gradient_penalty"], penalty, rtol=1e-5)
    np.testing.assert_allclose(loss, LOSSES["wasserstein"][0] + 0.5 * penalty, rtol=1e-5)


def test_wgan_gp_has_a_weight_of_ten_by_default():
    loss, _ = gan(loss="wasserstein", gradient_penalty="two_sided").discriminator_loss(*tensors(REAL, LATENTS, MIXING))
    np.testing.assert_allclose(loss, LOSSES["wasserstein"][0] + 160.0, rtol=1e-5)


def test_a_step_plays_the_discriminator_on_batches_of_its_own_and_then_the_generator(monkeypatch):
    game, played = gan(discriminator_steps=2, prior="uniform"), []
    monkeypatch.setattr(
        game, "minimize", lambda player, loss, *tensors: played.append((player, *tensors)) or {player: 0}
    )
    report = game.train_step({"real": tf.range(8.0)[:, None]})
    assert report == {"discriminator": 0, "generator": 0}
    (first, first_real, *first_draws), (second, second_real, *second_draws), (last, latents, last_real) = played
    assert (first, second, last) == ("discriminator", "discriminator", "generator")
    np.testing.assert_array_equal(np.ravel(first_real), [0.0, 2.0, 4.0, 6.0])
    np.testing.assert_array_equal(np.ravel(second_real), [1.0, 3.0, 5.0, 7.0])
    assert last_real is second_real
    # No two of these are drawn from one stream, and all follow their distributions.
    drawn = np.concatenate([np.ravel(draw) for draw in (*first_draws, *second_draws, latents)])
    assert len(np.unique(drawn)) == len(drawn) == 2 * (4 * 2 + 4) + 4 * 2
    assert all(np.abs(draw).max() <= 1.0 for draw in (first_draws[0], second_draws[0], latents))
    assert all(np.min(draw) >= 0.0 for draw in (first_draws[1], second_draws[1]))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"loss": "log"},
            "loss is 'log'; it must be one of logistic, hinge, least_squares, wasserstein, relativistic.",
        ),
        (
            {"gradient_penalty": "two-sided"},
            "gradient_penalty is 'two-sided'; it must be one of none, two_sided, one_sided, zero_centered.",
        ),
        ({"prior": "gaussian"}, "prior is 'gaussian'; it must be one of normal, uniform."),
        ({"penalty_weight": -1.0}, "penalty_weight is -1.0; it must be at least 0."),
        ({"discriminator_steps": 0}, "discriminator_steps is 0; it must be in [1, 100]."),
    ],
)
def test_values_out_of_range(arguments, message):
    with pytest.raises(ValueError) as error:
        gan(**arguments)
    assert str(error.value) == message


@pytest.mark.parametrize("loss", ["logistic", "relativistic"])
def test_packs(loss):
    # f(x, y) = 3 x_1 - 4 x_2 + 2 y_1 + 1/2 for a pack of x and y; G(z) = 2 z. The gradient's norm is that of a pack.
    rows, latents = (np.concatenate([each, 2 * each[:1]]) for each in (REAL, LATENTS))
    networks = linear([[2.0, 0.0], [0.0, 2.0]], [0.0, 0.0]), linear([[3.0], [-4.0], [2.0], [0.0]], [0.5])
    game = StandardGAN(*networks, loss=loss, packing=2, gradient_penalty="zero_centered", penalty_weight=1.0)
    logits = [each.reshape(2, 4) @ [3.0, -4.0, 2.0, 0.0] + 0.5 for each in (rows, 2 * latents)]
    expected = {
        "logistic": (softplus(-logits[0]).mean() + softplus(logits[1]).mean(), softplus(-logits[1]).mean()),
        "relativistic": (softplus(logits[1] - logits[0]).mean(), softplus(logits[0] - logits[1]).mean()),
    }[loss]
    mixing = tf.constant([0.0, 0.25, 1.0, 0.5])
    discriminator_loss, terms = game.discriminator_loss(*tensors(rows, latents), mixing)
    generator_loss, _ = game.generator_loss(*tensors(latents, rows))
    np.testing.assert_allclose([discriminator_loss - 29, generator_loss], expected, rtol=1e-5)
    np.testing.assert_allclose(terms["gradient_penalty"], 9 + 16 + 4, rtol=1e-5)
    with pytest.raises(ValueError, match=r"^count is 2; it must be a divisor of 3, the samples of a batch\.$"):
        game.generator_loss(*tensors(LATENTS, REAL))


@pytest.mark.parametrize(
    ("family", "shape", "packs"),
    [
        (MLP(hidden_units=4), (2,), (6,)),
        (R3GANResNet(preset="tiny", width_multiplier=0.25), (8, 8, 3), (8, 8, 9)),
        (SNGANCNN(width_multiplier=0.05), (8, 8, 4), (8, 8, 12)),
    ],
)
def test_networks_of_packs(family, shape, packs):
    generator, discriminator = StandardGAN.make_networks(family, shape, classes=0, arguments={"packing": 3})
    assert generator.output_shape == (None, *shape)
    assert discriminator.input_shape == (None, *packs) and discriminator.output_shape == (None, 1)


def test_packs_of_augmented_images():
    family = SNGANCNN(width_multiplier=0.05, augmentation=("ada",))
    with pytest.raises(ValueError, match=r"^its augmentation changes single images, and packing joins them\."):
        StandardGAN.make_networks(family, (8, 8, 3), classes=0, arguments={"packing": 2})
