"""What the tests of claims share: measurements in a process of their own, where XLA makes fast programs."""

import json
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
BEFORE = f"import json, sys; sys.path.append({str(HERE)!r}); globals().update(json.loads(argv[0]))"
AFTER = "print('measured', json.dumps(measured))"


@pytest.fixture
def measured(nursery, tmp_path):
    """(code, **variables) -> what the code leaves in the variable `measured`. It may import `seeds`.

    The XLA_FLAGS of the other tests make compilation fast and training slow, so this process has none.
    """

    def measured(code, **variables):
        argv = [json.dumps(variables)]
        process = nursery.start("\n".join([BEFORE, code, AFTER]), argv, tmp_path, {"XLA_FLAGS": ""})
        ended = process.end(patience=1800)
        assert ended.code == 0, ended.err
        return json.loads(ended.out.rpartition("measured ")[2])

    return measured
