"""The memory of training processes: a file that resumes, and failures that are told."""

import json


def test_what_is_known_is_not_measured_again_and_a_failure_is_told(tool, tmp_path):
    memory, path = tool("benchmarks.memory"), tmp_path / "memory.json"
    known = {"batch_size": 8, "parameters": 1234, "imported_mib": 600, "peak_mib": 1536}
    path.write_text(json.dumps({"demo": known}))
    found = memory.measured(["demo", "nothing_of_this_name"], path)
    assert json.loads(path.read_text()) == found
    assert found["demo"] == known
    assert "nothing_of_this_name.cfg" in found["nothing_of_this_name"]["failure"]
    assert "| demo | 8 | 1,234 | 1.50 |" in memory.table(found)
    assert "| nothing_of_this_name |  |  | not measured: " in memory.table(found)
