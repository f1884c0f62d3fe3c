"""Records of measurements as text."""

import json
import math

import pytest

from tfgan2.errors import NonFiniteError
from tfgan2.evaluation.record_text import check_finite, column, comparison, notes, record_text


def test_a_value_without_a_spread_says_so():
    record = {"values": {"a": 1.5, "b": 2.0}, "spread": {"a": 0.25}}
    assert column("generated", record) == ("generated", {"a": "1.5 ± 0.25", "b": "2 (no ±)"})
    del record["spread"]  # a result of an earlier version
    assert column("generated", record) == ("generated", {"a": "1.5", "b": "2"})


@pytest.mark.parametrize(
    ("real", "shown"),
    [
        (5, "noise and copies of few images"),
        (10, "noise, copies and a single mode"),
        (50, "noise, copies and a single mode, also missing classes"),
        (500, None),
    ],
)
def test_what_few_samples_show(real, shown):
    record = {"protocol": {"real": real, "repeats": 10}, "values": {}}
    found = [note for note in notes(record) if note.startswith("this number")]
    expected = f"this number of real samples reveals {shown}; a difference below 2 ± is not significant"
    assert found == ([] if shown is None else [expected])


@pytest.mark.parametrize(
    ("record", "name"),
    [({"values": {"a": 1.0, "b": math.inf}}, "b"), ({"values": {}, "real_values": {"a": math.nan}}, "a of real data")],
)
def test_a_score_that_is_not_finite_gets_into_no_table(record, name, tmp_path):
    message = rf"^the score {name} is not finite, so there is no result\.$"
    with pytest.raises(NonFiniteError, match=message):
        check_finite(record)
    path = tmp_path / "result.json"
    path.write_text(json.dumps(record | {"protocol": {}, "samples": "x"}))
    with pytest.raises(NonFiniteError, match=message):
        comparison([path])


def test_values_in_columns_with_their_notes():
    record = {"values": {"a": 1.5}, "real_values": {"a": 2.0}, "real_spread": {"a": 0.5}, "protocol": {}}
    assert record_text("mine", record).splitlines() == [
        "mine",
        "            generated           real data",
        "a                 1.5             2 ± 0.5",
        *notes(record),
    ]
