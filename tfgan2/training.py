"""The training of a run, with everything that it leaves in its folder."""

import contextlib
import os
import shlex
import sys
from pathlib import Path

from tfgan2 import workdirs
from tfgan2.callbacks import checkpoints
from tfgan2.callbacks.coverage import Coverage
from tfgan2.callbacks.image_samples import ImageSamples
from tfgan2.callbacks.profile import Profile
from tfgan2.callbacks.progress import Progress
from tfgan2.callbacks.samples import Samples
from tfgan2.callbacks.stop import StopOnSignal
from tfgan2.data.images import ImageSet
from tfgan2.devices import make_strategy
from tfgan2.errors import InputError
from tfgan2.evaluation.coverage import panel_for
from tfgan2.evaluation.extractors import Resources
from tfgan2.experiment import build
from tfgan2.files import write_whole
from tfgan2.loop import restore, train
from tfgan2.records import board_of, log_of, saving_of
from tfgan2.restored import exported
from tfgan2.run_data import repeated_parts
from tfgan2.run_facts import check_same_data, remove_facts, write_facts
from tfgan2.staging import partitioned
from tfgan2.workers.team import Team, naming_lost_workers

_PICTURED = 2048  # samples of a selection that pictures are made of


def run(settings):
    """Trains what the flags ask for in its workdir, with everything that a run leaves, and says where it is.

    Of several workers one, the chief, writes and says all that; they enter and leave together.

    Raises:
      InputError: the flags do not fit together, the workdir cannot be used, or the workers do not fit together.
      NonFiniteError: a loss is not finite; the last checkpoint stays.
      WorkerLostError: another worker ended or cannot be reached; the last checkpoint stays.
      Interrupted: a signal came; the state is saved.
    """
    settings = workdirs.resumed(settings)
    with naming_lost_workers():
        strategy = make_strategy(settings)
        team = Team(strategy)
        with team.leaving_together():
            experiment = build(settings, strategy)
            check_same_data(settings.workdir, experiment.facts)
            panel = _panel(experiment)
            restore(experiment, team)
            stop = StopOnSignal()
            try:
                with _claimed(experiment, team):
                    experiment = partitioned(experiment, stop, team)
                    if experiment is None:
                        return
                    if team.leads:
                        _lead(experiment, panel, stop, team)
                    else:
                        train(experiment, [stop], team)
            finally:
                stop.restore_handlers()
            team.wait()


@contextlib.contextmanager
def _claimed(experiment, team):
    """Holds the run's folder and writes its flags and facts (chief only); a new run with bad input leaves none."""
    if not team.leads:
        yield
        return
    settings = experiment.settings
    workdir = Path(settings.workdir)
    flagfile = workdir / workdirs.FLAGFILE
    with workdirs.claimed(workdir):
        is_new = not flagfile.exists()
        write_whole(flagfile, settings.placed().text().encode())
        write_facts(workdir, experiment.facts)
        try:
            yield
        except InputError:
            if is_new:
                flagfile.unlink()
                remove_facts(workdir)
                with contextlib.suppress(OSError):
                    workdir.rmdir()
            raise


def _lead(experiment, panel, stop, team):
    """Trains, with all that is written and reported."""
    settings = experiment.settings
    for line in repeated_parts(experiment.parts, settings.batch_size * experiment.model.discriminator_steps):
        print(f"tfgan2: {line}", file=sys.stderr)
    progress = Progress(train_steps=settings.train_steps)
    with contextlib.closing(progress):
        log, board = log_of(experiment), board_of(experiment)
        coverage = Coverage(
            panel,
            experiment.scaling,
            every=settings.evaluate_every,
            seed=settings.seed,
            log=log,
            board=board,
            progress=progress,
            best_metric=settings.best_metric,
        )
        saving = saving_of(experiment, coverage.best_of if settings.best_metric else None)
        # Saving comes late: what is logged and drawn at a checkpoint's step is there before a run can resume from it.
        # Signals are handed back last: until all is saved, one must not kill.
        train(experiment, [log, board, coverage, *_watchers(experiment, board), progress, saving, stop], team)
    print(_summary(experiment, coverage))


def _panel(experiment):
    settings, data = experiment.settings, experiment.data
    return panel_for(
        # A classifier knows all classes; of points the modes that are wanted tell all.
        data if isinstance(data, ImageSet) else experiment.wanted.taken(at_most=_PICTURED),
        scores=settings.evaluate_metrics or (),
        best_metric=settings.best_metric,
        negative_classes=experiment.unwanted_classes,
        encodes="encoder" in experiment.model.networks,
        resources=Resources(settings.values.get("data.cache_dir"), settings.inception_path),
    )


def _watchers(experiment, board):
    """The callbacks that show what is being learned: pictures, and the profiler if asked for."""
    settings, scaling = experiment.settings, experiment.scaling
    data, workdir = experiment.wanted.taken(at_most=_PICTURED), Path(settings.workdir)
    pictures = {"board": board, "seed": settings.seed, "every": settings.sample_every}
    if isinstance(data, ImageSet):
        watchers = [ImageSamples(workdir / "samples", data.images, scaling, name=data.name, **pictures)]
    else:
        watchers = [Samples(workdir / "samples", data, scaling, **pictures)]
    if settings.profile_steps is not None:
        first, last = settings.profile_steps
        watchers.append(Profile(workdir / "tensorboard", first=first, last=last))
    return watchers


def _summary(experiment, coverage):
    """Where the run's results are, with the command that opens each."""
    workdir = Path(experiment.settings.workdir)
    lines = [f"done: step {experiment.model.global_step}"]
    if coverage.history:
        lines[0] += f", {coverage.shown().replace('/', ' of ')} covered"
    best = workdir / "checkpoints" / checkpoints.BEST
    if best.exists():
        lines.append(f"  best         {best}, which is {best.resolve().name}")
    if experiment.settings.sample_every:
        lines.append(f"  picture      {workdir / 'samples' / 'evolution.png'}")
    lines.append(f"  TensorBoard  {workdir / 'tensorboard'}")
    lines.append(f"    {_beside_python('tensorboard')} --logdir={shlex.quote(str(workdir / 'tensorboard'))}")
    if experiment.settings.export_at_end:
        folder = exported(experiment)
        lines.append(f"  SavedModel   {folder}")
        lines.append(
            f"    {_beside_python('saved_model_cli')} run --dir {shlex.quote(str(folder))} --tag_set serve "
            "--signature_def generate --input_exprs 'count=4;seed=0'"
        )
    return "\n".join(lines)


def _beside_python(program):
    """The path of a program that was installed with the running Python."""
    path = Path(sys.executable).with_name(program)
    return shlex.quote(os.path.relpath(path)) if path.exists() else program
