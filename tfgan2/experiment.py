"""A run: what the flags ask for, built, trained and restored."""

import math
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from tfgan2 import __version__, workdirs
from tfgan2.callbacks import checkpoints
from tfgan2.data.images import ImageSet
from tfgan2.data.points import PointSet
from tfgan2.data.scaling import Scaling
from tfgan2.data.training import Part, samples_of, scaling_of
from tfgan2.devices import make_strategy, uses_xla
from tfgan2.errors import InputError
from tfgan2.evaluation.encoding import (
    decoded_latents,
    encoded_samples,
    interpolated_samples,
    reconstructed_samples,
)
from tfgan2.evaluation.sampling import draw_samples
from tfgan2.exporting import export_game
from tfgan2.flags.settings import Settings
from tfgan2.methods.generative_game import GenerativeGame
from tfgan2.optimizers import make_optimizer
from tfgan2.run_data import check_labels, load_data, parts_for, wanted_part

_OUTPUT_RANGES = {"sigmoid": "unit", "tanh": "symmetric", "linear": "raw"}


class Experiment(NamedTuple):
    """Everything that the flags describe.

    Attributes:
      settings: the flags.
      data: the points, in data units, or the images, whose data units are [0, 1].
      scaling: between data units and the networks' range.
      model: the method with its networks, compiled.
      parts: what its batches are drawn from, key -> `Part`.
      wanted: the part of the data whose law is to be learnt.
    """

    settings: Settings
    data: PointSet | ImageSet
    scaling: Scaling
    model: GenerativeGame
    parts: dict[str, Part]
    wanted: Part

    @property
    def unwanted_classes(self):
        """The classes of images that the generator is to leave out: those of which none is wanted."""
        data, rows = self.data, self.wanted.rows
        if not isinstance(data, ImageSet) or data.labels is None or rows is None:
            return ()
        return tuple(np.setdiff1d(data.labels, data.labels[rows]).tolist())

    def sample(self, count, *, seed=0, averaged=True, choice=()):
        """[count, ...] samples in data units; row i depends on (seed, i) and its choice only. See `draw_samples`."""
        return draw_samples(self, count=count, seed=seed, averaged=averaged, choice=choice)

    def encode(self, samples, *, averaged=True):
        """Latents of samples in data units; see `encoded_samples`."""
        return encoded_samples(self, samples, averaged=averaged)

    def decode(self, latents, *, averaged=True):
        """Samples in data units of latents; see `decoded_latents`."""
        return decoded_latents(self, latents, averaged=averaged)

    def reconstruct(self, samples, *, averaged=True):
        """Samples in data units of the latents of samples; see `reconstructed_samples`."""
        return reconstructed_samples(self, samples, averaged=averaged)

    def interpolate(self, first, second, count, *, averaged=True):
        """[n, count, ...] samples in data units between two sets of them; see `interpolated_samples`."""
        return interpolated_samples(self, first, second, count, averaged=averaged)


def build(settings, strategy=None):
    """Builds data, networks and method, inside the strategy's scope; nothing is trained or restored.

    With `--dry_run` a known dataset need not be here; see `load_data`.

    Args:
      settings: the flags.
      strategy: the one that `make_strategy` made of them, if it did already.

    Raises:
      InputError: the flags do not fit together or a value is out of range.
    """
    strategy = strategy or make_strategy(settings)
    run_data = load_data(settings)
    data = run_data.data
    with strategy.scope():
        keras.utils.set_random_seed(settings.seed)
        with settings.naming_flags("network"):
            network = settings.network_family(**settings.arguments("network"))
        scaling = scaling_of(data, _OUTPUT_RANGES[network.output_activation])
        method = settings.factories["method"]
        _check_devices(settings, network)
        networks = _networks(settings, network, method, run_data)
        with settings.naming_flags("method"):
            classes = _classes(settings, run_data) if "labels" in method.batch_keys else ()
            model = method(*networks, *classes, **settings.arguments("method"), seed=settings.seed)
            model.schedule(settings.train_steps)
        compile_model(model, settings)
    _check_batch(settings, model)
    parts = parts_for(model, run_data, settings)
    return Experiment(settings, data, scaling, model, parts, wanted_part(model, run_data))


def compile_model(model, settings):
    """Makes a model ready to train with the optimizers that its settings ask for, inside the strategy's scope."""
    model.compile(
        {name: _optimizer(settings, model, name) for name in model.optimizer_names(settings.optimizers_per)},
        jit_compile=uses_xla(settings),
        steps_per_execution=settings.steps_per_execution,
        ema_decay=settings.ema_decay,
    )


def load(workdir, *, step=None, best=False):
    """A trained run: its experiment, with a checkpoint restored: the newest, or that of a step, or the best.

    Raises:
      InputError: the folder is no run of this program, or has no such checkpoint.
    """
    # One device serves, whatever the run was trained on; the number of threads can be set in a new process only.
    settings = workdirs.read_settings(workdir).replace(strategy="one", threads=0, workdir=Path(workdir))
    experiment = build(settings)
    model, folder = experiment.model, Path(workdir) / "checkpoints"
    if best:
        checkpoints.restore_best(model, folder)
    elif checkpoints.restore(model, folder, step=step) is None:
        raise InputError(f"{workdir} has no checkpoint yet; train it first, or longer.")
    model.begin_phase(next(phase for phase, last in model.schedule(settings.train_steps) if model.global_step <= last))
    return experiment


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
    settings, data, scaling, model, parts, _ = experiment
    lines = [settings.text(), f"data: {data.name}, {_size_text(data)}"]
    lines += [f"  {key}: {part.size:,} of {part.data.name}" for key, part in parts.items() if part.rows is not None]
    lines.append(f"  x -> (x - {scaling.offset:g}) / {scaling.scale:g} for the networks")
    for role, network in model.networks.items():
        inputs, outputs = (
            ", ".join(str(tuple(tensor.shape[1:])) for tensor in tensors)
            for tensors in (network.inputs, network.outputs)
        )
        lines.append(f"{role}: {inputs} -> {outputs}, {network.count_params():,} parameters")
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
        f"devices: {model.distribute_strategy.num_replicas_in_sync}, {'XLA' if uses_xla(settings) else 'no XLA'}"
    )
    return "\n".join(lines)


def _size_text(data):
    count, *shape = samples_of(data).shape
    if isinstance(data, ImageSet):
        height, width, channels = shape
        number = f"{count:,} images" if count else "not here; images"
        return f"{number} of {height} x {width} pixels and {channels} channel{'s' * (channels > 1)}"
    return f"{count:,} points of {shape[0]} dimension{'s' * (shape[0] > 1)}"


def _networks(settings, family, method, run_data):
    shape, classes = samples_of(run_data.data).shape[1:], len(run_data.data.class_names)
    check_labels(method, run_data, settings)
    backbone = {}
    if method.stages:
        with settings.naming_flags("backbone"):
            backbone = {"backbone": settings.backbone_family()}
    try:
        with settings.naming_flags("method"):
            arguments = settings.arguments("method")
            return method.make_networks(family, shape, classes=classes, arguments=arguments, **backbone)
    except InputError:
        raise
    except ValueError as error:
        raise InputError(
            f"--network={settings.network} does not fit --dataset={settings.dataset}, whose samples have the shape "
            f"{list(shape)}: {error}"
        ) from error


def _classes(settings, run_data):
    """(labels of what is trained on, labels that are sampled where none are asked for)."""
    part = run_data.selection.everything
    labels = part.data.labels if part.rows is None else part.data.labels[part.rows]
    return tuple(np.unique(labels).tolist()), settings.values["data.positive_classes"]


def _optimizer(settings, model, name):
    role, _, _ = name.partition("/")
    schedule_steps = (settings.schedule_steps or settings.train_steps) * model.updates_per_step(name)
    with settings.naming_flags("optimizer", role):
        return make_optimizer(**settings.optimizer(role), schedule_steps=schedule_steps)


def _check_devices(settings, network):
    replicas = tf.distribute.get_strategy().num_replicas_in_sync
    groups = {"network": getattr(network, "synchronized", False)}
    groups |= {"backbone": settings.values.get("backbone.synchronized", False)}
    if replicas > 1 and uses_xla(settings) and any(groups.values()):
        group = next(group for group, synchronized in groups.items() if synchronized)
        raise InputError(
            f"--{group}.synchronized=true exchanges statistics between the {replicas} devices, which XLA cannot "
            "compile; add --jit=off, or leave the statistics to each device."
        )


def _check_batch(settings, model):
    replicas = model.distribute_strategy.num_replicas_in_sync
    if settings.batch_size % replicas:
        raise InputError(
            f"--batch_size={settings.batch_size} cannot be shared by {replicas} devices; "
            f"take a multiple of {replicas}, such as {math.ceil(settings.batch_size / replicas) * replicas}."
        )
