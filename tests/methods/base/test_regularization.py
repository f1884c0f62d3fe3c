"""Regularisers of discriminators: what they add to the loss of each method, and what they remember."""

import keras
import numpy as np
import pytest
import small_games
import tensorflow as tf
from analytic import linear
from modes import MODES

from tfgan2.errors import InputError
from tfgan2.layers.adaptive_augmentation import AdaptiveAugmentation
from tfgan2.methods import METHODS
from tfgan2.methods.base.regularization import Regularizers
from tfgan2.methods.rumi.rumi import Rumi
from tfgan2.methods.standard_gan import StandardGAN
from tfgan2.networks.mlp import MLP

POINTS = np.random.default_rng(0).normal(size=(8, 2)).astype("float32")


def compiled(game, rate=0.0, **regularizers):
    optimizers = {role: keras.optimizers.SGD(rate) for role in game.trained_roles}
    game.compile(optimizers, regularizers=Regularizers(**regularizers) if regularizers else None)
    game.begin_phase(game.schedule(4)[-1][0])
    return game


def game_of(method, *, rate=0.0, **regularizers):
    keras.utils.set_random_seed(0)
    family = MLP(hidden_units=8, hidden_layers=1, latent_dim=3)
    return compiled(small_games.game_of(method, family, (2,)), rate, **regularizers)


def batch_of(game, samples=POINTS):
    rows = len(samples) * game.discriminator_steps
    batch = {key: tf.constant(np.resize(samples, (rows, *samples.shape[1:])) + place)
             for place, key in enumerate(game.batch_keys)}  # fmt: skip
    return batch | ({"labels": tf.range(rows) % 3} if "labels" in batch else {})


@pytest.mark.parametrize("method", [method for method in METHODS if method != "vae"])
def test_every_method_with_a_discriminator_adds_them_to_its_loss(method):
    weights = {"r1_weight": 0.7, "r2_weight": 0.4, "lecam_weight": 0.9}
    plain, regularized = game_of(method), game_of(method, **weights)
    expected, found = (game.update(batch_of(game)) for game in (plain, regularized))
    discriminators = sum(role.endswith("discriminator") for role in plain.networks)
    added = {name: float(value) for name, value in found.items() if name not in expected}
    sums = {kind: sum(value for name, value in added.items() if name.endswith(kind)) for kind in ("r1", "r2", "lecam")}
    assert all(value > 0 for value in sums.values()), added
    total = 0.7 * sums["r1"] + 0.4 * sums["r2"] + 0.9 * sums["lecam"]
    difference = float(found["discriminator/loss"] - expected["discriminator/loss"])
    assert difference == pytest.approx(total, rel=1e-4, abs=1e-5)
    for name, value in expected.items():
        if name not in ("discriminator/loss", "discriminator/gradient_norm"):
            assert float(found[name]) == pytest.approx(float(value), rel=1e-5, abs=1e-6), name
    assert sum("regularization/" in name for name in regularized.state()) == 3 * discriminators
    assert not any("regularization/" in name for name in plain.state())


def standard_gan(rate=0.0, arguments=None, **regularizers):
    """f(x) = 3 x_1 - 4 x_2 + 1/2 and G(z) = 2 z. The gradient of f has the norm 5."""
    networks = linear([[2.0, 0.0], [0.0, 2.0]], [0.0, 0.0]), linear([[3.0], [-4.0]], [0.5])
    return compiled(StandardGAN(*networks, **arguments or {}), rate, **regularizers)


def test_weights_move_to_their_end():
    game = standard_gan(r1_weight=2.0, penalty_end=0.25, schedule_steps=4)
    losses = []
    for _ in range(6):
        report = game.update({"real": tf.constant(POINTS)})
        assert float(report["discriminator/r1"]) == pytest.approx(12.5) and "discriminator/r2" not in report
        plain = game.discriminator_loss(tf.constant(POINTS), tf.ones([8, 2]), tf.ones([8]))[0]
        bare = standard_gan().discriminator_loss(tf.constant(POINTS), tf.ones([8, 2]), tf.ones([8]))[0]
        losses.append(float(plain - bare) / 25.0)  # after the step has been counted
    factors = [0.25 + 0.75 * (1 + np.cos(np.pi * min(step, 4) / 4)) / 2 for step in range(1, 7)]
    assert losses == pytest.approx(factors, rel=1e-4)


def test_lazy_penalties():
    game = standard_gan(r2_weight=1.0, penalty_every=3)
    found = [float(game.update({"real": tf.constant(POINTS)})["discriminator/r2"]) for _ in range(5)]
    assert found == pytest.approx([37.5, 0, 0, 37.5, 0])


def test_lecam_against_the_means_of_earlier_steps():
    game, random = standard_gan(rate=0.05, lecam_weight=0.5), np.random.default_rng(1)
    averages = np.zeros(2)
    for step in range(12):
        kernel, bias = (weight.numpy().astype("float64") for weight in game.discriminator.weights)
        slopes, shift = (weight.numpy().astype("float64") for weight in game.generator.weights)
        latents = game.random("latents_0", [8, 2]).numpy()
        real = random.normal(size=(8, 2)).astype("float32")
        logits = real @ kernel + bias, (latents @ slopes + shift) @ kernel + bias
        above, below = np.maximum(logits[0] - averages[1], 0), np.maximum(averages[0] - logits[1], 0)
        report = game.update({"real": tf.constant(real)})
        assert float(report["discriminator/lecam"]) == pytest.approx((above**2).mean() + (below**2).mean(), rel=1e-3)
        averages += (np.array([each.mean() for each in logits]) - averages) / (step + 1)
    state = game.state()
    kept = [float(state[f"regularization/discriminator/{name}"]) for name in ("real", "fake", "updates")]
    assert kept == pytest.approx([*averages, 12], rel=1e-3)


@pytest.mark.parametrize(
    ("arguments", "share"),
    [
        # The logits of the real samples are 1/2, 7/2, -15/2 and 1/4.
        ({}, (3 - 1) / 4),
        ({"loss": "least_squares"}, (1 - 2) / 4),  # above 1/2; 1/2 itself counts as 0
        ({"loss": "wasserstein"}, None),
    ],
)
def test_the_sign_of_real_samples(arguments, share):
    game = standard_gan(arguments=arguments, lecam_weight=1.0)
    real = tf.constant([[0.0, 0.0], [1.0, 0.0], [0.0, 2.0], [0.25, 0.25]])
    logits = np.array([0.5, 3.5, -7.5, 0.25])
    if share is None:  # above the mean of the generated samples
        fake = 2.0 * game.random("latents_0", [4, 2]).numpy() @ [3.0, -4.0] + 0.5
        share = np.sign(logits - fake.mean()).mean()
    assert float(game.update({"real": real})["discriminator/sign"]) == pytest.approx(share)


def test_the_boundary_between_labels():
    networks = linear([[2.0, 0.0], [0.0, 2.0]], [0.0, 0.0]), linear([[3.0], [-4.0]], [0.5])
    game = Rumi(*networks, positive_label=3.0, fake_label=-1.0, negative_label=0.0, generator_label=2.5)
    assert game.boundary == 1.0 and Rumi(*networks, loss="logistic").boundary == 0.0
    assert Rumi(*networks, loss="wasserstein").boundary is None


def augmented_gan(**regularizers):
    """The discriminator is linear in the pixels of the augmented images."""
    keras.utils.set_random_seed(0)
    latents, images = keras.Input((3,)), keras.Input((8, 8, 1))
    fake = keras.layers.Reshape((8, 8, 1))(keras.layers.Dense(64, activation="tanh")(latents))
    seen = AdaptiveAugmentation(("brightness", "translation"), name="adaptive_augmentation")(images)
    logits = keras.layers.Dense(1, name="output")(keras.layers.Flatten()(seen))
    return compiled(StandardGAN(keras.Model(latents, fake), keras.Model(images, logits)), **regularizers)


IMAGES = np.random.default_rng(0).uniform(-1, 1, (8, 8, 8, 1)).astype("float32")


@pytest.mark.parametrize("mode", MODES)
def test_augmentation_adapts(mode):
    game = augmented_gan()
    game.discriminator.get_layer("output").bias.assign([20.0])  # so that all real images look real
    layer = game.discriminator.get_layer("adaptive_augmentation")
    update = MODES[mode](game.update)
    for step in range(1, 10):
        report = update({"real": tf.constant(IMAGES)})
        assert float(report["discriminator/sign"]) == 1.0
        expected = step // 4 * 4 * 8 / 500_000
        assert float(layer.probability) == pytest.approx(expected)
        assert float(report["discriminator/augmentation_probability"]) == pytest.approx(expected)
    assert sum("probability" in name for name in game.state()) == 1


def test_another_target():
    game = augmented_gan(ada_target=1.0)
    layer = game.discriminator.get_layer("adaptive_augmentation")
    layer.probability.assign(0.5)
    for _ in range(4):
        game.update({"real": tf.constant(IMAGES)})
    assert float(layer.probability) == pytest.approx(0.5 - 4 * 8 / 500_000)


@pytest.mark.parametrize("mode", MODES)
def test_augmentation_by_a_schedule(mode):
    game = augmented_gan(ada_end=0.55, schedule_steps=4)
    game.discriminator.get_layer("output").bias.assign([-20.0])  # so that adaptation would leave it at 0
    update = MODES[mode](game.update)
    for step in range(1, 6):
        report = update({"real": tf.constant(IMAGES)})
        expected = 0.55 * (1 - np.cos(np.pi * min(step, 4) / 4)) / 2
        assert float(report["discriminator/augmentation_probability"]) == pytest.approx(expected, rel=1e-5)
        assert float(report["discriminator/sign"]) == -1.0
    (kept,) = (variable for name, variable in game.state().items() if "probability" in name)
    assert float(kept) == pytest.approx(0.55)


def test_a_schedule_without_augmentation():
    message = r"^ada_end is 0\.55; it must be None without adaptive augmentation in a discriminator\. Try --network"
    with pytest.raises(InputError, match=message):
        standard_gan(ada_end=0.55)


def test_an_update_without_real_samples_has_no_pass_for_the_means():
    networks = linear([[2.0, 0.0], [0.0, 2.0]], [0.0, 0.0]), linear([[3.0], [-4.0]], [0.5])
    game = compiled(Rumi(*networks, discriminator_update="alternate"), lecam_weight=1.0)
    passes = []
    side = lambda samples: passes.append(samples) or tf.zeros([len(samples), 1])  # noqa: E731
    loss, terms = game.regularized(tf.constant(0.0), {}, None, (side, tf.constant(POINTS)))
    assert float(loss) == 0 and terms == {} and passes == []
    game.regularized(tf.constant(0.0), {}, (side, tf.constant(POINTS)), (side, tf.constant(POINTS)))
    assert len(passes) == 2


def test_other_layers_with_a_method_adapt_are_no_augmentation():
    # Keras' layer has a method `adapt`, too, which takes data.
    inputs = keras.Input((2,))
    outputs = keras.layers.Dense(1)(keras.layers.Normalization(mean=0.0, variance=1.0)(inputs))
    game = compiled(StandardGAN(linear([[2.0, 0.0], [0.0, 2.0]], [0.0, 0.0]), keras.Model(inputs, outputs)))
    report = game.update({"real": tf.constant(POINTS)})
    assert not any("sign" in name or "augmentation" in name for name in report)


def test_a_method_that_does_not_use_them(descent):
    game = descent()
    game.compile({"generator": keras.optimizers.SGD()}, regularizers=Regularizers(r1_weight=1.0))
    message = r"^Descent never calls `regularized`, so --regularizer\.\* and --network\.augmentation=ada have no effect"
    with pytest.raises(InputError, match=message):
        game.update({"real": tf.constant([[1.0]])})


@pytest.mark.parametrize(
    ("name", "value"), [("r1_weight", -1.0), ("penalty_every", 0), ("penalty_end", 1.5), ("ada_target", -2.0)]
)
def test_values_out_of_range(name, value):
    with pytest.raises(ValueError, match=rf"^{name} is {value}; it must be "):
        Regularizers(**{name: value})
