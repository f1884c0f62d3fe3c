"""The recipe of every method on pictures of every kind: it builds, takes a step, and never overrides the user."""

import gc

import numpy as np
import pytest
from PIL import Image

from tfgan2 import flags
from tfgan2.data.batches import batches_of_parts
from tfgan2.flags.texts import to_text
from tfgan2.methods import METHODS
from tfgan2.methods.base.stage import MAIN
from tfgan2.recipe import timing
from tfgan2.recipe.command import settings_of
from tfgan2.recipe.draft import Draft, fixed_flags
from tfgan2.run.build import build
from tfgan2.run.stages.stage_runs import stage_runs

# Method -> the folder of pictures and further flags. Together they are all methods and all kinds of pictures.
CASES = {
    "standard_gan": ("alpha", ()),
    "gngan": ("grey", ()),
    "distgan": ("colour", ()),
    "rumi": ("colour", ("--negative_dataset=folder:{root}/others",)),
    "p2gan": ("grey", ("--auxiliary_dataset=folder:{root}/colour,folder:{root}/others",)),
    "logan": ("alpha", ()),
    "pgmgan": ("classes", ("--backbone.blocks=1", "--backbone.stages=1", "--backbone.power_iterations=1")),
    "d2gan": ("grey", ()),
    "mgan": ("colour", ("--mgan.num_generators=3",)),
    "vae": ("colour", ()),
    "vae_gan": ("grey", ()),
    "self_conditioned_gan": ("classes", ("--self_conditioned_gan.partitions=3",)),
    "acgan": ("classes", ()),
    "tacgan": ("classes", ()),
    "cgan_pd": ("classes", ("--data.positive_classes=cats",)),
}

# A run with stages that is built quickly.
POINTS = (
    *("--method=pgmgan", "--dataset=ring8", "--network.hidden_units=8", "--backbone=invertible_mlp"),
    *("--backbone.blocks=1", "--backbone.hidden_units=4", "--backbone.projection_units=4"),
    *("--backbone.embedding_dim=3", "--pgmgan.partitions=4", "--pretext.batch_size=16", "--pretext.augmentations="),
    *("--partitioner.batch_size=16", "--batch_size=16", "--train_steps=1000", "--workdir=runs/x", "--jit=off"),
)


def argv_of(method, pictures, small, *more):
    folder, given = CASES[method]
    given = [text.format(root=pictures) for text in given]
    return [f"folder:{pictures / folder}", f"--method={method}", *small, *given, *more, "--workdir=runs/x"]


def recipe_of(argv, paces, machine):
    return settings_of(argv, paces_of=paces(0.01), machine=machine)[0]


def test_every_method_has_a_case():
    assert set(CASES) == set(METHODS)


@pytest.mark.parametrize("method", CASES)
def test_a_recipe_builds_and_takes_a_step(method, pictures, small, paces, machine):
    settings = recipe_of(argv_of(method, pictures, small), paces, machine)
    run = build(settings)
    assert run.model.generator.output_shape[1:] == run.data.shape
    game = run.model
    game.begin_phase(game.schedule(settings.train_steps)[-1][0])
    order = {"batch_size": settings.batch_size * game.discriminator_steps, "seed": 0}
    batch = next(iter(batches_of_parts(run.parts, run.scaling, labels="labels" in game.batch_keys, **order)))
    assert all(np.isfinite(value) for value in game.update(batch).values())
    assert {own.stage.name for own in stage_runs(run)} == {stage.name for stage in stages_of(settings)}
    gc.collect()


def stages_of(settings):
    return settings.factories["method"].stages_of(settings.arguments("method"))


@pytest.mark.parametrize("method", CASES)
def test_flags_of_the_user_count(method, pictures, small, paces, machine):
    """All flags that a recipe sets, given with other values."""
    argv = argv_of(method, pictures, small)
    chosen = recipe_of(argv, paces, machine)
    plain = flags.parse("train", [f"--network={chosen.network}", *argv, "--train_steps=9", *backbone(chosen)])
    changed = {flag for flag in plain.values if plain.values[flag] != chosen.values.get(flag)}
    others = {flag: other(flag, chosen) for flag in changed - {"network", "backbone", "recipe", "budget"}}
    others = {flag: value for flag, value in others.items() if value is not None}
    assert len(others) > 3
    given = [f"--{flag}={to_text(value)}" for flag, value in others.items()]
    settings = recipe_of([*argv, *given], paces, machine)
    assert {flag: settings.values[flag] for flag in others} == others


def backbone(settings):
    return [f"--backbone={settings.backbone}"] if settings.backbone else []


def other(flag, settings):
    """Another value of a flag that fits all others, or None."""
    value = settings.values[flag]
    named = {"network.augmentation": ("cutout",), "precision": "mixed_bfloat16", "steps_per_execution": 15}
    named |= {"data.channels": 1 if value == 3 else 3, "p2gan.forces": (), "p2gan.sampled_generators": ()}
    if flag in named:
        return named[flag]
    if flag.endswith("_every") and "." not in flag:
        return 30
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    return value / 2 if isinstance(value, float) else None


def test_grey_pictures_that_are_stored_in_colour_have_one_channel(pictures, small, paces, machine, tmp_path):
    for path in (pictures / "grey").iterdir():
        Image.open(path).convert("RGB").save(tmp_path / path.name)
    settings = recipe_of([f"folder:{tmp_path}", *small, "--workdir=w"], paces, machine)
    assert settings.values["data.channels"] == 1
    settings = recipe_of([f"folder:{tmp_path}", *small, "--workdir=w", "--data.channels=3"], paces, machine)
    assert settings.values["data.channels"] == 3


def test_the_method_follows_from_the_data(pictures, small, paces, machine):
    for more, method in (
        ((), "standard_gan"),
        ((f"--negative_dataset=folder:{pictures / 'others'}",), "rumi"),
        ((f"--auxiliary_dataset=folder:{pictures / 'others'}",), "p2gan"),
    ):
        argv = [f"folder:{pictures / 'colour'}", *small, *more, "--workdir=w"]
        assert recipe_of(argv, paces, machine).method == method
    argv = [f"folder:{pictures / 'classes'}", *small, "--data.negative_classes=dogs", "--workdir=w"]
    assert recipe_of(argv, paces, machine).method == "rumi"


@pytest.mark.parametrize("method", METHODS)
def test_every_flag_of_the_configurations_for_pictures_has_a_reason(method):
    path, fixed = fixed_flags(method)
    lines = [line for file in (path, path.parent / "common/pictures.cfg") for line in file.read_text().splitlines()]
    own = [each for each in fixed if f"--{each.flag}={each.text}" in lines]
    assert len(own) > 5
    assert [each.flag for each in own if not each.reason] == []


def test_the_speed_is_that_of_the_run_and_of_its_stages(monkeypatch):
    monkeypatch.setattr(timing, "_SECONDS", 0.0)
    paces = timing.paces_of(flags.parse("train", POINTS))
    assert list(paces) == ["pretext", "partitioner", MAIN]
    assert all(pace.start > pace.step > 0 for pace in paces.values())


@pytest.mark.parametrize(
    ("step", "period", "size"), [(0.1, 1, 3), (0.1, 8, 8), (0.01, 8, 32), (2.0, 1, 1), (1e-4, 16, 64)]
)
def test_the_speed_is_measured_over_whole_periods_of_a_penalty(step, period, size):
    assert timing._chunk_size(step, period, 50) == size


def test_no_step_after_the_schedule_of_the_user(pictures, small, paces, machine):
    argv = [f"folder:{pictures / 'colour'}", *small, "--schedule_steps=700", "--workdir=w"]
    assert recipe_of(argv, paces, machine).train_steps == 700


@pytest.mark.parametrize(
    ("method", "given", "follows"),
    [
        ("p2gan", ("--p2gan.num_generators=2",), {"p2gan.forces": ()}),
        ("p2gan", ("--p2gan.forces=real:0:pull:1",), {"p2gan.num_generators": 1, "p2gan.sampled_generators": ()}),
        ("pgmgan", ("--pgmgan.partitioner=random",), {"pgmgan.guide_weight": 0}),
        ("pgmgan", ("--pgmgan.partitioner=kmeans",), {"kmeans.batch_size": 16}),
        ("standard_gan", ("--sample_every=70", "--log_every=30"), {"steps_per_execution": 10}),
        ("standard_gan", ("--network=r3gan_resnet", "--standard_gan.loss=relativistic"), {"network.preset": "tiny"}),
    ],
)
def test_choices_follow_the_flags_of_the_user(method, given, follows, pictures, small, paces, machine):
    """They are built, so they fit each other."""
    argv = [f"folder:{pictures / 'grey'}", f"--method={method}", *small, *given, "--workdir=w"]
    settings = recipe_of(argv, paces, machine)
    assert {flag: settings.values[flag] for flag in follows} == follows
    build(settings)
    gc.collect()


def test_chunks_are_those_of_the_user_and_sizes_are_left_to_a_perceptron(pictures, machine):
    argv = [f"folder:{pictures / 'grey'}", "--steps_per_execution=7", "--network=mlp", "--workdir=w"]
    pace = timing.Pace(1.0, 0.1)
    settings, _ = settings_of(argv, paces_of=lambda settings: {MAIN: pace}, machine=machine)
    assert settings.network == "mlp" and settings.steps_per_execution == 7


def test_an_average_by_another_flag_takes_the_place_of_the_decay(pictures, paces, machine):
    draft = Draft([f"folder:{pictures / 'grey'}"], "standard_gan")
    assert "ema_decay" in draft.choices
    draft = Draft([f"folder:{pictures / 'grey'}", "--ema_half_life=500"], "standard_gan")
    assert "ema_decay" not in draft.choices
