"""tools/reproduce.py: its list of experiments, and that finished runs are not made again."""

import json
import types
from pathlib import Path

import pytest

from tfgan2 import flags
from tfgan2.errors import InputError
from tfgan2.methods import METHODS

CONFIGS = Path(__file__).resolve().parent.parent.parent / "configs"


@pytest.fixture
def here(tool, tmp_path, monkeypatch):
    """Experiments with results and runs in another folder. A run is only noted in a list and not trained."""
    for name in ("records", "pages", "pictures", "comparison_page"):
        monkeypatch.setattr(tool(f"experiments.{name}"), "RESULTS", tmp_path)
    for name in ("trained", "running"):
        monkeypatch.setattr(tool(f"experiments.{name}"), "ROOT", tmp_path)
    running = tool("experiments.running")
    made = []

    def measured(experiment, name, row, seed):
        made.append((row.key, seed))
        values = {"registered_modes": 7 + seed}
        return {"step": 5, "flags": {}, "protocol": {}, "real_values": {}, "values": {"raw": values}}

    def trained(self, config, seed, workdir, *_):
        line = {"step": 5, "kind": "train", "wall_time": 0, "values": {"steps_per_second": 400.0 + seed}}
        workdir.mkdir(parents=True)
        (workdir / "metrics.jsonl").write_text(json.dumps(line) + "\n")

    monkeypatch.setattr(running, "measured", measured)
    monkeypatch.setattr(running, "difference", lambda *_: {})
    monkeypatch.setattr(running, "_train_steps", lambda row: 5)
    monkeypatch.setattr(running.Runner, "_train", trained)
    return types.SimpleNamespace(path=tmp_path, made=made, main=tool("reproduce").main)


def test_the_help_names_every_experiment(tool, capsys):
    with pytest.raises(SystemExit):
        tool("reproduce").main(["--help"])
    shown = capsys.readouterr().out.split("\n    ")
    names = {line.split()[0] for line in shown if line.split()}
    assert {*tool("experiments.catalog").EXPERIMENTS, "rumi_table1", "all_methods", "metrics_sanity"} <= names
    assert all(experiment.about for experiment in tool("experiments.catalog").EXPERIMENTS.values())


def test_finished_runs_are_kept_and_new_ones_added(here, capsys):
    command = ["gngan_modes1d", "--rows=distgan_modes1d", "--seeds=2"]
    here.main(command)
    assert here.made == [("distgan_modes1d", 0), ("distgan_modes1d", 1)]
    here.main([*command[:2], "--seeds=3"])
    assert here.made[2:] == [("distgan_modes1d", 2)]
    record = json.loads((here.path / "gngan_modes1d.json").read_text())
    assert list(record["rows"]["distgan_modes1d"]) == ["0", "1", "2"]
    assert "| Dist-GAN, ours | 3 | 8.00 ± 1.00 |" in (here.path / "gngan_modes1d.md").read_text()
    capsys.readouterr()
    here.main(["gngan_modes1d", "--page"])
    assert "| Dist-GAN, ours | 3 | 8.00 ± 1.00 |" in capsys.readouterr().out and len(here.made) == 3


def test_all_methods_make_a_seed_of_all_data_before_the_next_and_say_what_was_not_run(here, capsys):
    command = ["all_methods", "--data=ring8,grid25", "--rows=gan,logan", "--seeds=2"]
    here.main(command)
    assert here.made == [(key, seed) for seed in (0, 1) for _ in range(2) for key in ("gan", "logan")]
    page = (here.path / "all_methods.md").read_text()
    lines = {line.split(" | ")[0].strip("| "): line.split(" | ") for line in reversed(page.splitlines())}
    grid, ring, rings, roll = lines["class-conditional GAN"][1:5]
    assert (grid, ring, rings, roll) == ("not run", "not run", "not run", "-")  # The roll has no classes.
    assert lines["GAN"][1:4] == ["- (2 seeds)", "- (2 seeds)", "not run"]  # The stand-in has modes and no quality.
    assert "| GAN | 2 | 7.500 ± 0.707 | - | - | - | - | - | 2.49 | 1.0 |" in page
    assert "| D2GAN | 0 | not run |" in page
    capsys.readouterr()
    here.main(command)
    assert len(here.made) == 8 and capsys.readouterr().out.startswith("0 runs to do")


def test_the_other_runs_are_made_where_one_fails(here, tool, monkeypatch):
    trained = tool("experiments.running").Runner._train

    def failing(self, config, seed, workdir, *flags):
        if seed == 1:
            raise SystemExit("seed 1: not finite")
        if seed == 2:
            raise InputError("seed 2: no checkpoint")
        trained(self, config, seed, workdir, *flags)

    monkeypatch.setattr(tool("experiments.running").Runner, "_train", failing)
    with pytest.raises(SystemExit, match="seed 1: not finite\nseed 2: no checkpoint"):
        here.main(["gngan_modes1d", "--rows=gngan_modes1d", "--seeds=4"])
    assert here.made == [("gngan_modes1d", 0), ("gngan_modes1d", 3)]


def test_a_set_of_data_that_there_is_not(here):
    with pytest.raises(SystemExit, match=r"--data=ring9: there is no ring9; data are grid25, ring8, "):
        here.main(["all_methods", "--data=ring9"])


@pytest.mark.parametrize("data", ["grid25", "swiss_roll", "stacked_digits"])
def test_the_flags_of_all_methods_are_those_of_the_program(tool, data):
    rows = tool("experiments.all_methods").DATA[data].experiment.rows
    assert len({row.key for row in rows}) == len(rows)
    settings = [settings_of(row) for row in rows]
    difference = tool("experiments.flags_of_runs").difference
    for row, each in zip(rows, settings, strict=True):  # What is recorded of a run.
        assert difference(row.config, each.trajectory(), each.train_steps).get("method", "standard_gan") == each.method
    assert len({(each.train_steps, each.batch_size, each.dataset) for each in settings}) == 1
    assert {each.method for each in settings} >= {*METHODS} - {"rumi", "acgan", "tacgan", "cgan_pd"}


def settings_of(row):
    argv = [f"--flagfile={CONFIGS / row.config}.cfg", *row.flags, "--workdir=unused"]
    return flags.parse("train", argv)


def test_a_run_is_recorded_before_the_next_one_begins(here, tool, monkeypatch):
    def stopped(self, config, seed, *_):
        if seed == 1:
            raise SystemExit("stopped")

    monkeypatch.setattr(tool("experiments.running").Runner, "_train", stopped)
    with pytest.raises(SystemExit, match="stopped"):
        here.main(["gngan_modes1d", "--rows=gngan_modes1d", "--seeds=3"])
    runs = json.loads((here.path / "gngan_modes1d.json").read_text())["rows"]["gngan_modes1d"]
    assert "0" in runs and "1" not in runs


def test_a_row_that_there_is_not(here):
    with pytest.raises(SystemExit, match="--rows=gan: there is no row gan; rows are distgan_modes1d, gngan_modes1d"):
        here.main(["gngan_modes1d", "--rows=gan"])
