"""Makes what an experiment lacks: it trains the runs that are not finished, and measures those without a record."""

import functools
import subprocess

from tfgan2.errors import InputError, Interrupted, NonFiniteError, StorageError, WorkerLostError
from tfgan2.experiment.progress import Progress
from tfgan2.flags.texts import to_text
from tfgan2.system import checkpoints
from tfgan2.system.files import read_json

_NETWORKS = ("protocol", "inception_path", "feature_network")  # Flags that go on to tfgan2.evaluate.
_ERRORS = {error.exit_code: error for error in (InputError, Interrupted, StorageError)}


def make(trials, settings, processes):
    """Trains and measures runs, each in processes of its own.

    Args:
      trials: List of `Trial`s.
      settings: The flags of tfgan2.compare.
      processes: The `Processes` that run the commands.

    Returns:
      (records, failed). `records` is trial -> record of tfgan2.evaluate. `failed` is a list of trials. Their loss was
      infinite or NaN.

    Raises:
      InputError, StorageError: A command ended with such an error. The message has its messages.
      WorkerLostError: A command ended otherwise, for example for lack of memory.
      Interrupted: A signal stopped the runs. Their states are saved.
    """
    trainings = [(trial.workdir, trial.settings.train_steps) for trial in trials if trial.argv is not None]
    failed = []
    with Progress(trainings) as progress:
        tasks = [functools.partial(_make, trial, settings, processes, progress, failed) for trial in trials]
        processes.in_parallel(tasks, settings.jobs)
    return {trial: record_of(trial, settings) for trial in trials if trial not in failed}, failed


def record_of(trial, settings):
    """Returns the record of a run's newest checkpoint that fits the flags of tfgan2.compare, or None.

    It has latents of the whole distribution, not truncated ones.
    """
    steps = checkpoints.saved_steps(trial.workdir / "checkpoints")
    keeps = bool(trial.settings.ema_decay or trial.settings.ema_half_life)
    wanted = {"averaged": settings.averaged and keeps, "seed": 0}
    for path in sorted(trial.workdir.glob(f"evaluations/*/{steps[-1]}.json")) if steps else ():
        record = read_json("evaluation", path)
        fits = settings.protocol in (None, path.parent.name) and isinstance(record, dict)
        if fits and wanted.items() <= record.items() and "latents" not in record.get("protocol", {}):
            return record
    return None


def _make(trial, settings, processes, progress, failed):
    if trial.argv is not None and not _is_trained(trial):
        code, errors = processes.run("train", trial.argv)
        if code == NonFiniteError.exit_code:
            failed.append(trial)
            progress.write(f"{trial.name}: {_last_line(errors)}")
            return
        _check(code, errors, "train", trial.argv, trial)
        progress.write(f"{trial.name}: trained")
    if record_of(trial, settings) is None:
        given = {name: settings.values[name] for name in _NETWORKS if settings.values[name] is not None}
        argv = [f"--workdir={trial.workdir}", f"--averaged={to_text(settings.averaged)}"]
        argv += [f"--{name}={to_text(value)}" for name, value in given.items()]
        _check(*processes.run("evaluate", argv), "evaluate", argv, trial)
        progress.write(f"{trial.name}: measured")


def _is_trained(trial):
    """Whether a run has the checkpoint of its last step. One that ended early is started again, and ends at once."""
    return checkpoints.saved_steps(trial.workdir / "checkpoints")[-1:] == [trial.settings.train_steps]


def _check(code, errors, command, argv, trial):
    if code:
        line = subprocess.list2cmdline(["python", "-m", f"tfgan2.{command}", *argv])
        raise _ERRORS.get(code, WorkerLostError)(
            f"{trial.name}: tfgan2 {command} ended with exit code {code}. Correct what it says, then run the same "
            f"command again; finished runs are kept.\n  {line}\n{errors.strip()}"
        )


def _last_line(errors):
    return (errors.strip().splitlines() or [""])[-1].removeprefix("tfgan2: ")
