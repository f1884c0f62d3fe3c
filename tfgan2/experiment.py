"""A run: what the flags ask for, built, trained and restored."""

import math
import os
import shlex
import sys
import time
from pathlib import Path
from typing import NamedTuple

import keras
import tensorflow as tf

from tfgan2 import __version__, workdirs
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
from tfgan2.data.synthetic import PointSet, Scaling
from tfgan2.data.training import samples_of, scaling_of, training_batches
from tfgan2.errors import InputError, Interrupted
from tfgan2.evaluation.sampling import draw_samples
from tfgan2.exporting import export_game
from tfgan2.files import write_whole
from tfgan2.flags.settings import Settings
from tfgan2.methods.game import Game
from tfgan2.optimizers import make_optimizer

_OUTPUT_RANGES = {"sigmoid": "unit", "tanh": "symmetric", "linear": "raw"}
_LONGEST_CHUNK = 5.0  # seconds; a signal is answered at the end of a chunk


class Experiment(NamedTuple):
    """Everything that the flags describe.

    Attributes:
      settings: the flags.
      data: the points, in data units, or the images, whose data units are [0, 1].
      scaling: between data units and the networks' range.
      model: the method with its networks, compiled.
    """

    settings: Settings
    data: PointSet | ImageSet
    scaling: Scaling
    model: Game

    def sample(self, count, *, seed=0, averaged=True):
        """[count, ...] samples in data units; row i depends on (seed, i) only. See `draw_samples`."""
        return draw_samples(self, count=count, seed=seed, averaged=averaged)


def build(settings):
    """Builds data, networks and method, inside the strategy's scope; nothing is trained or restored.

    Raises:
      InputError: the flags do not fit together or a value is out of range.
    """
    _prepare_runtime(settings)
    with settings.naming_flags("data"):
        data = settings.factories["data"](**settings.arguments("data"))
    with make_strategy(settings).scope():
        keras.utils.set_random_seed(settings.seed)
        with settings.naming_flags("network"):
            network = settings.network_family(**settings.arguments("network"))
        scaling = scaling_of(data, _OUTPUT_RANGES[network.output_activation])
        method, shape = settings.factories["method"], samples_of(data).shape[1:]
        _check_devices(settings, network)
        networks = _networks(settings, network, method.roles, shape)
        with settings.naming_flags("method"):
            model = method(*networks, **settings.arguments("method"), seed=settings.seed)
        model.compile(
            {role: _optimizer(settings, model, role) for role in model.trained_roles},
            jit_compile=_uses_xla(settings),
            steps_per_execution=settings.steps_per_execution,
            ema_decay=settings.ema_decay,
        )
    _check_batch(settings, model, data)
    return Experiment(settings, data, scaling, model)


def load(workdir, *, step=None):
    """A trained run: its experiment, with a checkpoint restored, the newest unless a step is given.

    Raises:
      InputError: the folder is no run of this program, or has no such checkpoint.
    """
    # One device serves, whatever the run was trained on; the number of threads can be set in a new process only.
    experiment = build(workdirs.read_settings(workdir).replace(strategy="one", threads=0))
    if checkpoints.restore(experiment.model, Path(workdir) / "checkpoints", step=step) is None:
        raise InputError(f"{workdir} has no checkpoint yet; train it first, or longer.")
    return experiment


def run(settings):
    """Trains what the flags ask for in its workdir, with everything that a run leaves, and says where it is.

    Raises:
      InputError: the flags do not fit together, or the workdir cannot be used.
      NonFiniteError: a loss is not finite; the last checkpoint stays.
      Interrupted: a signal came; the state is saved.
    """
    workdir = Path(settings.workdir)
    settings = workdirs.resumed(settings)
    experiment = build(settings)
    restore(experiment)
    data, scaling = experiment.data, experiment.scaling
    workdirs.create(workdir)
    write_whole(workdir / workdirs.FLAGFILE, settings.text().encode())
    log = MetricsLog(workdir / "metrics.jsonl", every=settings.log_every)
    board = TensorBoard(
        workdir / "tensorboard",
        every=settings.log_every,
        settings_text=settings.text(),
        hyperparameters=settings.trajectory(),
    )
    progress = Progress(train_steps=settings.train_steps)
    seen = {"board": board, "seed": settings.seed}
    pictures = {"every": settings.sample_every, **seen}
    if isinstance(data, ImageSet):
        coverage = None
        watching = [ImageSamples(workdir / "samples", data.images, scaling, name=data.name, **pictures)]
    else:
        coverage = Coverage(data, scaling, every=settings.evaluate_every, log=log, progress=progress, **seen)
        watching = [coverage, Samples(workdir / "samples", data, scaling, **pictures)]
    saving = Checkpoints(workdir / "checkpoints", every=settings.checkpoint_every, keep=settings.keep_checkpoints)
    stop = StopOnSignal()
    profile = []
    if settings.profile_steps is not None:
        first, last = settings.profile_steps
        profile.append(Profile(workdir / "tensorboard", first=first, last=last))
    try:
        # Saving comes last: what is logged and drawn at a checkpoint's step is there before a run can resume from it.
        train(experiment, [stop, log, board, progress, *watching, *profile, saving])
    finally:
        progress.close()
        stop.restore_handlers()
    print(_summary(experiment, coverage))


def restore(experiment):
    """Puts the newest checkpoint of the workdir into the model, or else the weights of `--init_from`.

    Raises:
      InputError: no checkpoint can be read, or they are of another model, or beyond `train_steps`.
    """
    settings, model = experiment.settings, experiment.model
    step = checkpoints.restore(model, Path(settings.workdir) / "checkpoints")
    if step is None and settings.init_from:
        checkpoints.restore_networks(model, Path(settings.init_from) / "checkpoints")
    if step is not None and step > settings.train_steps:
        raise InputError(
            f"--workdir={settings.workdir} has been trained to step {step} already, and --train_steps="
            f"{settings.train_steps} is less; give at least {step}, or a new workdir."
        )


def train(experiment, callbacks):
    """Trains from the model's step to `train_steps`, phase by phase.

    Args:
      experiment: from `build`, with a checkpoint restored or not.
      callbacks: Keras callbacks; they are called with the global step at the end of each chunk of steps.

    Raises:
      NonFiniteError: a loss is not finite.
      Interrupted: a callback stopped training early; what they save at the end of training is saved.
    """
    settings, model = experiment.settings, experiment.model
    callbacks = keras.callbacks.CallbackList(callbacks, model=model)
    model.stop_training = False
    callbacks.on_train_begin()
    for phase, last_step in model.schedule(settings.train_steps):
        if model.global_step < last_step and not model.stop_training:
            model.begin_phase(phase)
            _train_phase(experiment, last_step, callbacks)
    callbacks.on_train_end()
    if model.stop_training:
        raise Interrupted(
            f"stopped at step {model.global_step} of {settings.train_steps}; the same command continues from there."
        )


def export(experiment, directory=None, *, averaged=True):
    """Writes a SavedModel to `directory/<next number>`, or to the workdir's `export/`, and returns its folder."""
    settings = experiment.settings
    directory = Path(settings.workdir) / "export" if directory is None else directory
    provenance = {"version": __version__, "flags": settings.trajectory()}
    return export_game(
        experiment.model,
        experiment.scaling,
        directory,
        averaged=averaged,
        as_images=isinstance(experiment.data, ImageSet),
        provenance=provenance,
    )


def description(experiment):
    """What --dry_run prints: flags, data, networks with their parameters, players."""
    settings, data, scaling, model = experiment
    lines = [settings.text(), f"data: {data.name}, {_size_text(data)}"]
    lines.append(f"  x -> (x - {scaling.offset:g}) / {scaling.scale:g} for the networks")
    for role, network in model.networks.items():
        lines.append(
            f"{role}: {network.input_shape[1:]} -> {network.output_shape[1:]}, {network.count_params():,} parameters"
        )
        rows = [(layer.name, type(layer).__name__, f"{layer.output.shape[1:]}") for layer in network.layers]
        widths = [max(map(len, column)) + 2 for column in zip(*rows, strict=True)]
        lines += [
            "  " + "".join(map(str.ljust, row, widths)) + f"{layer.count_params():>12,}"
            for row, layer in zip(rows, network.layers, strict=True)
        ]
    lines.append(
        "players: " + "; ".join(f"{player} moves {', '.join(roles)}" for player, roles in model.players.items())
    )
    lines.append(
        f"devices: {model.distribute_strategy.num_replicas_in_sync}, {'XLA' if _uses_xla(settings) else 'no XLA'}"
    )
    return "\n".join(lines)


def _size_text(data):
    count, *shape = samples_of(data).shape
    if isinstance(data, ImageSet):
        height, width, channels = shape
        return f"{count:,} images of {height} x {width} pixels and {channels} channel{'s' * (channels > 1)}"
    return f"{count:,} points of {shape[0]} dimension{'s' * (shape[0] > 1)}"


def make_strategy(settings):
    """One device or all devices of this machine, as `--strategy` says."""
    gpus = tf.config.list_logical_devices("GPU")
    if settings.strategy == "mirrored" or (settings.strategy == "auto" and len(gpus) > 1):
        devices = gpus or tf.config.list_logical_devices("CPU")
        return tf.distribute.MirroredStrategy([device.name for device in devices])
    return tf.distribute.get_strategy()


def _train_phase(experiment, last_step, callbacks):
    settings, data, scaling, model = experiment
    dataset = training_batches(
        data,
        scaling,
        batch_size=settings.batch_size * model.discriminator_steps,
        seed=settings.seed,
        first_step=model.global_step,
        last_step=last_step,
        prefetch=settings.steps_per_execution,
    )
    iterator = iter(model.distribute_strategy.experimental_distribute_dataset(dataset))
    chunk = settings.steps_per_execution
    step = model.global_step
    traced = set()
    while step < last_step and not model.stop_training:
        # Never across a multiple of steps_per_execution, where the callbacks' cadences lie.
        steps = min(chunk - step % chunk, last_step - step)
        started = time.monotonic()
        logs = model.train_chunk(iterator, steps)
        seconds = (time.monotonic() - started) / steps
        step += steps
        callbacks.on_train_batch_end(step, logs)
        # The first chunk of each size is traced and compiled, which tells nothing about its steps.
        while steps in traced and chunk > 1 and seconds * chunk > _LONGEST_CHUNK:
            chunk = next(size for size in range(chunk // 2, 0, -1) if chunk % size == 0)
        traced.add(steps)


def _summary(experiment, coverage):
    """Where the run's results are, with the command that opens each."""
    workdir = Path(experiment.settings.workdir)
    lines = [f"done: step {experiment.model.global_step}"]
    if coverage is not None and coverage.history:
        lines[0] += f", {coverage.history[-1][1]} of {len(experiment.data.centers)} modes covered"
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


def _prepare_runtime(settings):
    if settings.threads:
        tf.config.threading.set_intra_op_parallelism_threads(settings.threads)
        tf.config.threading.set_inter_op_parallelism_threads(settings.threads)
    if settings.deterministic:
        tf.config.experimental.enable_op_determinism()
    keras.config.set_dtype_policy(settings.precision)


def _networks(settings, family, roles, shape):
    try:
        return [getattr(family, role)(shape) for role in roles]
    except ValueError as error:
        raise InputError(
            f"--network={settings.network} does not fit --dataset={settings.dataset}, whose samples have the shape "
            f"{list(shape)}: {error}"
        ) from error


def _optimizer(settings, model, role):
    schedule_steps = (settings.schedule_steps or settings.train_steps) * model.updates_per_step(role)
    with settings.naming_flags("optimizer", role):
        return make_optimizer(**settings.optimizer(role), schedule_steps=schedule_steps)


def _uses_xla(settings):
    has_gpu = bool(tf.config.list_physical_devices("GPU"))
    return settings.jit == "on" or (settings.jit == "auto" and has_gpu)


def _check_devices(settings, network):
    replicas = tf.distribute.get_strategy().num_replicas_in_sync
    if replicas > 1 and _uses_xla(settings) and getattr(network, "synchronized", False):
        raise InputError(
            f"--network.synchronized=true exchanges statistics between the {replicas} devices, which XLA cannot "
            "compile; add --jit=off, or leave the statistics to each device."
        )


def _check_batch(settings, model, data):
    replicas = model.distribute_strategy.num_replicas_in_sync
    if settings.batch_size % replicas:
        raise InputError(
            f"--batch_size={settings.batch_size} cannot be shared by {replicas} devices; "
            f"take a multiple of {replicas}, such as {math.ceil(settings.batch_size / replicas) * replicas}."
        )
    needed = settings.batch_size * model.discriminator_steps
    if needed > len(samples_of(data)):
        raise InputError(
            f"a step needs {needed} samples (--batch_size={settings.batch_size} times {model.discriminator_steps} "
            f"discriminator steps), but {settings.dataset} has {len(samples_of(data))}; take a smaller batch."
        )
