"""Times scores of features here and in torch-fidelity, in turn, each in a process with one thread.

tools/benchmark.py peer_scores calls `compared`. As a script, `peer_scores.py ours` or `peer_scores.py torch-fidelity`,
it reads a JSON request a line and answers each with a JSON line of seconds and the value. So the two need not share a
Python.
"""

import json
import os
import subprocess
import sys
import time
import types
from functools import partial
from pathlib import Path

import numpy as np

DIMENSIONS, CLASSES = 2048, 1008
SCORES = ("frechet", "kernel", "precision_recall", "inception_score")


def compared(peer_python, counts, repeats):
    """Prints and returns the CPU and wall seconds of each score by both, and their ratios.

    Args:
      peer_python: a Python with torch-fidelity, or None to time the scores of this package alone.
      counts: score -> numbers of features of each set.
      repeats: how often; medians are printed.
    """
    workers = {"ours": _started(sys.executable, "ours")}
    if peer_python and _has_peer(peer_python):
        workers["torch-fidelity"] = _started(peer_python, "torch-fidelity")
    else:
        print(f"torch-fidelity is not in {peer_python}: ours alone" if peer_python else "no --peer_python: ours alone")
    record = {"suite": f"scores of two sets of {DIMENSIONS} features, one thread", "repeats": repeats, "scores": []}
    print(f"{'score':<18}{'features':>9}{'CPU s':>9}{'peer':>9}{'ours / peer':>13}{'wall s':>9}{'peer':>9}")
    for score in SCORES:
        for count in counts[score]:
            found = {name: [] for name in workers}
            for _ in range(repeats):
                for name, worker in workers.items():
                    found[name].append(_asked(worker, score, count))
            record["scores"].append(_row(score, count, found))
    for worker in workers.values():
        worker.stdin.close()
        worker.wait()
    return record


def _row(score, count, found):
    medians = {
        kind: {name: float(np.median([each[kind] for each in answers])) for name, answers in found.items()}
        for kind in ("cpu_seconds", "wall_seconds")
    }
    ours, peer = (medians["cpu_seconds"].get(name) for name in ("ours", "torch-fidelity"))
    row = {
        "score": score,
        "features": count,
        **medians,
        "values": {name: each[0]["value"] for name, each in found.items()},
    }
    row |= {"ratio": ours / peer} if peer else {}
    wall = medians["wall_seconds"]
    peers = (
        [f"{peer:>9.2f}{ours / peer:>13.2f}", f"{wall['torch-fidelity']:>9.2f}"] if peer else [f"{'-':>9}{'-':>13}", ""]
    )
    print(f"{score:<18}{count:>9,}{ours:>9.2f}{peers[0]}{wall['ours']:>9.2f}{peers[1]}", flush=True)
    return row | {"all": found}


def _has_peer(python):
    code = "import importlib.util, sys; sys.exit(importlib.util.find_spec('torch_fidelity') is None)"
    try:
        return subprocess.run([python, "-c", code], capture_output=True).returncode == 0
    except OSError:
        return False


def _started(python, which):
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    environment = os.environ | threads | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    command = [python, __file__, which]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)


def _asked(worker, score, count):
    print(json.dumps([score, count]), file=worker.stdin, flush=True)
    line = worker.stdout.readline()
    if not line:
        raise SystemExit(f"a process that timed {score} of {count:,} features ended; its message is above.")
    return json.loads(line)


def _ours():
    """Score -> its function of two sets of features, or of logits."""
    from scipy.special import softmax

    from tfgan2.metrics.frechet import frechet_distance_of_features
    from tfgan2.metrics.inception import inception_score
    from tfgan2.metrics.kernel import kernel_distance
    from tfgan2.metrics.precision_recall import precision_recall

    return {
        "frechet": frechet_distance_of_features,
        "kernel": lambda features, other: kernel_distance(features, other).mean,
        "precision_recall": lambda features, other: list(precision_recall(real=other, generated=features)),
        "inception_score": lambda logits: inception_score(softmax(logits, axis=1)).mean,
    }


def _torch_fidelity():
    """The same, of its functions of features. Its modules import torchvision, which they need for images alone."""

    for name in ("", ".datasets", ".transforms", ".transforms.functional"):
        sys.modules["torchvision" + name] = types.ModuleType("torchvision" + name)
    absent = dict.fromkeys(("CIFAR10", "STL10", "CIFAR100"), object)  # they derive classes from these
    vars(sys.modules["torchvision.datasets"]).update(absent)
    sys.modules["torchvision.transforms"].functional = sys.modules["torchvision.transforms.functional"]
    import torch
    from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric
    from torch_fidelity.metric_isc import isc_features_to_metric
    from torch_fidelity.metric_kid import kid_features_to_metric
    from torch_fidelity.metric_prc import prc_features_to_metric

    torch.set_num_threads(1)

    def frechet(features, other):
        statistics = (fid_features_to_statistics(torch.from_numpy(part)) for part in (features, other))
        return fid_statistics_to_metric(*statistics, False)["frechet_inception_distance"]

    def of_pairs(function, names, features, other):
        found = function(torch.from_numpy(features), torch.from_numpy(other), verbose=False)
        return [found[name] for name in names]

    return {
        "frechet": frechet,
        "kernel": lambda *pair: of_pairs(kid_features_to_metric, ["kernel_inception_distance_mean"], *pair)[0],
        "precision_recall": partial(of_pairs, prc_features_to_metric, ["precision", "recall"]),
        "inception_score": lambda logits: isc_features_to_metric(torch.from_numpy(logits))["inception_score_mean"],
    }


def _answer(functions):
    for line in sys.stdin:
        score, count = json.loads(line)
        draws = 1 if score == "inception_score" else 2
        dimensions = CLASSES if score == "inception_score" else DIMENSIONS
        sets = [np.random.default_rng(seed).standard_normal((count, dimensions), np.float32) for seed in range(draws)]
        wall, cpu = time.perf_counter(), time.process_time()
        value = functions[score](*sets)
        seconds = {"cpu_seconds": time.process_time() - cpu, "wall_seconds": time.perf_counter() - wall}
        print(json.dumps(seconds | {"value": value}), flush=True)


if __name__ == "__main__":
    _answer({"ours": _ours, "torch-fidelity": _torch_fidelity}[sys.argv[1]]())
