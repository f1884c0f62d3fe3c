"""The folders of the runs that an experiment trains, and the runs that are there."""

import tfgan2
from experiments.definition import ROOT
from tfgan2.errors import InputError


def workdir_of(name, row, seed):
    """The folder of a run, from the experiment's name and its `Row`."""
    return ROOT / "runs" / "reproduce" / name / row.key / f"seed_{seed}"


def kept_samples_of(name, row):
    """The file with the samples of seed 0 for the picture."""
    return workdir_of(name, row, 0) / "kept.npz"


def runs_of(name, experiment):
    """Name of the row -> the trained run of seed 0, of the rows that have a checkpoint.

    Raises:
      SystemExit: no row has one.
    """
    runs = {}
    for row in experiment.rows:
        try:
            runs[row.name] = tfgan2.load(workdir_of(name, row, 0))
        except InputError:
            continue
    if not runs:
        raise SystemExit(f"There is no run of {name} with seed 0. Train it first: tools/reproduce.py {name} --seeds=1")
    return runs
