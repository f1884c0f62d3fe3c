"""A run of an experiment from its training to its page."""

import shutil
import types
import uuid

import numpy as np
import pytest


@pytest.mark.slow
def test_a_run_from_its_training_to_its_page(tool, tmp_path, monkeypatch):
    definition, pages = tool("experiments.definition"), tool("experiments.pages")
    for module in ("records", "pages", "pictures"):
        monkeypatch.setattr(tool(f"experiments.{module}"), "RESULTS", tmp_path)
    flags = ("--train_steps=200", "--log_every=100", "--ema_decay=0.9", "--jit=off")
    start = definition.Start("start", "gngan_modes1d", flags)
    experiment = definition.Experiment(
        about="",
        rows=(definition.Row("Tiny", "gngan_modes1d", flags, "tiny", starts=(start,)),),
        protocol="modes1d-2k",
        measures={"registered_points": "points"},
        title="Points",
        curves=("generator/loss",),
        measure=lambda run, record, *, seed, averaged: {"seed": seed, "averaged": averaged},
    )
    name = f"test_{uuid.uuid4().hex}"
    folder = tool("experiments.trained").workdir_of(name, experiment.rows[0], 0).parent.parent
    try:
        pages.remake(name, experiment, types.SimpleNamespace(rows="", seeds=1, jobs=1, threads=1, page=False))
        with np.load(folder / "tiny" / "seed_0" / "kept.npz") as kept:
            assert kept["samples"].shape == (2000, 1)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    run = tool("experiments.records").read(tmp_path / f"{name}.json")["tiny"][0]
    init_from = f"runs/reproduce/{name}/start/seed_0"
    assert run["flags"] == {"ema_decay": 0.9, "init_from": init_from} and run["step"] == 200
    assert [point[0] for point in run["curves"]["generator/loss"]] == [100, 200]
    raw, averaged = run["values"]["raw"], run["values"]["averaged"]
    assert (raw["averaged"], averaged["averaged"], raw["seed"]) == (False, True, 0)
    assert raw["registered_points"] == sum(raw["registered_counts"]) and 0 <= raw["middle_share"] <= 1
    assert f"| Tiny, ours | 1 | {raw['registered_points']:.2f} |" in (tmp_path / f"{name}.md").read_text()
    assert {f"{name}.png", f"{name}_curves.png"} <= {path.name for path in tmp_path.iterdir()}
