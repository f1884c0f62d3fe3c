"""The training of a run, with everything that it leaves in its folder."""

import contextlib
import os
import shlex
import sys
import time
from pathlib import Path

import keras

from tfgan2 import workdirs
from tfgan2.callbacks import checkpoints
from tfgan2.callbacks.checkpoints import Checkpoints
from tfgan2.callbacks.coverage import Coverage
from tfgan2.callbacks.image_samples import ImageSamples
from tfgan2.callbacks.metrics_log import MetricsLog
from tfgan2.callbacks.profile import Profile
from tfgan2.callbacks.progress import Progress
from tfgan2.callbacks.samples import Samples
from tfgan2.callbacks.stop import StopOnSignal
from tfgan2.callbacks.tensorboard import TensorBoard
from tfgan2.data.images import ImageSet
from tfgan2.data.training import batches_of_parts
from tfgan2.devices import make_strategy, uses_xla
from tfgan2.errors import InputError, Interrupted
from tfgan2.evaluation.coverage import panel_for
from tfgan2.evaluation.extractors import Resources
from tfgan2.experiment import build, export
from tfgan2.files import write_whole
from tfgan2.run_data import repeated_parts
from tfgan2.workers.team import Team, naming_lost_workers

_PICTURED = 2048  # samples of a selection that pictures are made of
_LONGEST_CHUNK = 5.0  # seconds; a signal is answered at the end of a chunk


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
            panel = _panel(experiment)
            restore(experiment, team)
            stop = StopOnSignal()
            try:
                if team.leads:
                    _lead(experiment, panel, stop, team)
                else:
                    train(experiment, [stop], team)
            finally:
                stop.restore_handlers()
            team.wait()


def _lead(experiment, panel, stop, team):
    """Trains, with all that is written and reported."""
    settings = experiment.settings
    workdir = Path(settings.workdir)
    for line in repeated_parts(experiment.parts, settings.batch_size * experiment.model.discriminator_steps):
        print(f"tfgan2: {line}", file=sys.stderr)
    progress = Progress(train_steps=settings.train_steps)
    with workdirs.claimed(workdir), contextlib.closing(progress):
        write_whole(workdir / workdirs.FLAGFILE, settings.text().encode())
        log = MetricsLog(workdir / "metrics.jsonl", every=settings.log_every)
        board = _board(experiment)
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
        saving = Checkpoints(
            workdir / "checkpoints",
            every=settings.checkpoint_every,
            keep=settings.keep_checkpoints,
            best=coverage.best_of if settings.best_metric else None,
        )
        # Saving comes last: what is logged and drawn at a checkpoint's step is there before a run can resume from it.
        train(experiment, [stop, log, board, coverage, *_watchers(experiment, board), progress, saving], team)
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


def restore(experiment, team):
    """Puts the newest checkpoint of the workdir into the model, or else the weights of `--init_from`.

    Raises:
      InputError: no checkpoint can be read, or they are of another model, or beyond `train_steps`, or the workers found
        different ones.
    """
    settings, model = experiment.settings, experiment.model
    report = print if team.leads else lambda _: None
    step = checkpoints.restore(model, Path(settings.workdir) / "checkpoints", report=report)
    if step is None and settings.init_from:
        checkpoints.restore_networks(model, Path(settings.init_from) / "checkpoints")
    if step is not None and step > settings.train_steps:
        raise InputError(
            f"--workdir={settings.workdir} has been trained to step {step} already, and --train_steps="
            f"{settings.train_steps} is less; give at least {step}, or a new workdir."
        )
    # From here on the chief may remove checkpoints.
    steps = [int(there) for (there,) in team.gather(model.global_step)]
    if len(set(steps)) > 1:
        raise InputError(
            f"the workers found checkpoints of different steps ({', '.join(map(str, steps))}) in --workdir="
            f"{settings.workdir}; it must be one folder that all their machines share."
        )


def train(experiment, callbacks, team=None):
    """Trains from the model's step to `train_steps`, phase by phase.

    Args:
      experiment: from `build`, with a checkpoint restored or not.
      callbacks: Keras callbacks; they are called with the global step at the end of each chunk of steps. If one stops
        training, it ends at that step on all workers.
      team: the `Team` of the model's strategy, made anew by default.

    Raises:
      NonFiniteError: a loss is not finite.
      Interrupted: a callback stopped training early; what they save at the end of training is saved.
    """
    settings, model = experiment.settings, experiment.model
    team = team or Team(model.distribute_strategy)
    callbacks = keras.callbacks.CallbackList(callbacks, model=model)
    model.stop_training = False
    callbacks.on_train_begin()
    for phase, last_step in model.schedule(settings.train_steps):
        if model.global_step < last_step and not model.stop_training:
            model.begin_phase(phase)
            _train_phase(experiment, last_step, callbacks, team)
    callbacks.on_train_end()
    team.wait()
    if model.stop_training:
        raise Interrupted(
            f"stopped at step {model.global_step} of {settings.train_steps}; the same command continues from there."
        )


def _board(experiment):
    """The callback that writes what TensorBoard shows."""
    settings, model = experiment.settings, experiment.model
    replicas = model.distribute_strategy.num_replicas_in_sync
    return TensorBoard(
        Path(settings.workdir) / "tensorboard",
        every=settings.log_every,
        settings_text=settings.text(),
        hyperparameters=settings.trajectory(),
        name=settings.workdir,
        device_batch=settings.batch_size * model.discriminator_steps // replicas,
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


def _train_phase(experiment, last_step, callbacks, team):
    settings, model = experiment.settings, experiment.model
    iterator = batches(experiment, last_step, team)
    chunk = settings.steps_per_execution
    step = model.global_step
    # A graph runs chunks of any size, so the first of its steps are taken alone, to see how long one takes; XLA would
    # compile them anew.
    alone = step if uses_xla(settings) else step + 2
    traced = set()
    while step < last_step and not model.stop_training:
        # Never across a multiple of steps_per_execution, where the callbacks' cadences lie.
        steps = 1 if step < alone else min(chunk - step % chunk, last_step - step)
        started = time.monotonic()
        logs = model.train_chunk(iterator, steps)
        seconds = (time.monotonic() - started) / steps
        step += steps
        callbacks.on_train_batch_end(step, logs)
        stops, times = zip(*team.gather(model.stop_training, seconds), strict=True)
        model.stop_training, seconds = any(stops), max(times)
        # The first chunk of each size is traced and compiled, which tells nothing about its steps.
        while steps in traced and chunk > 1 and seconds * chunk > _LONGEST_CHUNK:
            chunk = next(size for size in range(chunk // 2, 0, -1) if chunk % size == 0)
        traced.add(steps)


def batches(experiment, last_step, team):
    """The iterator over the batches of a phase."""
    settings, model = experiment.settings, experiment.model
    dataset = batches_of_parts(
        experiment.parts,
        experiment.scaling,
        labels="labels" in model.batch_keys,
        batch_size=settings.batch_size * model.discriminator_steps,
        seed=settings.seed,
        first_step=model.global_step,
        last_step=last_step,
        prefetch=settings.steps_per_execution,
        shard=(team.index, team.count),
    )
    return team.deal(dataset)


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
        folder = export(experiment)
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
