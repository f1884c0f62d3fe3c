"""The configurations: each says what it is, fits its networks and data, and takes its first steps."""

import re
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan2 import flags
from tfgan2.data.batches import batches_of_parts, training_batches
from tfgan2.data.images import ImageSet
from tfgan2.data.synthetic import SOURCES as POINTS
from tfgan2.run import build

ROOT = Path(__file__).resolve().parent.parent
CONFIGS = sorted(path.stem for path in (ROOT / "configs").glob("*.cfg"))


# Dataset -> number and shape of its images, for stand-ins.
IMAGES = {
    "digits": (1797, 8, 8, 1),
    "static_background": (20_000, 32, 32, 3),
    "idx:/usr/share/datasets/fashion-mnist": (60_000, 28, 28, 1),
    "cifar10": (50_000, 32, 32, 3),
    "stl10": (100_000, 96, 96, 3),
    "mnist": (60_000, 28, 28, 1),
    "stacked:digits": (100_000, 8, 8, 3),
    "stacked:mnist": (100_000, 28, 28, 3),
    "tfds:imagenet2012": (600, 200, 300, 3),  # of 1,281,167
    "imagenet_resized/32x32": (100_000, 32, 32, 3),  # of 1,281,167
    "celeb_a": (2_000, 218, 178, 3),  # of 162,770, which would not fit into the memory
}

# What turns a configuration of Rumi-GAN into its baselines.
SIBLINGS = {
    "lsgan": (
        *("--method=standard_gan", "--standard_gan.loss=least_squares", "--standard_gan.discriminator_steps=2"),
        "--network.variant=baseline",
    ),
    **{
        method: (f"--method={method}", f"--{method}.discriminator_steps=2", "--network=acgan_cnn")
        for method in ("acgan", "tacgan", "cgan_pd")
    },
}

LOGAN = [name for name in CONFIGS if name.startswith("logan_")]
RUMI_IMAGES = [name for name in CONFIGS if name.startswith("rumi_") and name != "rumi_ring"]


# The stand-ins have fewer faces.
FEWER = {"p2gan_celeba_blond": ("--data.minority=1:120,2:230", "--data.auxiliary_count=110")}


def settings_of(name, *overrides):
    argv = [f"--flagfile={ROOT / 'configs' / name}.cfg", "--workdir=runs/x", *FEWER.get(name, ()), *overrides]
    settings = flags.parse("train", argv)
    if settings.dataset not in POINTS:
        settings.factories["data"] = lambda **arguments: stand_in(settings.dataset, **arguments)
    return settings


def tiny(name):
    """The flags that make a configuration's networks small and few."""
    settings = settings_of(name)
    perceptrons = "hidden_units" in settings.arguments("network")
    small = ["--network.hidden_units=8" if perceptrons else "--network.width_multiplier=0.05"]
    if settings.backbone == "invertible_resnet":
        small += ["--backbone.width_multiplier=0.05", "--backbone.blocks=1", "--pgmgan.partitions=3"]
    if settings.method == "p2gan" and settings.arguments("method")["num_generators"] > 3:
        small += ["--p2gan.num_generators=3"]
    return small


def stand_in(dataset, *, image_size, dequantize, flip=False, attribute=(), **_):
    """Images of the same number and shape, none of which is in memory before it is written to."""
    count, height, width, channels = IMAGES[dataset]
    shape = (count, image_size or height, image_size or width, channels)
    images = np.zeros(shape, np.uint8)
    images[:100] = np.random.default_rng(0).integers(0, 256, (100, *shape[1:]))
    class_count = 2 ** len(attribute) if attribute else 10
    labels = np.arange(count, dtype=np.int32) % class_count
    return ImageSet(dataset, images, labels, tuple(map(str, range(class_count))), flip, dequantize)


def header_of(name):
    """The comments in front of the first flag, without marks and line breaks."""
    head, _, _ = (ROOT / "configs" / f"{name}.cfg").read_text().partition("\n--")
    return " ".join(line.removeprefix("#").strip() for line in head.splitlines())


def test_there_are_configurations():
    assert len(CONFIGS) >= 6


@pytest.mark.parametrize("name", CONFIGS)
def test_the_header_says_command_and_source(name):
    header = header_of(name)
    command = f"python -m tfgan2.train --flagfile=configs/{name}.cfg --workdir=runs/"
    assert command in header or f"make {name}" in header
    # What it reproduces: a paper with its year, or the configuration that it is compared with.
    assert re.search(r"\b(19|20)\d\d\b", header) or re.search(r"configs/(?!" + name + r"\b)\w+\.cfg", header)
    # What to expect.
    assert re.search(r"\b(seconds?|minutes?|hours?)\b", header, re.IGNORECASE)
    assert re.search(r"\b(core|cores|GPU)\b", header)


@pytest.mark.parametrize("name", CONFIGS)
def test_the_files_that_it_names_exist(name):
    text = (ROOT / "configs" / f"{name}.cfg").read_text()
    named = re.findall(r"\b(?:configs|results)/[\w/]+\.(?:cfg|md|json|png)\b", text)
    assert f"configs/{name}.cfg" in named or f"make {name}" in text
    assert [path for path in named if not (ROOT / path).is_file()] == []


@pytest.mark.parametrize("name", CONFIGS)
def test_full_size(name):
    settings = settings_of(name)
    model, samples = (built := build.build(settings)).model, built.data.samples
    discriminators = [network for role, network in model.networks.items() if role.endswith("discriminator")]
    assert model.generator.output_shape == (None, *samples.shape[1:])
    for network in discriminators:
        assert tuple(network.inputs[0].shape) == (None, *samples.shape[1:])
        assert [tuple(latents.shape) for latents in network.inputs[1:]] in ([], [model.generator.input_shape])
    if "partitioner" in model.networks:
        assert model.partitioner.input_shape == (None, *samples.shape[1:])
        assert model.partitioner.output_shape == (None, model.partitions)
    heads = {"pull": getattr(model, "partitions", 1)}
    if settings.method == "p2gan":
        heads = {kind: len(names) for kind, names in model.heads.items()}
    assert [network.output_shape for network in discriminators] == [(None, count) for count in heads.values() if count]
    assert tuple(built.parts) == model.batch_keys
    if "encoder" in model.networks:
        assert model.encoder.output_shape == model.generator.input_shape
    # Data come in the range that the generator reaches.
    batch = next(iter(training_batches(built.data, built.scaling, batch_size=64, seed=0)))["real"].numpy()
    low, high = {"sigmoid": (0, 1), "tanh": (-1, 1), "linear": (-np.inf, np.inf)}[
        settings.arguments("network")["output_activation"]
    ]
    assert low <= batch.min() and batch.max() <= high
    # At least one epoch, and no cadence that is never reached.
    assert settings.train_steps * settings.batch_size * model.discriminator_steps >= len(samples)
    for cadence in ("log_every", "sample_every", "checkpoint_every"):
        assert 0 < getattr(settings, cadence) <= settings.train_steps
    assert 0 < settings.evaluate_every <= settings.train_steps or settings.dataset not in POINTS


EPOCHS = re.compile(r"([\d,]+) steps are ([\d,]+) epochs|([\d,]+) epochs are ([\d,]+) steps")
HEADERS_WITH_EPOCHS = [name for name in CONFIGS if EPOCHS.search(header_of(name))]


@pytest.mark.parametrize("name", HEADERS_WITH_EPOCHS)
def test_the_epochs_of_the_header_are_those_of_the_run(name):
    steps, epochs, other_epochs, other_steps = EPOCHS.search(header_of(name)).groups()
    steps, epochs = (int(text.replace(",", "")) for text in (steps or other_steps, epochs or other_epochs))
    settings = settings_of(name)
    count = len(POINTS[settings.dataset]().samples) if settings.dataset in POINTS else IMAGES[settings.dataset][0]
    batches = settings.arguments("method").get("discriminator_steps", 1)
    assert settings.train_steps == steps
    assert settings.train_steps * settings.batch_size * batches / count == pytest.approx(epochs, rel=2e-3)


def test_the_grid_says_how_often_each_method_sees_the_data():
    assert {"gan_grid25", "wgan_gp_grid25", "distgan_grid25", "gngan_grid25"} <= set(HEADERS_WITH_EPOCHS)
    page = (ROOT / "results" / "gngan_grid25.md").read_text()
    assert "it sees the data 2,500 times; the other methods see them 500 times" in " ".join(page.split())
    readme = " ".join((ROOT / "README.md").read_text().split())
    assert "the paper's networks and 500 epochs, WGAN-GP 2,500" in readme


def take_two_steps(settings):
    """Two eager steps of a tiny run: finite reports, and all networks move."""
    built = build.build(settings)
    game = built.model
    game.begin_phase(game.schedule(settings.train_steps)[-1][0])  # in which all play
    before = {name: variable.numpy().copy() for name, variable in game.state().items()}
    order = {"batch_size": 2 * game.discriminator_steps, "seed": 0, "labels": "labels" in game.batch_keys}
    for batch in batches_of_parts(built.parts, built.scaling, **order).take(2):
        assert set(batch) == set(game.batch_keys)
        report = game.update(batch)
        assert {f"{player}/loss" for player in game.players} <= report.keys()
        assert [term for term, value in report.items() if not np.isfinite(value)] == []
    assert game.global_step == 2
    moved = {key.split("/")[0] for key, variable in game.state().items() if np.any(variable.numpy() != before[key])}
    assert moved >= set(game.trained_roles)


@pytest.mark.parametrize("name", CONFIGS)
def test_two_eager_steps(name):
    take_two_steps(settings_of(name, *tiny(name), "--batch_size=2", "--jit=off"))


@pytest.mark.parametrize("sibling", SIBLINGS)
@pytest.mark.parametrize("name", RUMI_IMAGES)
def test_siblings_fit_and_stand_in_the_header(name, sibling):
    settings_of(name, *SIBLINGS[sibling])
    header = header_of(name)
    assert [flag for flag in SIBLINGS[sibling] if flag not in header and flag != "--network.variant=baseline"] == []


@pytest.mark.parametrize("sibling", SIBLINGS)
@pytest.mark.parametrize("name", ["rumi_digits", "rumi_mnist_even", "rumi_cifar10_animals", "rumi_celeba_female"])
def test_two_eager_steps_of_siblings(name, sibling):
    """One configuration for each size of images; what else they differ in is their classes."""
    take_two_steps(settings_of(name, *SIBLINGS[sibling], *tiny(name), "--batch_size=2", "--jit=off"))


def siblings_in_the_header(name):
    """Loss -> flags, from the header's "Siblings: vanilla --flag=value; Wasserstein --flag=value"."""
    _, _, text = header_of(name).partition("Siblings: ")
    siblings, _, _ = text.partition(" (")
    return {each.split()[0]: re.findall(r"--[\w.]+=\w+", each) for each in siblings.split("; ")}


@pytest.mark.parametrize("name", LOGAN)
def test_logan_penalises_the_wasserstein_and_the_logit_losses_only(name):
    siblings = siblings_in_the_header(name)
    assert set(siblings) == {"vanilla", "Wasserstein"}
    for loss, given in {"own": (), **siblings}.items():
        arguments = settings_of(name, *given).arguments("method")
        assert arguments["loss"] == loss.lower() or loss == "own"
        penalized = arguments["loss"] in ("wasserstein", "lol1", "lol2")
        assert (arguments["gradient_penalty"] != "none") is penalized
        assert arguments["discriminator_steps"] == (5 if loss == "Wasserstein" else 1)


@pytest.mark.parametrize("sibling", ["vanilla", "Wasserstein"])
@pytest.mark.parametrize("name", LOGAN)
def test_two_eager_steps_of_logans_siblings(name, sibling):
    given = siblings_in_the_header(name)[sibling]
    take_two_steps(settings_of(name, *given, *tiny(name), "--batch_size=2", "--jit=off"))


def test_the_readme_names_every_configuration():
    named = set(re.findall(r"\bconfigs/([a-z0-9_]+)\.cfg\b", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert named == set(CONFIGS)


@pytest.fixture(autouse=True)
def as_before():
    yield
    keras.config.set_dtype_policy("float32")
    assert not tf.config.functions_run_eagerly()
