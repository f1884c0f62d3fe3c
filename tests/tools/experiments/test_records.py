"""Records of experiments: a line for each run, which several processes may add."""

import json
import multiprocessing
import os

import pytest


@pytest.fixture
def records(tool):
    return tool("experiments.records")


def test_runs_are_lines_in_order(records, tmp_path):
    path = tmp_path / "results" / "name.json"
    assert records.read(path) == {}
    for key, seed, value in (("b", 10, 1.5), ("b", 2, 0.1), ("a", 0, float("nan"))):
        records.add(path, key, seed, {"value": value})
    assert path.read_text().splitlines() == [
        *("{", ' "rows": {', '  "a": {', '   "0": {"value": NaN}', "  },", '  "b": {'),
        *('   "2": {"value": 0.1},', '   "10": {"value": 1.5}', "  }", " }", "}"),
    ]
    assert records.read(path)["b"] == {2: {"value": 0.1}, 10: {"value": 1.5}}


def _add(add, path, key):
    for seed in range(20):
        add(path, key, seed, {"value": seed})


def test_several_processes_add_runs(records, tmp_path):
    path = tmp_path / "name.json"
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=_add, args=(records.add, path, key)) for key in "abc"]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert {key: len(runs) for key, runs in records.read(path).items()} == {"a": 20, "b": 20, "c": 20}
    assert os.listdir(tmp_path) == ["name.json"]


def test_what_was_there_stays_where_a_run_cannot_be_written(records, tmp_path, monkeypatch):
    path = tmp_path / "name.json"
    records.add(path, "a", 0, {"value": 1})
    with pytest.raises(TypeError):
        records.add(path, "a", 1, {"value": object()})
    assert records.read(path) == {"a": {0: {"value": 1}}}


def test_the_committed_records_are_small_and_alike(records, tool):
    """All results fit into 6 MB; each picture into 200 kB, with a palette."""
    from PIL import Image

    results = tool("experiments.definition").RESULTS
    files = [path for path in results.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} == {".json", ".md", ".png"}
    assert {path.parent for path in files} == {results}
    assert sum(path.stat().st_size for path in files) < 6_000_000
    for path in results.glob("*.png"):
        with Image.open(path) as picture:
            assert picture.mode == "P" and path.stat().st_size <= 200_000, path
    for name in tool("experiments.catalog").EXPERIMENTS:
        path = records.path_of(name)
        if path.exists():
            assert path.read_text() == records._text(records.read(path)), name
            runs = [run for runs in json.loads(path.read_text())["rows"].values() for run in runs.values()]
            assert all({"config", "flags", "step", "protocol", "values", "date", "commit"} <= set(run) for run in runs)
