"""Trains and measures the runs of an experiment. A finished run is recorded at once, and is not run again."""

import collections
import datetime
import functools
import subprocess
import threading
import time
from typing import NamedTuple

from machine import machine

from experiments import records
from experiments.definition import ROOT, Experiment, Row
from experiments.flags_of_runs import difference
from experiments.measuring import measured
from experiments.trained import workdir_of
from tfgan2.callbacks.metrics_log import MetricsLog
from tfgan2.errors import InputError
from tfgan2.experiment.processes import Processes
from tfgan2.experiment.progress import Progress


class Task(NamedTuple):
    """A run to make.

    Attributes:
      name: of the experiment.
      experiment: what it is.
      row: its method.
      seed: of the run.
    """

    name: str
    experiment: Experiment
    row: Row
    seed: int

    @property
    def workdir(self):
        """The folder of the run."""
        return workdir_of(self.name, self.row, self.seed)


def missing(name, experiment, rows, seeds):
    """The `Task`s of some rows of an experiment, for each of some seeds, that are not recorded."""
    found = records.read(records.path_of(name))
    return [Task(name, experiment, row, seed) for seed in seeds for row in rows if seed not in found.get(row.key, {})]


class Runner:
    """Trains runs, each in a process of its own.

    Args:
      jobs: runs at the same time.
      threads: CPU threads of each run.
    """

    def __init__(self, *, jobs, threads):
        self._jobs, self._threads = jobs, threads
        self._measuring = threading.Lock()  # one run at a time; training goes on in other processes
        self._processes = Processes(ROOT)
        self._starting = collections.defaultdict(threading.Lock)  # workdir -> of a run that several rows start from

    def run(self, tasks):
        """Makes the runs of some `Task`s in their order.

        Raises:
          SystemExit: some runs failed. The others are made before.
          Interrupted: a signal stopped the trainings, which saved first. The same command continues them.
        """
        print(f"{len(tasks)} runs to do, {self._jobs} at a time.")
        failures = []
        with Progress([(task.workdir, _train_steps(task.row)) for task in tasks]):
            self._processes.in_parallel([functools.partial(self._try, task, failures) for task in tasks], self._jobs)
        if failures:
            raise SystemExit("\n".join(failures))

    def _try(self, task, failures):
        """Makes a run, or adds the message of its failure to a list."""
        try:
            self._run(task)
        except (SystemExit, InputError) as failure:
            failures.append(str(failure))

    def _run(self, task):
        name, experiment, row, seed = task
        workdir = task.workdir
        started, begun = time.monotonic(), ()
        for start in row.starts:
            begun_in = workdir.parent.with_name(start.folder) / workdir.name
            with self._starting[begun_in]:
                self._train(start.config, seed, begun_in, *start.flags, *begun)
            begun = (f"--init_from={begun_in.relative_to(ROOT)}",)
        self._train(row.config, seed, workdir, *row.flags, *begun)
        seconds = round(time.monotonic() - started, 1)
        with self._measuring:
            found = measured(experiment, name, row, seed)
        run = {
            "config": row.config,
            "flags": difference(row.config, found.pop("flags"), found["step"]),
            **found,
            **_circumstances(),
            "seconds_of_last_start": seconds,
            "milliseconds_per_step": _milliseconds_per_step(workdir),
        }
        if experiment.curves:
            run["curves"] = _curves(experiment.curves, workdir)
        records.add(records.path_of(name), row.key, seed, run)

    def _train(self, config, seed, workdir, *flags):
        argv = [
            *(f"--flagfile=configs/{config}.cfg", *flags),
            *(f"--seed={seed}", f"--workdir={workdir.relative_to(ROOT)}", f"--threads={self._threads}"),
        ]
        code, errors = self._processes.run("train", argv)
        if code:
            raise SystemExit(f"tfgan2 train {' '.join(argv)}\nended with {code}:\n{errors}")


def _circumstances():
    """When, where and at which commit a run is measured."""
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty=+"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return {
        "date": datetime.date.today().isoformat(),
        "commit": described.stdout.strip() or None,
        "machine": machine(),
    }


def _curves(names, workdir):
    """Name -> [[step, mean since the last point], ...], from the run's log."""
    lines = MetricsLog(workdir / "metrics.jsonl", every=0).lines()
    return {
        name: [[line["step"], round(line["values"][name], 5)] for line in lines if name in line["values"]]
        for name in names
    }


def _milliseconds_per_step(workdir):
    """The time of a step in the fastest interval of the run's log; None without a full interval.

    Other programs on the machine slow other intervals down more.
    """
    lines = MetricsLog(workdir / "metrics.jsonl", every=0).lines()
    speeds = [line["values"].get("steps_per_second", 0.0) for line in lines if line["kind"] == "train"]
    return round(1000.0 / max(speeds), 4) if any(speeds) else None


def _train_steps(row):
    from tfgan2 import flags

    argv = [f"--flagfile={ROOT / 'configs' / row.config}.cfg", *row.flags, "--workdir=unused"]
    return flags.parse("train", argv).train_steps
