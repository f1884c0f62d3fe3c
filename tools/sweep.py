"""Searches flags of a training with Optuna: each trial is a training of its own.

    .venv/bin/python tools/sweep.py --workdir=runs/sweep --trials=20 --maximize=coverage/registered_modes \\
        --try=optimizer.learning_rate=1e-4..1e-2,log --try=network.hidden_units=32,64,128 \\
        -- --flagfile=configs/demo.cfg --train_steps=5000

What comes after -- are flags of `tfgan2 train` that all trials share. A score is a name of the evaluations in
metrics.jsonl. At each evaluation a trial that is worse than the median of the others at that step is stopped
(--prune=false: none is). The value of a trial is its last score.

The sweep can be stopped and given again: it goes on where it was, within a training, too. WORKDIR/trials.md and
WORKDIR/trials.csv list the trials, and `tensorboard --logdir=WORKDIR` compares them in its tab HParams.
"""

import argparse
import csv
import math
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import TrialState

from tfgan2 import cli
from tfgan2.callbacks.metrics_log import read_lines
from tfgan2.errors import InputError, Interrupted, NonFiniteError, StorageError
from tfgan2.evaluation.markdown import markdown_table

_FORM = "it must be FLAG=LOW..HIGH, FLAG=LOW..HIGH,log or FLAG=A,B,C"
_FATAL = {error.exit_code: error for error in (InputError, StorageError, Interrupted)}
_POLL_S = 0.5


def main(argv):
    settings = _settings(argv)
    folder = Path(settings.workdir)
    study = _study(settings, folder)
    _take_up(study)
    previous = signal.signal(signal.SIGTERM, _interrupt)
    try:
        while (left := settings.trials - len(_ended(study))) > 0:
            trial = study.ask(settings.ranges)
            print(f"trial {trial.number}, {left} to do: {' '.join(_flags(trial.params)) or 'no flags'}", flush=True)
            state, value = _train(trial, settings, folder)
            study.tell(trial, value, state)
            print(f"trial {trial.number}: {_outcome(study.trials[trial.number])}", flush=True)
            _write(study, settings, folder)
    finally:
        signal.signal(signal.SIGTERM, previous)
    _write(study, settings, folder)
    whole = [trial for trial in study.trials if trial.state == TrialState.COMPLETE]
    if not whole:
        raise NonFiniteError(f"no trial of {settings.trials} has a {settings.score}; see {folder / 'trials.md'}.")
    print(f"best: {' '.join(_flags(study.best_params))}: {study.best_value:.6g}\n{folder / 'trials.md'}")


def _settings(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workdir", required=True, help="folder of the sweep")
    parser.add_argument("--trials", type=int, default=20, help="trials in all (default 20)")
    score = parser.add_mutually_exclusive_group(required=True)
    score.add_argument("--maximize", metavar="SCORE", help="score that shall be large")
    score.add_argument("--minimize", metavar="SCORE", help="score that shall be small")
    parser.add_argument("--try", dest="ranges", action="append", default=[], metavar="RANGE", help=f"a flag: {_FORM}")
    parser.add_argument("--prune", choices=("true", "false"), default="true", help="stop bad trials (default true)")
    parser.add_argument("--seed", type=int, default=0, help="seed of the search (default 0)")
    parser.add_argument("flags", nargs=argparse.REMAINDER, help="-- and flags of tfgan2 train")
    settings = parser.parse_args(argv)
    settings.flags = settings.flags[1:] if settings.flags[:1] == ["--"] else settings.flags
    settings.score = settings.maximize or settings.minimize
    settings.ranges = dict(map(range_of, settings.ranges))
    if settings.trials < 1:
        raise InputError(f"--trials is {settings.trials}; it must be at least 1.")
    if not settings.ranges:
        raise InputError("no flag is searched; give at least one --try=FLAG=LOW..HIGH.")
    return settings


def range_of(text):
    """Flag and distribution from FLAG=LOW..HIGH, FLAG=LOW..HIGH,log or FLAG=A,B,C. Two integers give integers.

    Raises:
      InputError: the text has another form.
    """
    flag, _, values = text.removeprefix("--").partition("=")
    bounds = re.fullmatch(r"(\S+)\.\.([^\s,]+)(,log)?", values)
    if not flag or not values:
        raise InputError(f"--try={text}; {_FORM}.")
    if not bounds:
        return flag, optuna.distributions.CategoricalDistribution(values.split(","))
    whole = all(re.fullmatch(r"-?\d+", bound) for bound in bounds.group(1, 2))
    kind = optuna.distributions.IntDistribution if whole else optuna.distributions.FloatDistribution
    try:
        low, high = map(int if whole else float, bounds.group(1, 2))
    except ValueError:
        raise InputError(f"--try={text} has a bound that is no number; {_FORM}.") from None
    if not (math.isfinite(low) and math.isfinite(high) and low < high and (low > 0 or not bounds[3])):
        raise InputError(f"--try={text}: LOW must be less than HIGH, and positive with log; {_FORM}.")
    return flag, kind(low, high, log=bool(bounds[3]))


def _study(settings, folder):
    """The study in the folder, which remembers its trials. Other flags than before are refused."""
    folder.mkdir(parents=True, exist_ok=True)
    study = optuna.create_study(
        storage=JournalStorage(JournalFileBackend(str(folder / "sweep.log"))),
        study_name="sweep",
        direction="maximize" if settings.maximize else "minimize",
        sampler=optuna.samplers.TPESampler(seed=settings.seed),
        pruner=optuna.pruners.MedianPruner() if settings.prune == "true" else optuna.pruners.NopPruner(),
        load_if_exists=True,
    )
    ranges = {flag: optuna.distributions.distribution_to_json(given) for flag, given in settings.ranges.items()}
    task = {"score": settings.score, "flags": settings.flags, "ranges": ranges}
    known = study.user_attrs.get("task", task)
    if known != task or study.direction.name.lower() != ("maximize" if settings.maximize else "minimize"):
        changed = [name for name in task if known[name] != task[name]] or ["direction"]
        raise InputError(f"{folder} has a sweep with other {' and '.join(changed)}; give it another --workdir.")
    study.set_user_attr("task", task)
    return study


def _take_up(study):
    """Asks again for the trials that a stop left unfinished. They go on in their folders."""
    for trial in study.get_trials(states=(TrialState.RUNNING,)):
        study.enqueue_trial(trial.params, user_attrs={"folder": _folder(trial)})
        study.tell(trial.number, state=TrialState.FAIL)


def _folder(trial):
    return trial.user_attrs.get("folder", f"trial_{trial.number}")


def _ended(study):
    """Folder -> its last trial, of the trials that have ended and are not taken up again."""
    last = {_folder(trial): trial for trial in study.trials}
    return {folder: trial for folder, trial in last.items() if trial.state.is_finished()}


def _flags(parameters):
    return [f"--{flag}={value}" for flag, value in parameters.items()]


def _train(trial, settings, folder):
    """Trains to the end, or until the trial is worse than the others. Returns (state, last score or None)."""
    workdir, log = folder / _folder(trial), folder / f"{_folder(trial)}.log"
    command = [sys.executable, "-m", "tfgan2.train", *settings.flags, *_flags(trial.params), f"--workdir={workdir}"]
    with log.open("w") as output, subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT) as process:
        try:
            reported = 0
            while process.poll() is None:
                time.sleep(_POLL_S)
                scores = _scores(workdir, settings.score)
                for step in sorted(step for step in scores if step > reported):
                    trial.report(scores[step], step)
                    reported = step
                if trial.should_prune():
                    return TrialState.PRUNED, None
        finally:
            process.terminate()  # It saves its state. After its end this does nothing.
            process.wait()
    code, scores = process.returncode, _scores(workdir, settings.score)
    if code in _FATAL:
        raise _FATAL[code](f"{_folder(trial)}: {_last_line(log)}")
    if code:
        return TrialState.FAIL, None
    if not scores:
        found = {name for line in _evaluations(workdir) for name in line["values"]}
        known = f"there are {', '.join(sorted(found))}" if found else "there are none; see --evaluate_every"
        raise InputError(f"no evaluation of {workdir} has the score {settings.score}: {known}.")
    return TrialState.COMPLETE, scores[max(scores)]


def _evaluations(workdir):
    return [line for line in read_lines(workdir / "metrics.jsonl") if line["kind"] == "evaluation"]


def _scores(workdir, name):
    """Step -> finite score of the evaluations so far."""
    found = {line["step"]: line["values"].get(name) for line in _evaluations(workdir)}
    return {step: score for step, score in found.items() if isinstance(score, float) and math.isfinite(score)}


def _last_line(log):
    lines = [line for line in log.read_text(errors="replace").replace("\r", "\n").splitlines() if line.strip()]
    return (lines or ["no message"])[-1].removeprefix("tfgan2: ")


def _outcome(trial):
    scores = trial.intermediate_values
    if trial.state == TrialState.COMPLETE:
        return f"{trial.value:.6g}"
    last = f" at step {max(scores)} with {scores[max(scores)]:.6g}" if scores else ""
    return f"stopped{last}" if trial.state == TrialState.PRUNED else f"failed{last}; see its log"


def _write(study, settings, folder):
    """Writes the tables of the ended trials, the best ones first."""
    order = {TrialState.COMPLETE: 0, TrialState.PRUNED: 1, TrialState.FAIL: 2}
    sign = -1 if settings.maximize else 1

    def rank(item):
        return order[item[1].state], sign * (item[1].value or 0.0)

    head = ["trial", settings.score, *settings.ranges]
    rows = [
        [name, _outcome(trial), *(trial.params.get(flag, "") for flag in settings.ranges)]
        for name, trial in sorted(_ended(study).items(), key=rank)
    ]
    (folder / "trials.md").write_text(markdown_table(head, rows) + "\n", encoding="utf-8")
    with (folder / "trials.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([head, *rows])


def _interrupt(number, frame):
    del frame
    raise Interrupted(f"stopped by {signal.Signals(number).name}; the same command continues.")


if __name__ == "__main__":
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sys.exit(cli.run(main, sys.argv[1:]))
