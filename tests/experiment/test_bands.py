"""Curves over several runs: the mean at common steps, with a band from the smallest to the largest run."""

import json
import re
from types import SimpleNamespace

from tfgan2.experiment.bands import _band, curves_of


def test_a_band_spans_the_steps_that_all_runs_have():
    runs = [((0, 10, 20), (0.0, 1.0, 2.0)), ((5, 15), (4.0, 6.0))]
    assert _band(runs) == ([5, 10, 15], [2.25, 3.0, 3.75], [0.5, 1.0, 1.5], [4.0, 5.0, 6.0])
    assert _band([((0, 10), (1.0, 1.0)), ((11, 12), (1.0, 1.0))]) is None
    many = tuple(range(1000))
    steps, mean, _, _ = _band([(many, many)])
    assert len(steps) == 100 and (steps[0], steps[-1]) == (0, 999) and mean == steps


def test_charts_of_what_was_evaluated(tmp_path):
    def trial(name, *values):
        folder = tmp_path / name
        folder.mkdir()
        lines = [
            {
                "step": 10 * at,
                "kind": "evaluation",
                "wall_time": 0.0,
                "values": {"coverage/recall": value, "coverage/share_of_1": 1},
            }
            for at, value in enumerate(values)
        ]
        (folder / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
        return SimpleNamespace(workdir=folder)

    rows = {"one": [trial("a", 0.25, 0.5)], "two": [trial("b", 0.0, 0.5, None), trial("c", 0.5, 1.0)]}
    ((drawn, text),) = curves_of(rows | {"none": [trial("d")]}).values()
    assert text == "Curves of recall from step 0 to step 10. Last values: one 0.5, two 0.75."
    assert len(re.findall(rb'id="FillBetweenPolyCollection', drawn)) == 1
