"""Trains and measures the runs of an experiment. A finished run is recorded at once, and is not run again."""

import collections
import concurrent.futures
import datetime
import json
import os
import signal
import subprocess
import sys
import threading
import time

from machine import machine
from tqdm import tqdm

from experiments import records
from experiments.definition import ROOT
from experiments.flags_of_runs import difference
from experiments.measuring import measured
from experiments.trained import workdir_of
from tfgan2.callbacks.metrics_log import MetricsLog


class Runner:
    """Trains the runs of one experiment, each in a process of its own.

    Args:
      name: of the experiment.
      experiment: what it is.
      jobs: runs at the same time.
      threads: CPU threads of each run.
    """

    def __init__(self, name, experiment, *, jobs, threads):
        self._name, self._experiment = name, experiment
        self._jobs, self._threads = jobs, threads
        self._record = records.path_of(name)
        self._measuring = threading.Lock()  # one run at a time; training goes on in other processes
        self._training = set()  # these processes
        self._starting = collections.defaultdict(threading.Lock)  # workdir -> of a run that several rows start from

    def run(self, rows, seeds):
        """Makes the runs of some rows and of seeds 0 to `seeds` - 1 that are not recorded."""
        signal.signal(signal.SIGTERM, self._stop)
        found = records.read(self._record)
        tasks = [(row, seed) for seed in range(seeds) for row in rows if seed not in found.get(row.key, {})]
        print(f"{len(tasks)} runs to do, {self._jobs} at a time.")
        with self._progress(tasks), concurrent.futures.ThreadPoolExecutor(self._jobs) as pool:
            outcomes = [pool.submit(self._run, *task) for task in tasks]
            try:
                for outcome in outcomes:
                    outcome.result()
            finally:
                pool.shutdown(wait=False, cancel_futures=True)

    def _progress(self, tasks):
        workdirs = [workdir_of(self._name, row, seed) for row, seed in tasks]
        return _Progress(workdirs, sum(_train_steps(row) for row, _ in tasks))

    def _stop(self, signal_number, frame):
        """Stops the trainings, which save first, as Ctrl-C does. The same command continues them."""
        for process in tuple(self._training):
            process.terminate()
        raise SystemExit(128 + signal_number)

    def _run(self, row, seed):
        workdir = workdir_of(self._name, row, seed)
        started, begun = time.monotonic(), ()
        for start in row.starts:
            begun_in = workdir.parent.with_name(start.folder) / workdir.name
            with self._starting[begun_in]:
                self._train(start.config, seed, begun_in, *start.flags, *begun)
            begun = (f"--init_from={begun_in.relative_to(ROOT)}",)
        self._train(row.config, seed, workdir, *row.flags, *begun)
        seconds = round(time.monotonic() - started, 1)
        with self._measuring:
            found = measured(self._experiment, self._name, row, seed)
        run = {
            "config": row.config,
            "flags": difference(row.config, found.pop("flags"), found["step"]),
            **found,
            **_circumstances(),
            "seconds_of_last_start": seconds,
        }
        if self._experiment.curves:
            run["curves"] = _curves(self._experiment.curves, workdir)
        records.add(self._record, row.key, seed, run)

    def _train(self, config, seed, workdir, *flags):
        command = [
            *(sys.executable, "-m", "tfgan2.train", f"--flagfile=configs/{config}.cfg", *flags),
            *(f"--seed={seed}", f"--workdir={workdir.relative_to(ROOT)}", f"--threads={self._threads}"),
        ]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
        with subprocess.Popen(command, cwd=ROOT, env=environment, text=True, **pipes) as process:
            self._training.add(process)
            errors = process.communicate()[1]
            self._training.remove(process)
        if process.returncode:
            raise SystemExit(f"{' '.join(command)}\nended with {process.returncode}:\n{errors}")


class _Progress:
    """A bar over the steps of all runs, from what they have logged."""

    def __init__(self, workdirs, total):
        self._workdirs, self._stopped = workdirs, threading.Event()
        self._bar = tqdm(total=total, unit="step", smoothing=0.05)

    def __enter__(self):
        threading.Thread(target=self._watch, daemon=True).start()

    def __exit__(self, *error):
        self._stopped.set()
        self._bar.close()

    def _watch(self):
        while not self._stopped.wait(5.0):
            self._bar.n = sum(map(_steps_done, self._workdirs))
            self._bar.refresh()


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


def _train_steps(row):
    from tfgan2 import flags

    argv = [f"--flagfile={ROOT / 'configs' / row.config}.cfg", *row.flags, "--workdir=unused"]
    return flags.parse("train", argv).train_steps


def _steps_done(workdir):
    try:
        last = (workdir / "metrics.jsonl").read_text().splitlines()[-1]
        return json.loads(last)["step"]
    except (OSError, IndexError, ValueError, KeyError):
        return 0
