"""The comparison of speed with torch-fidelity: what it times, and that it needs no torch-fidelity."""

import sys

import numpy as np
import pytest
from scipy.special import softmax

from tfgan2.metrics.inception import inception_score


@pytest.mark.parametrize(
    ("python", "message"),
    [
        (None, "no --peer_python: ours alone"),
        (sys.executable, f"torch-fidelity is not in {sys.executable}: ours alone"),
        ("/no/python", "torch-fidelity is not in /no/python: ours alone"),
    ],
)
def test_without_the_peer(python, message, tool, capsys):
    module = tool("benchmarks.peer_scores")
    counts = dict.fromkeys(module.SCORES, ()) | {"inception_score": (50,)}
    record = module.compared(python, counts, 2)
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == message and printed[-1].startswith("inception_score")
    (row,) = record["scores"]
    logits = np.random.default_rng(0).standard_normal((50, module.CLASSES), np.float32)
    assert row["values"] == {"ours": pytest.approx(inception_score(softmax(logits, axis=1)).mean)}
    assert len(row["all"]["ours"]) == 2 and row["cpu_seconds"]["ours"] > 0 and "ratio" not in row
