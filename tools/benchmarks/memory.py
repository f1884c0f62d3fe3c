"""Peak of the resident memory of a training process for each configuration, without the data."""

import json
import os
import re
import resource
import subprocess
import sys
from pathlib import Path

from tqdm import tqdm

from tfgan2.evaluation.markdown import markdown_table

PAGE = Path(__file__).resolve().parent.parent.parent / "results" / "memory.md"
_BEGIN, _END = "<!-- table: made by tools/benchmark.py -->\n", "<!-- end of table -->\n"

_STEPS = 2
"""The second step has the optimizers' moments and what the first one left."""

_LIMIT_S = 1800


def measured(names, path):
    """Measures each configuration in a process of its own.

    Args:
      names: the configurations.
      path: the JSON file with what is known. It is written after each configuration, so that a second call goes on.

    Returns:
      Name -> the numbers of `peak`, or the reason why there are none, of all configurations in the file.
    """
    path = Path(path)
    found = json.loads(path.read_text()) if path.exists() else {}
    for name in tqdm([name for name in names if name not in found]):
        found[name] = _in_a_process(name)
        partial = path.with_suffix(".partial")
        partial.write_text(json.dumps(dict(sorted(found.items())), indent=1) + "\n")
        os.replace(partial, path)
    return found


def table(found):
    """The table of the page, a row for each configuration."""
    head = ["configuration", "batch", "parameters", "peak, GiB"]
    rows = []
    for name, numbers in sorted(found.items()):
        if "failure" in numbers:
            rows.append([name, "", "", f"not measured: {numbers['failure']}"])
        else:
            size = f"{numbers['peak_mib'] / 1024:.2f}"
            rows.append([name, numbers["batch_size"], f"{numbers['parameters']:,}", size])
    return markdown_table(head, rows) + "\n"


def write_page(found):
    """Prints the table and replaces that of the page, if there is one."""
    print(table(found))
    if PAGE.exists():
        before, _, rest = PAGE.read_text().partition(_BEGIN)
        PAGE.write_text(before + _BEGIN + table(found) + _END + rest.partition(_END)[2])


def _in_a_process(name):
    command = [sys.executable, "-m", "benchmarks.memory", name]
    tools = Path(__file__).resolve().parent.parent
    python_path = os.pathsep.join([str(tools), str(tools.parent)])
    environment = os.environ | {"PYTHONPATH": python_path}
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=_LIMIT_S, env=environment, check=False)
    except subprocess.TimeoutExpired:
        return {"failure": f"no {_STEPS} steps in {_LIMIT_S} s"}
    if run.returncode:
        lines = [line for line in run.stderr.splitlines() if re.match(r"\w+(\.\w+)*(Error|Exception)\b", line)]
        return {"failure": f"code {run.returncode}, {lines[-1] if lines else 'without a message'}"}
    return json.loads(run.stdout.splitlines()[-1])


def peak(name):
    """Trains a configuration for two steps with all players. Its stages do not run, and its data are stand-ins.

    Returns:
      A dictionary: batch_size, parameters of all networks, imported_mib, the memory after the imports, and peak_mib.
    """
    import numpy as np

    from benchmarks.stand_ins import settings_of
    from tfgan2.data.batches import batches_of_parts
    from tfgan2.run import build

    imported = _mib()
    run = build.build(settings_of(name, "--steps_per_execution=1"))
    game = run.model
    game.begin_phase(game.schedule(run.settings.train_steps)[-1][0])
    order = {"batch_size": run.settings.batch_size * game.discriminator_steps, "labels": "labels" in game.batch_keys}
    batches = batches_of_parts(run.parts, run.scaling, seed=0, **order)
    game.train_chunk(iter(batches), _STEPS)
    parameters = sum(int(np.prod(weight.shape)) for net in game.networks.values() for weight in net.weights)
    found = {"batch_size": run.settings.batch_size, "parameters": parameters, "imported_mib": imported}
    return found | {"peak_mib": _mib()}


def _mib():
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit // 2**20


if __name__ == "__main__":
    print(json.dumps(peak(sys.argv[1])))
