"""The time that is left of several trainings, from their logs."""

import json

from tfgan2.experiment import progress
from tfgan2.experiment.progress import Progress, last_logged_step


def log(folder, *steps):
    folder.mkdir(exist_ok=True)
    lines = [json.dumps({"step": step, "kind": "train", "values": {}}) for step in steps]
    (folder / "metrics.jsonl").write_text("\n".join(lines))


def test_the_last_whole_line_counts(tmp_path):
    log(tmp_path, 10, 20)
    assert last_logged_step(tmp_path) == 20 and last_logged_step(tmp_path / "none") == 0
    (tmp_path / "metrics.jsonl").write_text('{"step": 10}\n{"st')
    assert last_logged_step(tmp_path) == 0


def test_lines_with_the_time_that_is_left(tmp_path, monkeypatch, capsys):
    now = iter([0.0, 60.0, 60.0, 120.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(now))
    one, two = tmp_path / "one", tmp_path / "two"
    log(one, 50)
    with Progress([(one, 100), (two, 100)]) as shown:
        shown.write("nothing new")
        log(two, 60)
        # 60 steps took 60 s, and 90 are left.
        shown.write("on the way")
        log(one, 900)
        log(two, 100)
        shown.write("the end")
    assert capsys.readouterr().err.splitlines() == ["nothing new", "on the way; about 90 s left", "the end"]
