"""Where tools/reproduce.py leaves the runs that it trains, and what is there."""

from pathlib import Path

from comparisons import COMPARISONS

import tfgan2
from tfgan2.errors import InputError

ROOT = Path(__file__).resolve().parent.parent


def workdir_of(experiment, row, seed):
    """The folder of a run, for the name of an experiment and its `Row`."""
    return ROOT / "runs" / "reproduce" / experiment / row.key / f"seed_{seed}"


def runs_of(experiment):
    """Name of the row -> the trained run of seed 0, of those that have a checkpoint.

    Raises:
      SystemExit: there is none.
    """
    runs = {}
    for row in COMPARISONS[experiment].rows:
        try:
            runs[row.name] = tfgan2.load(workdir_of(experiment, row, 0))
        except InputError:
            continue
    if not runs:
        raise SystemExit(
            f"There is no run of {experiment} with seed 0; first: tools/reproduce.py {experiment} --seeds=1"
        )
    return runs
