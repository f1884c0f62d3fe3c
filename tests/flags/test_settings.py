"""Settings: what constructors get, the flagfile that starts an equal run, the difference of two trajectories."""

from pathlib import Path

import pytest

from tfgan2.data.images import load_images
from tfgan2.data.selection import SELECTION_ARGUMENTS, select
from tfgan2.data.sources import SOURCES
from tfgan2.errors import ArgumentError, InputError
from tfgan2.flags import Settings, parse, read_flagfile, trajectory_difference
from tfgan2.flags.arguments import arguments_of
from tfgan2.methods import METHODS
from tfgan2.networks import NETWORKS
from tfgan2.optimizers import make_optimizer

RUN = ("--method=gngan", "--dataset=grid25", "--train_steps=1000", "--workdir=runs/w")


def train(*argv):
    return parse("train", [*RUN, *argv])


def test_run_flags_are_attributes():
    settings = train("--batch_size=32", "--profile_steps=50,100")
    assert isinstance(settings, Settings)
    assert (settings.command, settings.method, settings.batch_size) == ("train", "gngan", 32)
    assert (settings.profile_steps, settings.schedule_steps, settings.deterministic) == ((50, 100), None, False)
    with pytest.raises(AttributeError) as error:
        settings.batchsize  # noqa: B018
    assert str(error.value) == "tfgan2.train has no flag --batchsize"


def test_arguments():
    settings = train("--gngan.neighbor_weight=0.5", "--network.hidden_units=8", "--data.std=0.1", "--seed=7")
    assert settings.arguments("method")["neighbor_weight"] == 0.5
    assert "seed" not in settings.arguments("method")
    assert settings.arguments("network")["hidden_units"] == 8
    assert settings.arguments("data") == {"points_per_mode": None, "std": 0.1, "spacing": 2.0, "seed": 0}
    assert settings.network_family is NETWORKS["mlp"]
    settings.network_family(**settings.arguments("network"))
    assert train("--dataset=swiss_roll").arguments("data") == {"point_count": 51_200, "std": None, "seed": 0}
    images = train("--dataset=npz:a/b.npz", "--data.image_size=32").arguments("data")
    assert images == load_images.__kwdefaults__ | {"image_size": 32}
    chosen = train("--data.positive_classes=1,2", "--data.minority=1:20").arguments("selection")
    assert chosen == select.__kwdefaults__ | {"positive_classes": ("1", "2"), "minority": ("1:20",)}
    assert tuple(chosen) == SELECTION_ARGUMENTS


def test_defaults_are_those_of_the_constructors():
    for method in METHODS:
        for dataset in SOURCES:
            backbone = ["--backbone=invertible_mlp"] if METHODS[method].takes_backbone else []
            settings = train(f"--method={method}", f"--dataset={dataset}", *backbone, "--network=mlp")
            assert settings.arguments("method") == {
                name: value for name, value in METHODS[method].__init__.__kwdefaults__.items() if name != "seed"
            }
            defaults = {argument.name: argument.default for argument in arguments_of(SOURCES[dataset])}
            assert settings.arguments("data") == defaults
            assert settings.arguments("selection") == select.__kwdefaults__


def test_optimizers_of_networks():
    settings = train(
        "--optimizer.learning_rate=0.1", "--optimizer.generator.learning_rate=0.2", "--optimizer.generator.name=sgd"
    )
    discriminator, generator = settings.optimizer("discriminator"), settings.optimizer("generator")
    assert (discriminator["learning_rate"], discriminator["name"]) == (0.1, "adam")
    assert generator == discriminator | {"learning_rate": 0.2, "name": "sgd"}
    defaults = make_optimizer.__kwdefaults__
    assert discriminator == defaults | {"learning_rate": 0.1}
    with pytest.raises(ValueError) as error:
        settings.optimizer("critic")
    assert str(error.value) == "'critic' is not a network of gngan; it has generator, discriminator, encoder"


def test_the_text_starts_an_equal_run(tmp_path):
    settings = train(
        "--workdir=my runs/ä=1",
        "--gngan.loss=hinge",
        "--nogngan.autoencoder",
        "--optimizer.learning_rate=0.30000000000000004",
        "--optimizer.generator.schedule=linear",
        "--profile_steps=50,100",
        "--data.std=0.1",
        "--dry_run",
    )
    path = tmp_path / "flags.cfg"
    path.write_text(settings.text(), encoding="utf-8")
    again = read_flagfile(path)
    assert again.text() == settings.text()
    assert again.values == settings.values | {"dry_run": False}
    assert again.workdir == Path("my runs/ä=1")
    lines = settings.text().splitlines()
    flags = [line[2:].partition("=")[0] for line in lines if line and not line.startswith("#")]
    assert len(set(flags)) == len(flags)
    # Everything that concerns the run and nothing else; of the networks' optimizers what differs; no --dry_run.
    assert {flag.partition(".")[0] for flag in flags if "." in flag} == {
        *("gngan", "network", "data", "optimizer", "regularizer")
    }
    assert [flag for flag in flags if flag.count(".") == 2] == ["optimizer.generator.schedule"]
    assert {"workdir", "train_steps", "seed", "data.spacing", "gngan.prior"} <= set(flags)
    assert not {"data.ring_radius", "dry_run", "help", "list"} & set(flags)
    assert "--gngan.autoencoder=false" in lines and "--data.points_per_mode=None" in lines
    assert lines[:2] == ["# format_version=1", "# What is computed."]


def test_a_flagfile_that_is_missing(tmp_path):
    with pytest.raises(InputError) as error:
        read_flagfile(tmp_path / "flags.cfg")
    assert str(error.value) == (
        f"there is no {tmp_path}/flags.cfg; give the --workdir of a run that tfgan2.train has started"
    )


def test_a_flagfile_that_lacks_flags(tmp_path):
    path = tmp_path / "flags.cfg"
    path.write_text("--method=gngan\n")
    with pytest.raises(InputError) as error:
        read_flagfile(path)
    assert str(error.value) == (
        f"{path} is damaged: it lacks --dataset, --train_steps, --workdir. Restore the file, or train a new run."
    )


def test_schedule_steps_stay_those_of_the_first_start():
    first = train().started(None)
    assert first.schedule_steps == 1000
    assert train("--train_steps=5000").started(first).schedule_steps == 1000
    assert train("--train_steps=5000").started(train()).schedule_steps == 1000
    assert train("--schedule_steps=8000").started(first).schedule_steps == 8000
    assert train().schedule_steps is None
    with pytest.raises(InputError) as error:
        train("--train_steps=5000", "--optimizer.generator.schedule=linear").started(first)
    assert str(error.value) == (
        "--schedule_steps is 1000; it must be at least --train_steps=5000: --optimizer.generator.schedule=linear would "
        "train the rest at a learning rate of 0. Train at most 1000 steps, or start a new run with more "
        "--schedule_steps."
    )


def test_trajectory_holds_what_changes_the_numbers():
    trajectory = train("--optimizer.generator.name=sgd").trajectory()
    assert trajectory["method"] == "gngan" and trajectory["gngan.neighbor_weight"] == 1.0
    assert trajectory["optimizer.generator.name"] == "sgd"
    assert not {"workdir", "train_steps", "log_every", "jit", "optimizer.generator.beta_1"} & set(trajectory)


def test_runtime_flags_make_no_difference():
    other = train("--workdir=x", "--train_steps=2000", "--jit=on", "--strategy=one", "--log_every=0", "--threads=1")
    assert trajectory_difference(train(), other) == []
    assert trajectory_difference(train("--optimizer.learning_rate=2e-4"), train()) == []


def test_differences_are_named():
    old = train("--init_from=a")
    new = train("--gngan.neighbor_weight=0.5", "--seed=3", "--optimizer.generator.beta_1=0")
    assert trajectory_difference(old, new) == [
        "--seed: was 0, now 3",
        "--init_from: was a, now None",
        "--gngan.neighbor_weight: was 1.0, now 0.5",
        "--optimizer.generator.beta_1: was not set, now 0.0",
    ]
    assert trajectory_difference(new, old)[-1] == "--optimizer.generator.beta_1: was 0.0, now not set"


def test_the_arguments_of_another_choice_are_not_listed():
    other = train("--method=distgan")
    assert trajectory_difference(train(), other) == ["--method: was gngan, now distgan"]
    other = train("--dataset=ring8", "--data.std=0.1")
    assert trajectory_difference(train(), other) == ["--dataset: was grid25, now ring8"]


@pytest.mark.parametrize(
    ("group", "role", "name", "flag"),
    [
        ("method", None, "neighbor_weight", "gngan.neighbor_weight"),
        ("network", None, "hidden_units", "network.hidden_units"),
        ("data", None, "std", "data.std"),
        (None, None, "batch_size", "batch_size"),
        ("optimizer", "generator", "beta_1", "optimizer.generator.beta_1"),
        ("optimizer", "discriminator", "beta_1", "optimizer.beta_1"),
    ],
)
def test_flags_are_named_in_place_of_arguments(group, role, name, flag):
    settings = train("--optimizer.generator.beta_1=0.2")
    with pytest.raises(InputError) as error, settings.naming_flags(group, role):
        raise ArgumentError(name, -1.0, "at least 0", "Try 1.")
    assert str(error.value) == f"--{flag} is -1.0; it must be at least 0. Try 1."


def test_other_errors_are_left_alone():
    bugs = (ValueError("std is None"), ValueError(""), TypeError("std is None"), InputError("std is in no file"))
    for bug in (*bugs, ArgumentError("width", 0, "above 0")):
        with pytest.raises(type(bug)) as error, train().naming_flags("data"):
            raise bug
        assert error.value is bug


def test_replace():
    settings = train()
    assert settings.replace(seed=3).seed == 3
    assert settings.seed == 0
