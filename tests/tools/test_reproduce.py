"""tools/reproduce.py: its list of experiments, and that finished runs are not made again."""

import json
import types

import pytest


@pytest.fixture
def here(tool, tmp_path, monkeypatch):
    """Experiments with results and runs in another folder. A run is only noted in a list and not trained."""
    for name in ("records", "pages", "pictures"):
        monkeypatch.setattr(tool(f"experiments.{name}"), "RESULTS", tmp_path)
    for name in ("trained", "running"):
        monkeypatch.setattr(tool(f"experiments.{name}"), "ROOT", tmp_path)
    running = tool("experiments.running")
    made = []

    def measured(experiment, name, row, seed):
        made.append((row.key, seed))
        values = {"registered_modes": 7 + seed}
        return {"step": 5, "flags": {}, "protocol": {}, "real_values": {}, "values": {"raw": values}}

    monkeypatch.setattr(running, "measured", measured)
    monkeypatch.setattr(running, "difference", lambda *_: {})
    monkeypatch.setattr(running, "_train_steps", lambda row: 5)
    monkeypatch.setattr(running.Runner, "_train", lambda *_: None)
    return types.SimpleNamespace(path=tmp_path, made=made, main=tool("reproduce").main)


def test_the_help_names_every_experiment(tool, capsys):
    with pytest.raises(SystemExit):
        tool("reproduce").main(["--help"])
    shown = capsys.readouterr().out.split("\n    ")
    names = {line.split()[0] for line in shown if line.split()}
    assert {*tool("experiments.catalog").EXPERIMENTS, "rumi_table1", "metrics_sanity"} <= names
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
