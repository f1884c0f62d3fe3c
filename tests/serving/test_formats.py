"""Exports in other formats: each file gives the samples of the model, and what a format cannot hold is refused."""

import json
import re
from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf
from exported_games import SCALING, autoencoding_game, compiled, game_without_encoder

from tfgan2.data.kinds import IMAGES, POINTS
from tfgan2.data.scaling import Scaling
from tfgan2.errors import InputError, StorageError
from tfgan2.evaluation.sampler import Sampler
from tfgan2.flags.arguments import arguments_of
from tfgan2.methods.acgan import ACGAN
from tfgan2.methods.mgan import MGAN
from tfgan2.methods.p2gan.p2gan import P2GAN
from tfgan2.methods.pgmgan.pgmgan import PGMGAN
from tfgan2.methods.standard_gan import StandardGAN
from tfgan2.networks.mlp import MLP
from tfgan2.serving import formats
from tfgan2.serving.file_export import export_format
from tfgan2.serving.origin import origin_of
from tfgan2.serving.usage import lines_of

UNIT = Scaling(0.0, 1.0)
FAMILY = MLP(latent_dim=3, hidden_units=8)


def classes():
    networks = ACGAN.make_networks(FAMILY, (2,), classes=3, arguments={})
    return compiled(ACGAN(*networks, (), ())), SCALING, POINTS


def mixture():
    networks = MGAN.make_networks(FAMILY, (2,), classes=0, arguments={"num_generators": 3})
    return compiled(MGAN(*networks, num_generators=3)), UNIT, POINTS


def opacity():
    latents = keras.Input((3,))
    hidden = keras.layers.Dense(16 * 4, activation="sigmoid")(latents)
    generator = keras.Model(latents, keras.layers.Reshape((4, 4, 4))(hidden))
    return game_without_encoder(generator), Scaling(0.0, 1.0, (1.0, 0.5, 0.0)), IMAGES


def convolutions():
    keras.utils.set_random_seed(3)
    latents = keras.Input((3,))
    maps = keras.layers.Reshape((2, 2, 4))(keras.layers.Dense(16)(latents))
    maps = keras.layers.Conv2D(4, 3, padding="same")(keras.layers.UpSampling2D()(maps))
    maps = keras.layers.Conv2DTranspose(3, 4, strides=2, padding="same")(keras.layers.BatchNormalization()(maps))
    return game_without_encoder(keras.Model(latents, keras.layers.Activation("tanh")(maps))), Scaling(0.5, 0.5), IMAGES


def frozen_generators():
    arguments = {"num_generators": 2, "grow_every": 5, "auxiliary": "frozen"}
    defaults = {argument.name: argument.default for argument in arguments_of(P2GAN)}
    networks = P2GAN.make_networks(FAMILY, (2,), classes=0, arguments=defaults | arguments)
    game = compiled(P2GAN(*networks, **arguments))
    game.begin_phase(2)
    game.frozen_generators[0].layers[-1].bias.assign([5.0, 6.0])
    return game, UNIT, POINTS


GAMES = {
    "points": lambda: (autoencoding_game(), SCALING, POINTS),
    "classes": classes,
    "mixture": mixture,
    "frozen generators": frozen_generators,
    "opacity": opacity,
    "convolutions": convolutions,
}


@pytest.fixture(scope="module")
def games():
    keras.utils.set_random_seed(1)
    return {name: make() for name, make in GAMES.items()}


@pytest.mark.parametrize("name", formats.FORMATS)
@pytest.mark.parametrize("game", GAMES)
def test_the_file_gives_the_samples_of_the_model(name, game, games, tmp_path):
    model, scaling, kind = games[game]
    path = export_format(name, model, scaling, tmp_path, provenance={"version": "9"})
    form = formats.FORMATS[name]
    chosen = model.offered_choices[-1:]
    inputs = [array.numpy() for array in tf.nest.flatten(model.latents(5, 6, chosen))]
    found = form.read(path / form.file)(inputs)
    expected = Sampler(model, scaling, kind).sample(6, seed=5, choice=chosen)
    assert found.shape == expected.shape and found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=1e-4)
    if model.keeps_averages:
        raw = Sampler(model, scaling, kind, averaged=False).sample(6, seed=5, choice=chosen)
        assert np.abs(found - raw).max() > 1e-3
    origin = json.loads((path / "assets.extra/tfgan2.json").read_text())
    assert (origin["format"], origin["choice"], origin["version"]) == (name, model.choice, "9")
    assert form.file in (path / "MODEL_CARD.md").read_text()


@pytest.mark.parametrize("game", ["points", "mixture"])
def test_the_lines_of_the_card_draw_samples(game, games, tmp_path, monkeypatch):
    model, scaling, _ = games[game]
    for name in ("keras", "onnx", "safetensors"):
        folder = export_format(name, model, scaling, tmp_path)
        card = (folder / "MODEL_CARD.md").read_text()
        lines = re.search(r"```python\n(.*?)```", card, re.DOTALL)[1]
        assert ("import tfgan2.layers.chosen" in lines) == (game == "mixture" and name != "onnx")
        monkeypatch.chdir(folder)
        names = {}
        exec(lines, names)
        inputs = [names[each] for each in ("latents", "choice") if each in names]
        assert np.abs(inputs[0]).max() <= (1 if model.prior == "uniform" else 6) and len(inputs) == 1 + bool(
            model.choice
        )
        with model.averaged():
            expected = scaling.to_data(model.generate(tuple(inputs) if model.choice else inputs[0]))
        np.testing.assert_allclose(names["samples"], expected, atol=1e-4)


def test_litert_and_truncated_latents_in_the_lines(games):
    model, scaling, _ = games["mixture"]
    origin = origin_of(model, scaling, True) | {"truncation": 0.5, "prior": "bimodal"}
    lines = lines_of("litert", origin, None).splitlines()
    assert lines[2].startswith(
        "latents = (0.5 * random.choice([-1, 1], (16, 3)) * random.uniform(0.8, 1, (16, 3))).astype"
    )
    assert lines[3] == 'choice = random.choice([0, 1, 2], 16).astype("int32")  # generator'
    assert (
        lines[-1]
        == "(sample,) = runner(latents=latents[:1], choice=choice[:1]).values()  # It takes one sample at a time."
    )


class Noisy(StandardGAN):
    """Adds noise to its samples."""

    def generate(self, latents):
        return super().generate(latents) + tf.random.normal([1, 2])


class Graphs(StandardGAN):
    """Has a function of TensorFlow."""

    def generate(self, latents):
        return tf.math.erf(super().generate(latents))


def of_points(method):
    return compiled(method(FAMILY.generator((2,)), FAMILY.discriminator((2,))))


@pytest.mark.parametrize(
    ("method", "message"),
    [
        (Noisy, r"^Noisy generates different samples of equal latents\. Only a SavedModel can hold random"),
        (Graphs, r"^generate of Graphs cannot be a Keras model: .+ Write it with keras\.ops"),
    ],
)
def test_what_a_file_cannot_hold(method, message, tmp_path):
    with pytest.raises(InputError, match=message):
        export_format("keras", of_points(method), UNIT, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_rejection_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(StandardGAN, "rejects", True)
    with pytest.raises(InputError, match=r"^StandardGAN redraws latents until their sample lies in its partition"):
        export_format("onnx", of_points(StandardGAN), UNIT, tmp_path)
    for networks, rounds, rejects in (({"partitioner"}, 22, True), ({"partitioner"}, 1, False), (set(), 22, False)):
        game = SimpleNamespace(networks=networks, rejection_rounds=rounds)
        assert PGMGAN.rejects.fget(game) == rejects


def test_bfloat16_where_the_format_has_it(tmp_path):
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        game = of_points(StandardGAN)
    finally:
        keras.config.set_dtype_policy("float32")
    assert export_format("keras", game, UNIT, tmp_path).name == "1"
    for name in ("onnx", "litert"):
        with pytest.raises(InputError, match=f"--format={name} holds float32, and the run computes in bfloat16"):
            export_format(name, game, UNIT, tmp_path)


def test_a_file_with_other_samples_is_not_kept(games, tmp_path, monkeypatch):
    model, scaling, _ = games["points"]
    for other, distance in ((lambda inputs: np.zeros((16, 2), np.float32), r"\d"), (lambda inputs: np.zeros(3), "inf")):
        wrong = formats.FORMATS["keras"]._replace(read=lambda path, other=other: other)
        monkeypatch.setitem(formats.FORMATS, "keras", wrong)
        with pytest.raises(
            InputError, match=f"^--format=keras: the file gives other samples than the model, by up to {distance}"
        ):
            export_format("keras", model, scaling, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_operation_that_litert_does_not_have(tmp_path):
    latents = keras.Input((2,))
    strange = keras.Model(
        latents, keras.ops.lgamma(latents) if hasattr(keras.ops, "lgamma") else keras.ops.erfinv(latents / 9)
    )
    with pytest.raises(InputError, match=r"^--format=litert: the generator has operations that LiteRT does not have"):
        export_format("litert", game_without_encoder(strange), UNIT, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_package_that_is_missing(games, tmp_path, monkeypatch):
    model, scaling, _ = games["points"]
    missing = formats.FORMATS["onnx"]._replace(packages=("absent_package",))
    monkeypatch.setitem(formats.FORMATS, "onnx", missing)
    with pytest.raises(
        InputError, match=r"^--format=onnx needs the package absent_package; run pip install 'tfgan2\[onnx\]'"
    ):
        export_format("onnx", model, scaling, tmp_path)


def test_a_full_disk_leaves_nothing(games, tmp_path, full_disk):
    model, scaling, _ = games["points"]
    with full_disk(1000), pytest.raises(StorageError, match="writing the export failed"):
        export_format("onnx", model, scaling, tmp_path)
    assert list(tmp_path.iterdir()) == []
