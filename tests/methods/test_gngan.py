"""GN-GAN: every loss on networks that can be computed by hand, and what each switch changes."""

import numpy as np
import pytest
import tensorflow as tf
from analytic import linear, softplus, tensors

from tfgan2.losses.neighbor_embedding import neighbor_embedding
from tfgan2.methods.gngan import GNGAN

REAL = np.array([[0.5, 1.0], [-1.0, 2.0], [0.0, -0.5]], "float32")
LATENTS = np.array([[1.0, 1.0], [0.5, -1.0], [-0.2, 0.0]], "float32")
MIXING = np.array([0.0, 0.25, 1.0], "float32")
SLOPE = np.array([0.6, -0.8])  # of the logit: D(x) = sigmoid(w.x + 1/2) with ||w|| = 1
FAKE = LATENTS * [1.0, 3.0]  # G(z) = (z_1, 3 z_2)
CODES = REAL * [1.0, 1.0 / 3.0] + [0.1, 0.0]  # E(x) = (x_1 + 0.1, x_2 / 3)
RECONSTRUCTIONS = REAL + np.array([0.1, 0.0])


def gngan(*, stretch=3.0, **arguments):
    generator = linear([[1.0, 0.0], [0.0, stretch]], [0.0, 0.0])
    encoder = linear([[1.0, 0.0], [0.0, 1.0 / stretch]], [0.1, 0.0])
    return GNGAN(generator, linear(SLOPE[:, None], [0.5]), encoder, **arguments)


def logit(samples):
    return samples @ SLOPE + 0.5


def probability(samples):
    return 1.0 / (1.0 + np.exp(-logit(samples)))


def probability_slope(samples):
    return (probability(samples) * (1.0 - probability(samples)))[:, None] * SLOPE


class TestAutoencoderLoss:
    def test_reconstruction_and_the_neighborhoods_of_codes_merged_with_latents(self):
        loss, terms = gngan(neighbor_weight=0.7).autoencoder_loss(*tensors(REAL, LATENTS))
        # (0.1^2 + 0^2) / 2 for every sample
        np.testing.assert_allclose(terms["reconstruction_error"], 0.005, rtol=1e-5)
        latents, samples = np.concatenate([CODES, LATENTS]), np.concatenate([RECONSTRUCTIONS, FAKE])
        embedding = neighbor_embedding(*tensors(latents, samples))
        assert embedding > 0.01
        np.testing.assert_allclose(terms["neighbor_embedding"], embedding, rtol=1e-5)
        np.testing.assert_allclose(loss, 0.005 + 0.7 * embedding, rtol=1e-5)

    def test_an_isometry_has_no_neighborhoods_to_mend(self):
        loss, terms = gngan(stretch=1.0).autoencoder_loss(*tensors(REAL, LATENTS))
        np.testing.assert_allclose(terms["neighbor_embedding"], 0.0, atol=1e-6)
        np.testing.assert_allclose(loss, 0.005, atol=1e-6)

    def test_without_neighbor_embedding(self):
        loss, terms = gngan(neighbor_weight=0.0).autoencoder_loss(*tensors(REAL, LATENTS))
        assert set(terms) == {"reconstruction_error"}
        np.testing.assert_allclose(loss, 0.005, rtol=1e-5)


class TestDiscriminatorLoss:
    @pytest.mark.parametrize("norm", ["l2", "rms"])
    @pytest.mark.parametrize("on", ["probability", "logit"])
    @pytest.mark.parametrize("loss", ["log", "hinge"])
    def test_with_reconstructions_and_penalty(self, loss, on, norm):
        penalty = {"gradient_penalty_on": on, "gradient_norm": norm, "penalty_weight": 2.0}
        game = gngan(loss=loss, reconstruction_weight=0.3, **penalty)
        if loss == "log":
            adversarial = 0.7 * softplus(-logit(REAL)).mean() + 0.3 * softplus(-logit(RECONSTRUCTIONS)).mean()
            adversarial += softplus(logit(FAKE)).mean()
        else:
            adversarial = -0.7 * probability(REAL).mean() - 0.3 * probability(RECONSTRUCTIONS).mean()
            adversarial += probability(FAKE).mean()
        mixed = MIXING[:, None] * REAL + (1.0 - MIXING[:, None]) * FAKE
        norms = np.linalg.norm(probability_slope(mixed), axis=1) if on == "probability" else np.ones(3)
        penalty = ((norms / (2**0.5 if norm == "rms" else 1.0) - 1.0) ** 2).mean()
        value, terms = game.discriminator_loss(*tensors(REAL, LATENTS, MIXING))
        np.testing.assert_allclose(value, adversarial + 2.0 * penalty, rtol=1e-5)
        np.testing.assert_allclose(terms["gradient_penalty"], penalty, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(terms["real_probability"], probability(REAL).mean(), rtol=1e-5)
        np.testing.assert_allclose(terms["fake_probability"], probability(FAKE).mean(), rtol=1e-5)

    def test_without_penalty_and_autoencoder_it_is_the_standard_loss(self):
        game = gngan(autoencoder=False, penalty_weight=0.0, reconstruction_weight=0.3)
        value, terms = game.discriminator_loss(*tensors(REAL, LATENTS, MIXING))
        np.testing.assert_allclose(value, softplus(-logit(REAL)).mean() + softplus(logit(FAKE)).mean(), rtol=1e-5)
        assert {f"discriminator/{term}" for term in terms} == DISCRIMINATOR


class TestGeneratorLoss:
    @pytest.mark.parametrize("form", ["norm", "vector"])
    def test_matching(self, form):
        game = gngan(matching_form=form, slope_weight=2.0, slope_times_point_weight=3.0)
        score = abs(probability(REAL).mean() - probability(FAKE).mean())
        slopes = [probability_slope(samples) for samples in (REAL, FAKE)]
        points = [(slope * samples).sum(axis=1) for slope, samples in zip(slopes, (REAL, FAKE), strict=True)]
        if form == "norm":
            real_slope, fake_slope = (np.linalg.norm(slope, axis=1).mean() for slope in slopes)
            real_point, fake_point = (np.abs(point).mean() for point in points)
        else:
            real_slope, fake_slope = (slope.mean(axis=0) for slope in slopes)
            real_point, fake_point = (point.mean() for point in points)
        expected = {
            "score_match": score,
            "slope_match": np.sum((real_slope - fake_slope) ** 2),
            "slope_times_point_match": (real_point - fake_point) ** 2,
        }
        assert min(expected.values()) > 1e-5
        loss, terms = game.generator_loss(*tensors(REAL, LATENTS))
        assert set(terms) == set(expected)
        for name, value in expected.items():
            np.testing.assert_allclose(terms[name], value, rtol=1e-3, err_msg=name)
        total = score + 2.0 * expected["slope_match"] + 3.0 * expected["slope_times_point_match"]
        np.testing.assert_allclose(loss, total, rtol=1e-4)

    def test_equal_batches_match(self):
        loss, _ = gngan().generator_loss(*tensors(FAKE, LATENTS))
        np.testing.assert_allclose(loss, 0.0, atol=1e-6)

    def test_standard(self):
        loss, terms = gngan(generator_objective="standard").generator_loss(*tensors(REAL, LATENTS))
        np.testing.assert_allclose(loss, softplus(-logit(FAKE)).mean(), rtol=1e-5)
        assert terms == {}

    def test_without_autoencoder_the_neighborhoods_of_latents_join(self):
        arguments = {"autoencoder": False, "generator_objective": "standard"}
        loss, terms = gngan(neighbor_weight=0.7, **arguments).generator_loss(*tensors(REAL, LATENTS))
        embedding = neighbor_embedding(*tensors(LATENTS, FAKE))
        assert embedding > 0.01
        np.testing.assert_allclose(terms["neighbor_embedding"], embedding, rtol=1e-5)
        np.testing.assert_allclose(loss, softplus(-logit(FAKE)).mean() + 0.7 * embedding, rtol=1e-5)
        assert gngan(neighbor_weight=0.0, **arguments).generator_loss(*tensors(REAL, LATENTS))[1] == {}


DISCRIMINATOR = {f"discriminator/{side}_{term}" for side in ("real", "fake") for term in ("probability", "called_real")}
MATCHING = {"generator/score_match", "generator/slope_match", "generator/slope_times_point_match"}


@pytest.mark.parametrize(
    ("arguments", "players", "terms"),
    [
        (
            {},
            {"autoencoder", "discriminator", "generator"},
            {"autoencoder/reconstruction_error", "autoencoder/neighbor_embedding", "discriminator/gradient_penalty"}
            | DISCRIMINATOR
            | MATCHING,
        ),
        (
            {"neighbor_weight": 0.0, "penalty_weight": 0.0, "generator_objective": "standard"},
            {"autoencoder", "discriminator", "generator"},
            {"autoencoder/reconstruction_error"} | DISCRIMINATOR,
        ),
        (
            {"autoencoder": False},
            {"discriminator", "generator"},
            {"generator/neighbor_embedding", "discriminator/gradient_penalty"} | DISCRIMINATOR | MATCHING,
        ),
        (
            {"autoencoder": False, "neighbor_weight": 0.0, "penalty_weight": 0.0, "generator_objective": "standard"},
            {"discriminator", "generator"},
            DISCRIMINATOR,
        ),
    ],
    ids=["everything", "autoencoder only", "Figure 7, both techniques", "standard GAN"],
)
def test_what_is_switched_off_is_not_reported(arguments, players, terms, compiled):
    game = compiled(gngan(**arguments), learning_rate=1e-3)
    report = game.update({"real": tf.constant(REAL)})
    assert set(game.players) == players
    always = {f"{player}/{term}" for player in players for term in ("loss", "gradient_norm")}
    assert set(report) == always | terms


def test_a_step_plays_all_players_on_the_same_samples_and_latents(monkeypatch):
    game, played = gngan(discriminator_steps=2), []
    monkeypatch.setattr(game, "minimize", lambda player, loss, *tensors: played.append((player, *tensors)) or {})
    game.train_step({"real": tf.range(8.0)[:, None]})
    players = [player for player, *_ in played]
    assert players == ["autoencoder", "discriminator", "discriminator", "generator"]
    samples, latents = ([np.asarray(tensors[index]) for _, *tensors in played] for index in (0, 1))
    np.testing.assert_array_equal(np.ravel(samples[0]), [0.0, 2.0, 4.0, 6.0])
    np.testing.assert_array_equal(np.ravel(samples[2]), [1.0, 3.0, 5.0, 7.0])
    for drawn in (samples, latents):
        np.testing.assert_array_equal(drawn[0], drawn[1])
        np.testing.assert_array_equal(drawn[2], drawn[3])
        assert not np.any(drawn[0] == drawn[2])
    # The latents are U[-1, 1]^2 by default.
    assert latents[0].shape == (4, 2)
    assert np.abs(latents).max() <= 1.0


def test_the_encoder_is_left_out_without_the_autoencoder():
    game = gngan(autoencoder=False)
    assert game.trained_roles == ("discriminator", "generator")
    assert set(game.networks) == {"discriminator", "generator"}
    assert gngan().trained_roles == ("discriminator", "generator", "encoder")


def test_the_autoencoder_needs_an_encoder():
    network = linear(np.eye(2), [0.0, 0.0])
    with pytest.raises(ValueError, match=r"^GN-GAN's autoencoder needs an encoder; pass one, or set autoencoder=False"):
        GNGAN(network, network)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"loss": "logistic"}, "loss is 'logistic'; it must be one of log, hinge."),
        ({"generator_objective": "match"}, "generator_objective is 'match'; it must be one of matching, standard."),
        ({"matching_form": "norms"}, "matching_form is 'norms'; it must be one of norm, vector."),
        ({"gradient_penalty_on": "logits"}, "gradient_penalty_on is 'logits'; it must be one of probability, logit."),
        ({"gradient_norm": "L2"}, "gradient_norm is 'L2'; it must be one of l2, rms."),
        ({"prior": "gaussian"}, "prior is 'gaussian'; it must be one of uniform, normal."),
        ({"slope_weight": -0.1}, "slope_weight is -0.1; it must be at least 0."),
        ({"slope_times_point_weight": -0.1}, "slope_times_point_weight is -0.1; it must be at least 0."),
        ({"neighbor_weight": -0.1}, "neighbor_weight is -0.1; it must be at least 0."),
        ({"penalty_weight": -0.1}, "penalty_weight is -0.1; it must be at least 0."),
        ({"discriminator_steps": 0}, "discriminator_steps is 0; it must be in [1, 100]."),
        ({"reconstruction_weight": 1.1}, "reconstruction_weight is 1.1; it must be in [0, 1]."),
    ],
)
def test_values_out_of_range(arguments, message):
    with pytest.raises(ValueError) as error:
        gngan(**arguments)
    assert str(error.value) == message
