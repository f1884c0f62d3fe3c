"""Records of a run: series, time of training without pauses, and the present state of warnings."""

import json
import math

import pytest

from tfgan2.page.history import History, read_history
from tfgan2.page.warnings import warnings_of


def train(step, time, **values):
    return {"step": step, "kind": "train", "wall_time": time, "values": values}


def warning(step, name, active, text="x"):
    values = {"name": name, "level": "warning", "active": active, "text": text, "advice": "Do this." * active}
    return {"step": step, "kind": "warning", "wall_time": 0.0, "values": values}


def test_a_run_with_a_pause(tmp_path):
    lines = [train(100, 10.0, loss=1.0, steps_per_second=50.0), train(200, 9000.0, loss=None, steps_per_second=25.0)]
    (tmp_path / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines) + '{"cut')
    history = read_history(tmp_path)
    assert (history.step, history.seconds, history.span) == (200, 6.0, (10.0, 9000.0))
    (first, last) = history.series["loss"]
    assert first == (100, 1.0) and last[0] == 200 and math.isnan(last[1])


def test_a_run_without_records(tmp_path):
    history = read_history(tmp_path)
    assert (history.step, history.seconds, history.span, history.series, history.warnings) == (0, None, None, {}, {})
    assert warnings_of(history) == ()


def test_warnings_that_hold_come_before_those_that_are_over():
    lines = [
        warning(10, "modes_lost", True, "lost <3> modes"),
        warning(20, "discriminator_won", True),
        warning(30, "discriminator_won", False, "it is over"),
    ]
    history = History(lines)
    assert history.series == {}
    shown = "".join(warnings_of(history))
    places = [
        shown.index(text) for text in ("Step 10: </strong>lost &lt;3&gt; modes", "Do this.", "Over by now", "30: it is")
    ]
    assert places == sorted(places)


@pytest.mark.parametrize("active", [True, False])
def test_one_warning(active):
    shown = "".join(warnings_of(History([warning(1, "modes_lost", active)])))
    assert ("alarm" in shown) == active and ("Over by now" in shown) != active
