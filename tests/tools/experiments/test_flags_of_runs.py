"""Which flags of a run a record keeps."""

import json

import pytest

from tfgan2 import flags


@pytest.fixture
def difference(tool):
    return tool("experiments.flags_of_runs").difference


def used(config, *given):
    """As a run's flags stand in its record."""
    settings = flags.parse("train", [f"--flagfile=configs/{config}.cfg", "--workdir=runs/x", *given])
    return settings.trajectory() | {"schedule_steps": settings.train_steps}


def test_a_run_of_the_configuration_itself_keeps_none(difference):
    found = used("pgmgan_grid25", "--seed=3")
    assert difference("pgmgan_grid25", found, found["schedule_steps"]) == {}


def test_flags_that_differ(difference):
    found = used("gngan_grid25", "--gngan.neighbor_weight=0.5", "--train_steps=2000", "--data.std=0.1")
    assert difference("gngan_grid25", found, 2000) == {"gngan.neighbor_weight": 0.5, "data.std": 0.1}


def test_another_method_is_named_with_what_differs_from_its_defaults(difference):
    found = used("rumi_digits", "--method=standard_gan", "--standard_gan.loss=hinge")
    kept = difference("rumi_digits", found, found["schedule_steps"])
    assert kept == {"method": "standard_gan", "standard_gan.loss": "hinge"}


def test_a_flag_that_is_no_more_is_kept(difference):
    found = used("gngan_grid25") | {"gngan.gone": [1, 2]}
    kept = difference("gngan_grid25", json.loads(json.dumps(found)), found["schedule_steps"])
    assert kept == {"gngan.gone": [1, 2]}


def test_recorded_runs_have_the_flags_of_their_rows(tool, difference):
    """A record keeps what differs from a configuration, so it is only true while both stay as they were."""
    records = tool("experiments.records")
    wrong = []
    for name, experiment in tool("experiments.catalog").EXPERIMENTS.items():
        found = records.read(records.path_of(name))
        for row in experiment.rows:
            now = used(row.config, *row.flags) if row.key in found else {}
            for seed, run in found.get(row.key, {}).items():
                expected = difference(row.config, now | {"seed": seed}, run["step"])
                recorded = {flag: value for flag, value in run["flags"].items() if flag != "init_from"}
                if (recorded, run["config"], run["step"]) != (expected, row.config, now["schedule_steps"]):
                    wrong.append((name, row.key, seed))
    assert wrong == []


def test_a_folder_within_the_checkout_does_not_show_where_that_lies(difference, tool):
    root = tool("experiments.definition").ROOT
    found = used("pictures_standard_gan", f"--dataset=folder:{root}/runs/data")
    assert difference("pictures_standard_gan", found, 20_000)["dataset"] == "folder:runs/data"
