"""metrics.jsonl: its schema, means, removal of later lines on resume, and whole lines on a full disk."""

import json
import math
import time

import pytest

from tfgan2.callbacks.metrics_log import MetricsLog
from tfgan2.errors import NonFiniteError, StorageError


def read(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_train_lines_are_means(tmp_path, play):
    path = tmp_path / "run" / "metrics.jsonl"
    before = time.time()
    chunks = [(10, {"g/loss": 1.0}), (30, {"g/loss": 5.0}), (40, {"g/loss": 7.0}), (5, {"g/loss": 9.0})]
    play([MetricsLog(path, every=40)], chunks)
    lines = read(path)
    assert [line["step"] for line in lines] == [40, 80, 85]
    assert [line["values"]["g/loss"] for line in lines] == [4.0, 7.0, 9.0]
    for line in lines:
        assert list(line) == ["step", "kind", "wall_time", "format_version", "values"]
        assert line["kind"] == "train" and before <= line["wall_time"] <= time.time()
        assert set(line["values"]) == {"g/loss", "steps_per_second"}


def test_cadence_0_writes_no_train_lines(tmp_path, play):
    log = MetricsLog(tmp_path / "metrics.jsonl", every=0)
    play([log], [(10, {"a": 1.0}), lambda: log.write(10, "evaluation", {"b": 2})])
    assert [(line["kind"], line["values"]) for line in log.lines()] == [("evaluation", {"b": 2.0})]


def test_resume_removes_later_lines(tmp_path, play):
    path = tmp_path / "metrics.jsonl"
    play([MetricsLog(path, every=10)], [(10, {"a": float(step)}) for step in range(5)])
    kept = path.read_text().splitlines()[:2]
    with path.open("a") as file:
        file.write('{"step": 20, "kind": "tra')
    assert [line["step"] for line in MetricsLog(path, every=10).lines()] == [10, 20, 30, 40, 50]
    play([MetricsLog(path, every=10)], [(10, {"a": 7.0})], global_step=20)
    assert path.read_text().splitlines()[:2] == kept
    assert [(line["step"], line["values"]["a"]) for line in read(path)] == [(10, 0.0), (20, 1.0), (30, 7.0)]
    assert [file.name for file in tmp_path.iterdir()] == ["metrics.jsonl"]


def test_lines_that_a_power_cut_zeroed_are_dropped(tmp_path):
    path = tmp_path / "metrics.jsonl"
    path.write_bytes(b'{"step": 1}\n\0\0\0\n{"step": 2}\n')
    assert MetricsLog(path, every=1).lines() == [{"step": 1}, {"step": 2}]


@pytest.mark.parametrize("value", [math.nan, -math.inf])
def test_a_value_that_is_not_finite_is_named_and_not_written(value, tmp_path):
    path = tmp_path / "metrics.jsonl"
    with pytest.raises(NonFiniteError, match=r"^b is not finite after step 2\.$"):
        MetricsLog(path, every=1).write(3, "evaluation", {"a": 1, "b": value})
    assert not path.exists()


def test_full_disk_leaves_no_half_line(tmp_path, full_disk):
    path = tmp_path / "metrics.jsonl"
    log = MetricsLog(path, every=1)
    log.write(1, "train", {"a": 1.0})
    whole = path.read_bytes()
    for room in (20, 0):
        with full_disk(len(whole) + room), pytest.raises(StorageError, match=r"metrics\.jsonl could not be written: "):
            log.write(2, "train", {"a": 1.0})
        assert path.read_bytes() == whole


def test_kinds(tmp_path):
    with pytest.raises(ValueError, match=r"^kind is 'test'; it must be one of train, evaluation, health, warning\.$"):
        MetricsLog(tmp_path / "metrics.jsonl", every=1).write(1, "test", {})
    assert not list(tmp_path.iterdir())
