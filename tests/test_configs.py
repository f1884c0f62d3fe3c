"""Configurations: the networks of each fit its data. One configuration of each kind takes a step, as do variants."""

import gc
import importlib
import re
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan2.data.batches import batches_of_parts, training_batches
from tfgan2.data.synthetic import SOURCES as POINTS
from tfgan2.ranges import AUTO
from tfgan2.run import build

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
configurations = importlib.import_module("configurations")
stand_ins = importlib.import_module("benchmarks.stand_ins")
IMAGES, settings_of = stand_ins.IMAGES, stand_ins.settings_of
CONFIGS = configurations.names()


def flags_of(path):
    """Flag -> value of a configuration, with those of the files that it includes."""
    given = {}
    for flag, _, value in (line.partition("=") for line in path.read_text().splitlines() if line.startswith("--")):
        given |= flags_of(ROOT / "configs" / value) if flag == "--flagfile" else {flag: value}
    return given


def kind_of(name):
    """The choices that decide which code a step runs: the method, the networks, and all of their flags with words."""
    given = flags_of(ROOT / "configs" / f"{name}.cfg")
    groups = (f"--{given['--method']}.", "--network", "--backbone", "--regularizer.", "--optimizers_per")
    choices = {(flag, value) for flag, value in given.items() if re.search("[a-z]", value) and flag.startswith(groups)}
    return given["--method"], frozenset(choices)


KINDS = {}
"""Kind -> the first configuration of that kind."""
for _name in CONFIGS:
    KINDS.setdefault(kind_of(_name), _name)

LOGAN = [name for name in CONFIGS if name.startswith("logan_")]
VARIANTS = [(name, variant) for name in CONFIGS for variant in configurations.variants(name)]
BASELINES = {"LSGAN on the positives alone", "ACGAN", "TAC-GAN", "CGAN-PD"}
"""The variants of Rumi-GAN's configurations for images."""


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


@pytest.fixture(scope="module")
def tiny_run(name):
    """A run with tiny networks. They have the inputs and outputs of the published ones."""
    return build.build(settings_of(name, *tiny(name), "--batch_size=2", "--jit=off"))


@pytest.mark.parametrize("name", CONFIGS, scope="module")
def test_networks_fit_each_other_and_the_data(tiny_run):
    check_networks(tiny_run)


@pytest.mark.parametrize("name", KINDS.values(), scope="module")
def test_an_eager_step_of_each_kind(tiny_run):
    take_a_step(tiny_run)


@pytest.mark.parametrize("name", KINDS.values(), scope="module")
def test_data_come_in_the_range_that_the_generator_reaches(tiny_run):
    few = tiny_run.data.taken(np.arange(100))
    batch = next(iter(training_batches(few, tiny_run.scaling, batch_size=64, seed=0)))["real"].numpy()
    low, high = {"sigmoid": (0, 1), "tanh": (-1, 1), "linear": (-np.inf, np.inf)}[
        tiny_run.settings.arguments("network")["output_activation"]
    ]
    assert low <= batch.min() and batch.max() <= high


@pytest.mark.parametrize("name", CONFIGS, scope="module")
def test_a_run_has_an_epoch_and_reaches_every_cadence(name, tiny_run):
    settings = settings_of(name)
    seen = settings.train_steps * settings.batch_size * tiny_run.model.discriminator_steps
    assert seen >= len(tiny_run.data.samples)
    for cadence in ("log_every", "sample_every", "checkpoint_every"):
        assert is_reached(getattr(settings, cadence), settings.train_steps)
    assert is_reached(settings.evaluate_every, settings.train_steps) or settings.dataset not in POINTS


def is_reached(cadence, steps):
    return cadence == AUTO or 0 < cadence <= steps


def check_networks(run):
    """Checks the shapes of the networks of a run."""
    model, shape = run.model, run.data.samples.shape[1:]
    discriminators = [network for role, network in model.networks.items() if role.endswith("discriminator")]
    assert model.generator.output_shape == (None, *shape)
    for network in discriminators:
        assert tuple(network.inputs[0].shape) == (None, *shape[:-1], model.packing * shape[-1])
        assert [tuple(latents.shape) for latents in network.inputs[1:]] in ([], [model.generator.input_shape])
    if "partitioner" in model.networks:
        assert model.partitioner.input_shape == (None, *shape)
        assert model.partitioner.output_shape == (None, model.partitions)
    heads = {"pull": getattr(model, "partitions", 1)}
    if run.settings.method == "p2gan":
        heads = {kind: len(names) for kind, names in model.heads.items()}
    if run.settings.method == "mgan":
        heads = {"discriminator": 1 + model.num_generators}
    if run.settings.method in ("d2gan", "vae"):
        heads = dict.fromkeys(discriminators, 1)
    assert [network.output_shape for network in discriminators] == [(None, count) for count in heads.values() if count]
    assert list(run.parts) == [key for key in model.batch_keys if key not in model.array_keys]
    if "encoder" in model.networks:
        parts = 2 if run.settings.method in ("vae", "vae_gan") else 1  # means and log variances, or latents
        assert model.encoder.output_shape == (None, parts * model.latent_dim)


# The largest images of each network, and of each backbone.
FULL_SIZE = [
    *("demo", "gngan_stl10", "gngan_stl10_resnet", "logan_celeba128", "p2gan_celeba_blond", "p2gan_stl10_resnet"),
    *(
        "r3gan_stacked_mnist",
        "pgmgan_grid25",
        "pgmgan_imagenet128",
        "rumi_celeba_female",
        "sngan_stl10",
        "sngan_cifar10_resnet",
    ),
]


@pytest.mark.parametrize("name", FULL_SIZE)
def test_full_size(name):
    check_networks(build.build(settings_of(name)))
    gc.collect()  # Networks refer to themselves, and Python counts objects, not bytes.


def test_every_network_is_built_in_full_size():
    def used(names):
        given = [flags_of(ROOT / "configs" / f"{name}.cfg") for name in names]
        return {flags[flag] for flags in given for flag in ("--network", "--backbone") if flag in flags}

    assert used(FULL_SIZE) == used(CONFIGS)


EPOCHS = re.compile(r"([\d,]+) steps are ([\d,]+) epochs|([\d,]+) epochs are ([\d,]+) steps")
HEADERS_WITH_EPOCHS = [name for name in CONFIGS if EPOCHS.search(configurations.fields(name)["Ours"])]


@pytest.mark.parametrize("name", HEADERS_WITH_EPOCHS)
def test_the_epochs_of_the_header_are_those_of_the_run(name):
    steps, epochs, other_epochs, other_steps = EPOCHS.search(configurations.fields(name)["Ours"]).groups()
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


def take_a_step(run):
    """An eager step of a tiny run: finite reports, finite values afterwards, and all networks move."""
    game = run.model
    game.begin_phase(game.schedule(run.settings.train_steps)[-1][0])  # in which all play
    before = {name: variable.numpy().copy() for name, variable in game.state().items()}
    order = {"batch_size": 2 * game.discriminator_steps, "seed": 0, "labels": "labels" in game.batch_keys}
    batch = next(iter(batches_of_parts(run.parts, run.scaling, **order)))
    assert set(batch) == set(game.batch_keys)
    report = game.update(batch)
    assert {f"{player}/loss" for player in game.players} <= report.keys()
    assert [term for term, value in report.items() if not np.isfinite(value)] == []
    assert game.global_step == 1
    assert [key for key, variable in game.state().items() if not np.all(np.isfinite(variable.numpy()))] == []
    moved = {key.split("/")[0] for key, variable in game.state().items() if np.any(variable.numpy() != before[key])}
    assert moved >= set(game.trained_roles)


@pytest.mark.parametrize(("name", "variant"), VARIANTS)
def test_variants_are_accepted_and_change_something(name, variant):
    given = configurations.variants(name)[variant]
    assert settings_of(name, *given).values != settings_of(name).values


@pytest.mark.parametrize("variant", sorted(BASELINES))
@pytest.mark.parametrize("name", ["rumi_digits", "rumi_mnist_even", "rumi_cifar10_animals", "rumi_celeba_female"])
def test_baselines(name, variant):
    """One configuration for each size of images; others differ in their classes only. One of them takes a step."""
    given = configurations.variants(name)[variant]
    run = build.build(settings_of(name, *given, *tiny(name), "--batch_size=2", "--jit=off"))
    assert run.model.generator.output_shape == (None, *run.data.samples.shape[1:])
    if name == "rumi_cifar10_animals":
        take_a_step(run)


def test_all_configurations_of_rumi_gan_for_images_have_its_baselines():
    images = [name for name in CONFIGS if name.startswith("rumi_") and name != "rumi_ring"]
    images = [name for name in images if "--rumi.negatives" not in flags_of(ROOT / "configs" / f"{name}.cfg")]
    assert [name for name in images if not set(configurations.variants(name)) >= BASELINES] == []


def bigans_of(name):
    """Loss -> flags of the vanilla and the Wasserstein variant."""
    variants = configurations.variants(name).items()
    return {label.split()[0]: given for label, given in variants if label.split()[0] in ("vanilla", "Wasserstein")}


@pytest.mark.parametrize("name", LOGAN)
def test_logan_penalises_the_wasserstein_and_the_logit_losses_only(name):
    variants = bigans_of(name)
    assert set(variants) == {"vanilla", "Wasserstein"}
    own = settings_of(name)
    for loss, given in {"own": (), **variants}.items():
        settings = settings_of(name, *given)
        arguments = settings.arguments("method")
        assert arguments["loss"] == loss.lower() or loss == "own"
        penalized = arguments["loss"] in ("wasserstein", "lol1", "lol2")
        assert (arguments["gradient_penalty"] != "none") is penalized
        assert arguments["discriminator_steps"] == (5 if loss == "Wasserstein" else 1)
        # The same number of discriminator updates.
        assert settings.train_steps * arguments["discriminator_steps"] == own.train_steps


@pytest.mark.parametrize("loss", ["vanilla", "Wasserstein"])
@pytest.mark.parametrize("name", ["logan_rect25", "logan_digits", "logan_celeba128"])
def test_an_eager_step_of_logans_variants(name, loss):
    """The variants change the losses only, and the networks of the others are between these in size."""
    take_a_step(build.build(settings_of(name, *bigans_of(name)[loss], *tiny(name), "--batch_size=2", "--jit=off")))


@pytest.fixture(autouse=True)
def as_before():
    yield
    keras.config.set_dtype_policy("float32")
    assert not tf.config.functions_run_eagerly()
