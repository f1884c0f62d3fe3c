"""A run: what the flags ask for, built."""

import math
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from tfgan2.data.classes import listed_classes
from tfgan2.data.facts import Facts
from tfgan2.data.images import ImageSet
from tfgan2.data.points import PointSet
from tfgan2.data.training import Part, samples_of, scaling_of
from tfgan2.devices import make_strategy, uses_xla
from tfgan2.errors import InputError
from tfgan2.flags.settings import Settings
from tfgan2.methods.generative_game import GenerativeGame
from tfgan2.optimizers import make_optimizer
from tfgan2.run_data import check_labels, facts_of, load_data, parts_for, wanted_part

_OUTPUT_RANGES = {"sigmoid": "unit", "tanh": "symmetric", "linear": "raw"}


class Experiment(NamedTuple):
    """Everything that the flags describe.

    Attributes:
      settings: the flags.
      facts: what is kept of the data.
      data: the points, in data units, or the images, whose data units are [0, 1].
      model: the method with its networks, compiled.
      parts: what its batches are drawn from, key -> `Part`.
      wanted: the part of the data whose law is to be learnt.
    """

    settings: Settings
    facts: Facts
    data: PointSet | ImageSet
    model: GenerativeGame
    parts: dict[str, Part]
    wanted: Part

    @property
    def unwanted_classes(self):
        """The classes of images that the generator is to leave out."""
        return unwanted_classes(self.data, self.wanted)

    @property
    def scaling(self):
        """The `Scaling` between data units and the networks' range."""
        return self.facts.scaling


def unwanted_classes(data, wanted):
    """The classes of images of which none is wanted, a tuple of labels; none of points or of data without labels.

    Args:
      data: a `PointSet` or `ImageSet`.
      wanted: the `Part` of it that is to be learnt.
    """
    if not isinstance(data, ImageSet) or data.labels is None or wanted.rows is None:
        return ()
    return tuple(np.setdiff1d(data.labels, data.labels[wanted.rows]).tolist())


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
    network = network_of(settings, strategy)
    facts = facts_of(run_data, scaling_of(run_data.data, _OUTPUT_RANGES[network.output_activation]), settings)
    check_labels(settings.factories["method"], run_data, settings)
    model = make_model(settings, facts, network, strategy)
    parts = parts_for(model, run_data, settings)
    return Experiment(settings, facts, run_data.data, model, parts, wanted_part(model, run_data))


def network_of(settings, strategy):
    """The chosen family of networks, made with its flags inside the strategy's scope."""
    with strategy.scope(), settings.naming_flags("network"):
        return settings.network_family(**settings.arguments("network"))


def make_model(settings, facts, network, strategy):
    """The method of the flags with its networks, compiled, inside the strategy's scope; it needs no data.

    Args:
      settings: the flags.
      facts: of the data.
      network: from `network_of`.
      strategy: where it is made.

    Raises:
      InputError: the flags do not fit together or a value is out of range.
    """
    method = settings.factories["method"]
    with strategy.scope():
        keras.utils.set_random_seed(settings.seed)
        _check_devices(settings, network)
        networks = _networks(settings, network, method, facts)
        with settings.naming_flags("method"):
            classes = (facts.trained_classes, facts.sampled_classes) if "labels" in method.batch_keys else ()
            model = method(*networks, *classes, **settings.arguments("method"), seed=settings.seed)
            model.schedule(settings.train_steps)
        compile_model(model, settings)
    _check_batch(settings, model)
    return model


def compile_model(model, settings):
    """Makes a model ready to train with the optimizers that its settings ask for, inside the strategy's scope."""
    model.compile(
        {name: _optimizer(settings, model, name) for name in model.optimizer_names(settings.optimizers_per)},
        jit_compile=uses_xla(settings),
        steps_per_execution=settings.steps_per_execution,
        ema_decay=settings.ema_decay,
    )


def description(experiment):
    """What --dry_run prints: flags, data, networks with their parameters, players."""
    settings, _, data, model, parts, _ = experiment
    scaling = experiment.scaling
    lines = [settings.text(), f"data: {data.name}, {_size_text(data)}"]
    if data.labels is not None:
        counts = np.bincount(data.labels, minlength=len(data.class_names))
        lines.append(f"  classes: {listed_classes(data, counts)}")
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


def _networks(settings, family, method, facts):
    backbone = {}
    if method.stages:
        with settings.naming_flags("backbone"):
            backbone = {"backbone": settings.backbone_family()}
    try:
        with settings.naming_flags("method"):
            arguments = settings.arguments("method")
            classes = len(facts.class_names)
            return method.make_networks(family, facts.shape, classes=classes, arguments=arguments, **backbone)
    except InputError:
        raise
    except ValueError as error:
        raise InputError(
            f"--network={settings.network} does not fit --dataset={settings.dataset}, whose samples have the shape "
            f"{list(facts.shape)}: {error}"
        ) from error


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
