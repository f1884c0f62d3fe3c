"""LOGAN: every loss on networks that can be computed by hand, what each switch changes, and what a step plays on."""

import types

import keras
import numpy as np
import pytest
import tensorflow as tf
from analytic import linear, sigmoid, softplus, tensors

from tfgan2.methods.base.families import FamilyError
from tfgan2.methods.logan import LOGAN
from tfgan2.networks.mlp import MLP

REAL = np.array([[0.5, 1.0], [-1.0, 2.0], [0.0, -0.5]], "float32")
LATENTS = np.array([[1.0], [0.5], [-0.2]], "float32")
MIXING = np.array([0.0, 0.25, 1.0], "float32")
SLOPE = np.array([0.6, -0.8, 0.5])  # of the logit by (x_1, x_2, z)
FAKE = LATENTS * [2.0, 1.0]  # G(z) = (2 z, z)
CODES = REAL[:, :1] + 0.1  # E(x) = x_1 + 0.1
RECONSTRUCTIONS = CODES * [2.0, 1.0]
FAKE_CODES = FAKE[:, :1] + 0.1


def of_pairs():
    samples, latents = keras.Input((2,)), keras.Input((1,))
    discriminator = linear(SLOPE[:, None], [0.25])
    return keras.Model([samples, latents], discriminator(keras.layers.Concatenate()([samples, latents])))


def logan(**arguments):
    generator, encoder = linear([[2.0, 1.0]], [0.0, 0.0]), linear([[1.0], [0.0]], [0.1])
    if not arguments.get("bidirectional", True):
        return LOGAN(generator, linear(SLOPE[:2, None], [0.25]), **{"gradient_penalty": "none"} | arguments)
    return LOGAN(generator, of_pairs(), encoder, **arguments)


def logit(samples, latents=None):
    pairs = samples if latents is None else np.concatenate([samples, latents], axis=1)
    return pairs @ SLOPE[: pairs.shape[1]] + 0.25


def adversarial(loss, real, fake):
    """(what the discriminator, the generator and the encoder minimise), of logits."""
    cross_entropy = softplus(-real).mean() + softplus(fake).mean()
    return {
        "lol1": (cross_entropy, -fake.mean(), real.mean()),
        "lol2": (
            ((1 - sigmoid(real)) ** 2).mean() + (sigmoid(fake) ** 2).mean(),
            -fake.mean(),
            real.mean(),
        ),
        "vanilla": (cross_entropy, softplus(-fake).mean(), softplus(real).mean()),
        "wasserstein": (fake.mean() - real.mean(), -fake.mean(), real.mean()),
        "least_squares": (((1 - real) ** 2).mean() + (fake**2).mean(), ((1 - fake) ** 2).mean(), (real**2).mean()),
    }[loss]


def pairwise(slope, targets, others, *, squared=False):
    units = (targets - others) / np.linalg.norm(targets - others, axis=1, keepdims=True)
    return np.mean(np.linalg.norm(slope - units, axis=1) ** (2 if squared else 1))


@pytest.mark.parametrize("loss", ["lol1", "lol2", "vanilla", "wasserstein", "least_squares"])
def test_losses(loss):
    discriminator, generator, encoder = adversarial(loss, logit(REAL, CODES), logit(FAKE, LATENTS))
    game = logan(loss=loss, gradient_penalty="none")
    value, terms = game.discriminator_loss(*tensors(REAL, LATENTS, MIXING))
    np.testing.assert_allclose(value, discriminator, rtol=1e-5)
    logits = {"real": logit(REAL, CODES), "fake": logit(FAKE, LATENTS)}
    for side, values, others in zip(logits, logits.values(), reversed(logits.values()), strict=True):
        undecided = {"least_squares": 0.5, "wasserstein": others}.get(loss, 0.0)
        np.testing.assert_allclose(terms[f"{side}_probability"], sigmoid(values - undecided).mean(), rtol=1e-5)
        assert float(terms[f"{side}_called_real"]) == pytest.approx((values > undecided).mean())
    assert len(terms) == 4
    for found, expected in ((game.generator_loss, generator), (game.encoder_loss, encoder)):
        value, terms = found(*tensors(REAL, LATENTS))
        np.testing.assert_allclose(value, expected, rtol=1e-5)
        assert terms == {}


@pytest.mark.parametrize("loss", ["lol1", "lol2", "vanilla", "wasserstein", "least_squares"])
def test_losses_of_the_plain_gan(loss):
    discriminator, generator, _ = adversarial(loss, logit(REAL), logit(FAKE))
    game = logan(loss=loss, bidirectional=False)
    np.testing.assert_allclose(game.discriminator_loss(*tensors(REAL, LATENTS, MIXING))[0], discriminator, rtol=1e-5)
    np.testing.assert_allclose(game.generator_loss(*tensors(REAL, LATENTS))[0], generator, rtol=1e-5)


@pytest.mark.parametrize("squared", [False, True])
def test_pairwise_penalties(squared):
    plain, _ = logan(gradient_penalty="none").discriminator_loss(*tensors(REAL, LATENTS, MIXING))
    game = logan(penalty_weight=2.0, penalize_latents=True, squared_penalty=squared)
    value, terms = game.discriminator_loss(*tensors(REAL, LATENTS, MIXING))
    in_samples = pairwise(SLOPE[:2], REAL, RECONSTRUCTIONS, squared=squared)
    in_latents = pairwise(-SLOPE[2:], LATENTS, FAKE_CODES, squared=squared)
    np.testing.assert_allclose(terms["gradient_penalty"], in_samples, rtol=1e-5)
    np.testing.assert_allclose(terms["latent_penalty"], in_latents, rtol=1e-5)
    np.testing.assert_allclose(value, plain + 2.0 * (in_samples + in_latents), rtol=1e-5)
    value, terms = logan(squared_penalty=squared).discriminator_loss(*tensors(REAL, LATENTS, MIXING))
    np.testing.assert_allclose(value, plain + in_samples, rtol=1e-5)
    assert "latent_penalty" not in terms


def test_the_ordinary_penalty_is_of_sample_and_latents_together():
    for bidirectional, slope in ((True, SLOPE), (False, SLOPE[:2])):
        game = logan(bidirectional=bidirectional, gradient_penalty="two_sided")
        _, terms = game.discriminator_loss(*tensors(REAL, LATENTS, MIXING))
        expected = (np.linalg.norm(slope) - 1) ** 2
        np.testing.assert_allclose(terms["gradient_penalty"], expected, rtol=1e-5, atol=1e-6)


def test_direct_modelling():
    game, plain = logan(reconstruction_weight=10.0), logan()
    for name, term, expected in (
        ("generator_loss", "reconstruction_error", np.abs(REAL - RECONSTRUCTIONS).mean()),
        ("encoder_loss", "latent_error", np.abs(LATENTS - FAKE_CODES).mean()),
    ):
        value, terms = getattr(game, name)(*tensors(REAL, LATENTS))
        np.testing.assert_allclose(terms[term], expected, rtol=1e-5)
        without, _ = getattr(plain, name)(*tensors(REAL, LATENTS))
        np.testing.assert_allclose(value, without + 10 * expected, rtol=1e-5)


@pytest.mark.parametrize(
    ("name", "own"),
    [("discriminator_loss", "discriminator"), ("encoder_loss", "encoder"), ("generator_loss", "generator")],
)
def test_what_a_loss_holds_fixed(name, own):
    game = logan(penalize_latents=True, reconstruction_weight=1.0)
    arguments = tensors(REAL, LATENTS, MIXING)[: 3 if own == "discriminator" else 2]
    with tf.GradientTape() as tape:
        value, _ = getattr(game, name)(*arguments)
    variables = {role: [v.value for v in network.weights] for role, network in game.networks.items()}
    gradients = tape.gradient(value, variables)
    reached = {role for role, found in gradients.items() if any(gradient is not None for gradient in found)}
    # The losses of the others pass through the discriminator and do not move its weights.
    assert reached == {own, "discriminator"}


def test_a_step_plays_on_the_same_samples_and_latents(monkeypatch):
    game, played = logan(discriminator_steps=2, loss="wasserstein", gradient_penalty="two_sided"), []
    monkeypatch.setattr(game, "minimize", lambda player, loss, *tensors: played.append((player, *tensors)) or {})
    game.train_step({"real": tf.reshape(tf.range(16.0), [8, 2])})
    assert [player for player, *_ in played] == ["discriminator", "discriminator", "encoder", "generator"]
    samples, latents = ([np.asarray(tensors[index]) for _, *tensors in played] for index in (0, 1))
    for drawn in (samples, latents):
        assert not np.any(drawn[0] == drawn[1])
        np.testing.assert_array_equal(drawn[1], drawn[2])
        np.testing.assert_array_equal(drawn[1], drawn[3])
    assert latents[0].shape == (4, 1) and np.abs(latents).max() <= 1.0


@pytest.mark.parametrize("distribution", ["normal", "bimodal"])
def test_latents_of_other_laws(distribution, monkeypatch):
    game, drawn = logan(prior=distribution), []
    monkeypatch.setattr(game, "minimize", lambda player, loss, real, latents, *_: drawn.append(latents.numpy()) or {})
    game.train_step({"real": tf.zeros([500, 2])})
    sizes = np.abs(drawn[0])
    assert sizes.max() > 2 if distribution == "normal" else 0.8 <= sizes.min() < sizes.max() <= 1


def test_latents_with_two_modes_are_not_truncated():
    game = logan(prior="bimodal")
    game.truncate(1.0)
    with pytest.raises(ValueError, match=r"^truncation is 0\.5; it must be 1 for latents with two modes\.$"):
        game.truncate(0.5)


def test_scores_encodings_and_interpolations():
    game = logan()
    np.testing.assert_allclose(game.score(REAL)[:, 0], logit(REAL, CODES), rtol=1e-5)
    np.testing.assert_allclose(game.encode(REAL), CODES, rtol=1e-5)
    np.testing.assert_allclose(game.reconstruct(REAL), RECONSTRUCTIONS, rtol=1e-5)
    rows = game.interpolate(REAL[:2], REAL[1:], 3)
    middle = (RECONSTRUCTIONS[:2] + RECONSTRUCTIONS[1:]) / 2
    expected = np.stack([RECONSTRUCTIONS[:2], middle, RECONSTRUCTIONS[1:]], axis=1)
    np.testing.assert_allclose(rows, expected, rtol=1e-5, atol=1e-6)
    plain = logan(bidirectional=False)
    np.testing.assert_allclose(plain.score(REAL)[:, 0], logit(REAL), rtol=1e-5)
    for ask in (plain.encode, plain.reconstruct, lambda samples: plain.interpolate(samples, samples, 3)):
        with pytest.raises(ValueError, match=r"^LOGAN was built without an encoder; it cannot encode samples\.$"):
            ask(REAL)


def test_samples_of_another_shape():
    with pytest.raises(ValueError, match=r"^samples have the shape \[28, 28, 1\]; the encoder takes \[2\]\.$"):
        logan().encode(np.zeros((5, 28, 28, 1), "float32"))


def test_networks():
    assert set(logan().networks) == {"generator", "discriminator", "encoder"}
    plain = logan(bidirectional=False)
    assert set(plain.networks) == {"generator", "discriminator"} and set(plain.players) == set(plain.networks)
    mlp = MLP(hidden_units=4)
    family = types.SimpleNamespace(generator=mlp.generator, discriminator=mlp.discriminator, encoder=mlp.encoder)
    make = lambda bidirectional: LOGAN.make_networks(  # noqa: E731
        family, (2,), classes=0, arguments={"bidirectional": bidirectional}
    )
    generator, discriminator, encoder = make(False)
    assert (generator.name, discriminator.name, encoder) == ("generator", "discriminator", None)
    with pytest.raises(FamilyError, match=r"^it has no method joint_discriminator\(sample_shape\)\.$"):
        make(True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"loss": "lol3"}, "loss is 'lol3'; it must be one of lol1, lol2, vanilla, wasserstein, least_squares."),
        ({"gradient_penalty": "one"}, "gradient_penalty is 'one'; it must be one of pairwise, two_sided, none."),
        ({"prior": "gaussian"}, "prior is 'gaussian'; it must be one of uniform, normal, bimodal."),
        ({"penalty_weight": -0.1}, "penalty_weight is -0.1; it must be at least 0."),
        ({"reconstruction_weight": -0.1}, "reconstruction_weight is -0.1; it must be at least 0."),
        ({"discriminator_steps": 0}, "discriminator_steps is 0; it must be in [1, 100]."),
        (
            {"bidirectional": False, "gradient_penalty": "pairwise"},
            "gradient_penalty is 'pairwise'; it must be two_sided or none without an encoder.",
        ),
        (
            {"bidirectional": False, "reconstruction_weight": 1.0},
            "reconstruction_weight is 1.0; it must be 0 without an encoder.",
        ),
        (
            {"gradient_penalty": "two_sided", "penalize_latents": True},
            "penalize_latents is True; it must be False with the gradient_penalty two_sided. Try "
            "gradient_penalty=pairwise.",
        ),
        (
            {"gradient_penalty": "none", "squared_penalty": True},
            "squared_penalty is True; it must be False with the gradient_penalty none. Try gradient_penalty=pairwise.",
        ),
    ],
)
def test_values_out_of_range(arguments, message):
    with pytest.raises(ValueError) as error:
        logan(**arguments)
    assert str(error.value) == message


def test_pairs_need_an_encoder():
    network = linear(np.eye(2), [0.0, 0.0])
    with pytest.raises(ValueError, match=r"^LOGAN's pairs need an encoder; pass one, or set bidirectional=False\.$"):
        LOGAN(network, network)
