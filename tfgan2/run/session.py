"""A training session: it trains a run and writes all files of its folder."""

import contextlib
import os
import shlex
import sys
from pathlib import Path

from tfgan2.callbacks.measurements import Measurements
from tfgan2.callbacks.progress import Progress
from tfgan2.callbacks.recoveries import Recoveries
from tfgan2.callbacks.stop import StopOnSignal
from tfgan2.distribution.team import Team, naming_lost_workers
from tfgan2.errors import InputError
from tfgan2.flags.stopping import NEVER
from tfgan2.methods.base.stage import ALL, MAIN
from tfgan2.run.build import build, strategy_of
from tfgan2.run.datasets import repeated_parts
from tfgan2.run.exporting import exported
from tfgan2.run.facts import check_same_data, write_facts
from tfgan2.run.loop import restore, train
from tfgan2.run.own_callbacks import own_callbacks, teller_of
from tfgan2.run.reporting import (
    board_of,
    cadence,
    diagnosis_of,
    log_of,
    panel_of,
    saving_of,
    score_stop_of,
    watchers_of,
)
from tfgan2.run.stages.training import learn_from_stages
from tfgan2.run.workdir import FLAGFILE, claimed, remove_untrained, resumed
from tfgan2.system import checkpoints
from tfgan2.system.files import write_whole


def run(settings, files=None):
    """Trains a run by its flags, writes the files of its workdir, and prints a summary.

    With several workers only the chief writes files and messages. All workers begin and end together.

    Args:
      settings: The flags.
      files: Name -> bytes of further files for the workdir of a new run, or None.

    Raises:
      InputError: Flags do not fit together, the workdir cannot be used, or the workers have different settings.
      NonFiniteError: A number of the training is not finite. The last checkpoint stays.
      WorkerLostError: Another worker ended or cannot be reached. The last checkpoint stays.
      Interrupted: A signal stopped the run. Its state is saved.
    """
    settings = resumed(settings)
    with naming_lost_workers():
        strategy = strategy_of(settings)
        team = Team(strategy)
        with team.leaving_together():
            run = build(settings, strategy)
            check_same_data(settings.workdir, run.facts)
            panel = panel_of(run)
            restore(run, team)
            own = own_callbacks(settings.callback) if team.is_chief else []
            stop = StopOnSignal()
            try:
                with _claimed(run, team, files or {}):
                    learn_from_stages(run, stop, team)
                    if settings.stage in (ALL, MAIN):
                        _train(run, panel, own, stop, team)
            finally:
                stop.restore_handlers()
            team.wait()


@contextlib.contextmanager
def _claimed(run, team, files):
    """Holds the run's folder and writes its flags, facts and further files (chief only).

    If bad input ends a new run before its first checkpoint, nothing is left.
    """
    if not team.is_chief:
        yield
        return
    settings = run.settings
    workdir = Path(settings.workdir)
    flagfile = workdir / FLAGFILE
    with claimed(workdir):
        is_new = not flagfile.exists()
        write_whole(flagfile, settings.placed().text().encode())
        write_facts(workdir, run.facts)
        for name, data in files.items() if is_new else ():
            write_whole(workdir / name, data)
        try:
            yield
        except InputError:
            if is_new:
                remove_untrained(workdir)
            raise


def _train(run, panel, own, stop, team):
    """The method's own training; the chief also writes and reports, and has the callbacks of the user."""
    if not team.is_chief:
        train(run, [stop], team)
        return
    training, reports = run.training, run.reports
    for line in repeated_parts(run.parts, training.batch_size * run.model.discriminator_steps):
        print(f"tfgan2: {line}", file=sys.stderr)
    progress = Progress(train_steps=training.train_steps)
    with contextlib.closing(progress):
        log, board = log_of(run), board_of(run)
        measurements = Measurements(
            panel,
            run.scaling,
            every=cadence(run, "evaluate_every"),
            seed=training.seed,
            log=log,
            board=board,
            progress=progress,
            best_metric=reports.best_metric,
        )
        diagnosis = diagnosis_of(run, panel, log=log, board=board, progress=progress)
        watchers, last_picture = watchers_of(run, board, log)
        saving = saving_of(run, measurements.best_of if reports.best_metric else None)
        # Checkpoints are saved after the log and the pictures of their step, so that a resumed run has both. The
        # handlers of signals are restored last, because a signal must not end the process before all is saved.
        recoveries = Recoveries(training.workdir, log, progress)
        log.listeners.append(teller_of(own))
        judging = [recoveries, *score_stop_of(run, log, progress), diagnosis]
        reporting = [log, board, *judging, measurements, *watchers, progress]
        train(run, [*reporting, *own, saving, last_picture, stop], team)
    print(_summary(run, measurements, diagnosis))


def _summary(run, measurements, diagnosis):
    """Text with the paths of the results and the commands that open them."""
    workdir = Path(run.training.workdir)
    lines = [f"done: step {run.model.global_step}"]
    if measurements.history:
        lines[0] += f", {measurements.shown().replace('/', ' of ')} covered"
    lines += [f"  {text}" for text in diagnosis.findings.values()]
    if run.model.global_step < run.training.train_steps:
        way = "the same command" if run.reports.stop_when == NEVER else f"--stop_when={NEVER}"
        lines.append(f"  ended before step {run.training.train_steps}; {way} trains on")
    best = workdir / "checkpoints" / checkpoints.BEST
    if best.exists():
        lines.append(f"  best         {best}, which is {best.resolve().name}")
    if run.reports.sample_every:
        lines.append(f"  picture      {workdir / 'samples' / 'evolution.png'}")
    lines.append(f"  TensorBoard  {workdir / 'tensorboard'}")
    lines.append(f"    {_beside_python('tensorboard')} --logdir={shlex.quote(str(workdir / 'tensorboard'))}")
    if run.reports.export_at_end:
        folder = exported(run)
        lines.append(f"  SavedModel   {folder}")
        lines.append(
            f"    {_beside_python('saved_model_cli')} run --dir {shlex.quote(str(folder))} --tag_set serve "
            "--signature_def generate --input_exprs 'count=4;seed=0'"
        )
    return "\n".join(lines)


def _beside_python(program):
    """Path of a program in the folder of the running Python."""
    path = Path(sys.executable).with_name(program)
    return shlex.quote(os.path.relpath(path)) if path.exists() else program
