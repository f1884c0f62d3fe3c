"""What the tests of claims share: measurements in a process of their own, where XLA makes fast programs."""

import json
from pathlib import Path

import pytest

from tfgan2.callbacks.metrics_log import read_lines

HERE = Path(__file__).resolve().parent
BEFORE = f"import json, sys; sys.path.append({str(HERE)!r}); globals().update(json.loads(argv[0]))"
AFTER = "print('measured', json.dumps(measured))"
TRAIN = "from tfgan2.train import main; measured = [main(argv) for argv in argvs]"


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


@pytest.fixture
def evaluated(measured, tmp_path):
    """(name -> flags of a run) -> name -> the values of each of its evaluations. One process trains all runs."""

    def evaluated(runs):
        argvs = [[*flags, f"--workdir={tmp_path / name}"] for name, flags in runs.items()]
        assert not any(measured(TRAIN, argvs=argvs))
        lines = {name: read_lines(tmp_path / name / "metrics.jsonl") for name in runs}
        return {name: [line["values"] for line in lines[name] if line["kind"] == "evaluation"] for name in runs}

    return evaluated
