"""Samples, latents and reconstructions in data units, whatever the blocks, weights and choices."""

import contextlib

import numpy as np
import pytest
from exported_games import SCALING, autoencoding_game, choosing_game

from tfgan2.data.kinds import POINTS
from tfgan2.errors import ArgumentError, InputError, NonFiniteError
from tfgan2.evaluation.data_units import DataUnits
from tfgan2.evaluation.sampler import Sampler, names_of_choices
from tfgan2.methods.standard_gan import StandardGAN
from tfgan2.networks.mlp import MLP


@pytest.fixture
def chooser():
    """(choice) -> a game that offers 0, 1 and 2 for its samples. `choice` is the word for them, such as "label"."""

    def chooser(choice):
        model = choosing_game()
        model.choice = choice
        return model

    return chooser


class FewAtOnce(type(POINTS)):
    block_size = 4


@pytest.fixture
def game():
    """A game with an autoencoder. Its averages differ from its weights."""
    return autoencoding_game()


def test_samples_that_are_not_finite_are_refused(game, monkeypatch):
    sampler = Sampler(game, SCALING, POINTS)
    monkeypatch.setattr(sampler, "_graph", lambda: lambda latents: np.full((len(latents), 2), np.inf))
    with pytest.raises(NonFiniteError, match=r"^what the networks compute is not finite after step -?\d+\.$"):
        sampler.sample(3)


@pytest.mark.parametrize("averaged", [True, False])
def test_everything_in_data_units(averaged, game):
    sampler, units = Sampler(game, SCALING, FewAtOnce(), averaged=averaged), DataUnits(game, SCALING)
    real = np.random.default_rng(2).uniform(-4, 4, (10, 2))  # three blocks
    with game.averaged() if averaged else contextlib.nullcontext():
        in_range = SCALING.to_network(real).astype(np.float32)
        latents = game.encode(in_range).numpy()
        expected = {
            "sample": SCALING.to_data(game.generate(game.latents(5, 10)).numpy()),
            "encode": latents,
            "decode": SCALING.to_data(game.generate(np.clip(latents, -1, 1)).numpy()),
            "reconstruct": SCALING.to_data(game.reconstruct(in_range).numpy()),
            "interpolate": SCALING.to_data(game.interpolate(in_range[:5], in_range[5:], 3).numpy()),
        }
        of_units = {
            "sample": units.generate(game.latents(5, 10)),
            "encode": units.encode(real),
            "decode": units.generate(np.clip(latents, -1, 1)),
            "reconstruct": units.reconstruct(real),
            "interpolate": units.interpolate(real[:5], real[5:], 3),
        }
    found = {
        "sample": sampler.sample(10, seed=5),
        "encode": sampler.encode(real),
        "decode": sampler.decode(np.clip(latents, -1, 1)),
        "reconstruct": sampler.reconstruct(real),
        "interpolate": sampler.interpolate(real[:5], real[5:], 3),
    }
    for name, values in expected.items():
        np.testing.assert_allclose(found[name], values, rtol=1e-5, atol=1e-5, err_msg=name)
        np.testing.assert_allclose(of_units[name], values, rtol=1e-5, atol=1e-5, err_msg=name)
        assert found[name].dtype == of_units[name].dtype == np.float32
    other = Sampler(game, SCALING, FewAtOnce(), averaged=not averaged)
    assert np.abs(other.sample(10, seed=5) - found["sample"]).max() > 1e-2
    np.testing.assert_allclose(units.score(real), game.score(in_range), rtol=1e-6)


def test_samples_do_not_depend_on_their_number(game):
    sampler = Sampler(game, SCALING, POINTS)
    many = sampler.sample(POINTS.block_size + 1, seed=3)
    assert many.shape == (POINTS.block_size + 1, 2)
    np.testing.assert_array_equal(sampler.sample(7, seed=3), many[:7])


def test_samples_follow_the_weights_and_the_phase(game):
    sampler = Sampler(game, SCALING, POINTS, averaged=False)
    before = sampler.sample(3)
    game.generator.variables[-1].assign_add(game.generator.variables[-1] + 1)
    after = sampler.sample(3)
    assert np.all(before != after)
    original = game.generate
    game.generate, game.phase = (lambda latents: original(latents) + 1), "another"
    np.testing.assert_allclose(sampler.sample(3), after + SCALING.scale, rtol=1e-5)


def test_reconstructions_as_they_are_stored(game):
    real = np.random.default_rng(2).uniform(-4, 4, (3, 2)).astype(np.float32)
    sampler = Sampler(game, SCALING, POINTS)
    np.testing.assert_array_equal(sampler.reconstruct_stored(real), sampler.reconstruct(real))
    mlp = MLP(hidden_units=4)
    plain = StandardGAN(mlp.generator((2,)), mlp.discriminator((2,)))
    assert Sampler(plain, SCALING, POINTS).reconstruct_stored is None


@pytest.mark.parametrize(
    ("choice", "class_names", "expected"),
    [
        ("label", ("cat", "dog", "owl"), ["owl", "cat", "owl", "cat"]),
        ("label", (), ["label 2", "label 0", "label 2", "label 0"]),
        ("generator", ("cat", "dog", "owl"), ["generator 2", "generator 0", "generator 2", "generator 0"]),
        ("partition", (), ["partition 2", "partition 0", "partition 2", "partition 0"]),
        (None, ("cat", "dog", "owl"), []),
    ],
)
def test_names(choice, class_names, expected, chooser):
    chosen = (2, 0) if choice else ()
    assert list(names_of_choices(chooser(choice), class_names, count=4, seed=0, choice=chosen)) == expected


def test_names_of_drawn_choices_are_those_of_the_samples(chooser):
    model, class_names = chooser("label"), ("cat", "dog", "owl")
    _, drawn = model.latents(3, 50)
    names = names_of_choices(model, class_names, count=50, seed=3)
    assert set(names) == {"cat", "dog", "owl"}
    np.testing.assert_array_equal(np.array(class_names)[drawn], names)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0,), r"^count is 0; it must be a whole number, at least 1\.$"),
        ((-1,), r"^count is -1; it must be a whole number, at least 1\.$"),
        (("a",), r"^count is 'a'; it must be a whole number, at least 1\.$"),
        ((3, -1), r"^seed is -1; it must be a whole number, at least 0\.$"),
    ],
)
def test_how_many_samples(arguments, message, game):
    with pytest.raises(ArgumentError, match=message):
        Sampler(game, SCALING, POINTS).sample(arguments[0], seed=(*arguments, 0)[1])


@pytest.mark.parametrize("samples", ["x", 1.0, np.zeros((0, 2)), [None]])
def test_samples_and_latents_that_are_no_numbers(samples, game):
    sampler = Sampler(game, SCALING, POINTS)
    functions = (sampler.encode, sampler.reconstruct, sampler.decode)
    for function in functions:
        with pytest.raises(InputError, match=r"^(samples|latents) are .*; they must be an array of numbers "):
            function(samples)
