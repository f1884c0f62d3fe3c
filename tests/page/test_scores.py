"""Scores on the page: the newest record of each protocol, and files that are not records."""

import json

import pytest

from tfgan2.page.scores import newest_records, scores_of

RECORD = {
    "method": "gngan",
    "step": 5,
    "averaged": True,
    "seed": 0,
    "protocol": {"name": "points-2k"},
    "values": {"recall": 0.5, "my_own": 3.0},
    "spread": {"recall": 0.01},
    "real_values": {"recall": 0.9},
    "real_spread": {"recall": 0.02},
}


def write(folder, protocol, step, record):
    path = folder / "evaluations" / protocol / f"{step}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(record if isinstance(record, str) else json.dumps(record))


def test_the_newest_record_of_each_protocol(tmp_path):
    for step in (5, 900, 1000):
        write(tmp_path, "points-2k", step, RECORD | {"step": step})
    write(tmp_path, "other", 7, RECORD | {"step": 7, "protocol": {"name": "<other>"}})
    records = newest_records(tmp_path)
    assert [record["step"] for record in records] == [7, 1000]
    shown = "".join(scores_of(records, "x"))
    assert "&lt;other&gt;, step 7, averaged weights, seed 0" in shown
    for cell in ("0.5 ± 0.01", "0.9 ± 0.02", "3 (no ±)", "–", "high", "Share of real samples that lie among"):
        assert cell in shown


@pytest.mark.parametrize("content", ["cut", "[]", "null", "{}", json.dumps(RECORD | {"step": "x"})])
def test_files_that_are_not_records(content, tmp_path):
    write(tmp_path, "points-2k", 5, content)
    (tmp_path / "evaluations" / "empty").mkdir()
    write(tmp_path, "names", "notes", RECORD)
    assert newest_records(tmp_path) == []


def test_a_run_that_was_not_evaluated(tmp_path):
    shown = "".join(scores_of(newest_records(tmp_path), "evaluate <it>"))
    assert "has not been evaluated yet" in shown and "evaluate &lt;it&gt;" in shown
