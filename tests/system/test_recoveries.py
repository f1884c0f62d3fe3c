"""The file of the recoveries of a run."""

import pytest

from tfgan2.errors import InputError
from tfgan2.system.recoveries import FILE, Recovery, read_recoveries, recoveries_until, write_recoveries


def test_recoveries_are_read_as_they_were_written(tmp_path):
    assert read_recoveries(tmp_path) == ()
    recoveries = (Recovery(40, "a is not finite."), Recovery(20, "b is not finite."))
    write_recoveries(tmp_path, recoveries)
    assert read_recoveries(tmp_path) == recoveries
    assert [recoveries_until(recoveries, step) for step in (19, 20, 39, 40)] == [0, 1, 1, 2]


@pytest.mark.parametrize("text", ["", "[1]", '{"a": 1}', '[{"step": 1}]', '[{"step": "x", "reason": ""}]', "\xff"])
def test_a_damaged_file_is_named(text, tmp_path):
    (tmp_path / FILE).write_text(text, encoding="latin-1")
    with pytest.raises(InputError, match=rf"{FILE} is damaged\. Restore it from a copy, or start again in a new work"):
        read_recoveries(tmp_path)
