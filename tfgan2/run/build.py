"""Flags -> data, networks and method, compiled."""

import contextlib
import math

import keras
import tensorflow as tf

from tfgan2.distribution.devices import local_strategy, prepare_runtime, uses_xla
from tfgan2.distribution.strategy import join_workers
from tfgan2.errors import InputError
from tfgan2.methods.base.averages import HalfLife
from tfgan2.methods.base.contract import fault_of_networks
from tfgan2.methods.base.families import FamilyError
from tfgan2.methods.base.regularization import Regularizers
from tfgan2.optimizers import make_optimizer
from tfgan2.run.datasets import check_labels, facts_of, load_data, parts_for, wanted_part
from tfgan2.run.record import Run

_OUTPUT_RANGES = {"sigmoid": "unit", "tanh": "symmetric", "linear": "raw"}


def build(settings, strategy=None):
    """Loads the data and builds the networks and the method in the scope of the strategy. It trains nothing.

    With `--dry_run` a known dataset may be missing. See `load_data`.

    Args:
      settings: The flags.
      strategy: The strategy of `strategy_of`. None makes it.

    Raises:
      InputError: Flags do not fit together, or a value is out of range.
    """
    strategy = strategy or strategy_of(settings)
    run_data = load_data(settings)
    network = family_of(settings, strategy)
    facts = facts_of(run_data, run_data.data.scaling(_OUTPUT_RANGES[network.output_activation]))
    check_labels(settings.factories["method"], run_data, name=settings.method)
    model = make_model(settings, facts, network, strategy)
    parts = parts_for(model, run_data, name=settings.method, batch_size=settings.batch_size)
    run = Run(settings, facts, run_data.data, model, parts, wanted_part(model, run_data))
    if run.first_part.size:
        with settings.naming_flags("method"):
            model.check_samples(run.network_samples)
    return run


def strategy_of(settings):
    """Prepares the runtime and returns the strategy of `--strategy`.

    With several workers it waits for the other workers, but not in a dry run.

    Raises:
      InputError: TensorFlow has started before, so that threads cannot be set. The addresses of the workers are
        missing, a worker does not appear, or workers have different settings.
    """
    prepare_runtime(threads=settings.threads, deterministic=settings.deterministic, precision=settings.precision)
    if settings.strategy == "multiworker" and not settings.dry_run:
        return join_workers(settings.agreed(), cluster=settings.cluster, timeout=settings.join_seconds)
    return local_strategy(settings.strategy)


def family_of(settings, strategy):
    """Makes the chosen family of networks with its flags, in the scope of the strategy.

    Raises:
      InputError: A value is out of range, or the family has no known `output_activation`.
    """
    with strategy.scope(), settings.naming_flags("network"):
        family = settings.network_family(**settings.arguments("network"))
    activation = getattr(family, "output_activation", None)
    if activation not in _OUTPUT_RANGES:
        found = "has no output_activation" if activation is None else f"has the output_activation {activation!r}"
        raise InputError(
            f"--network={settings.network} makes {type(family).__name__}, which {found}; it must be one of "
            f"{', '.join(_OUTPUT_RANGES)}, the last activation of its generator, which sets the range of the data."
        )
    return family


def make_model(settings, facts, network, strategy):
    """Makes the method of the flags with its networks, compiled, in the scope of the strategy. It needs no data.

    Args:
      settings: The flags.
      facts: The `Facts` about the data.
      network: The family of networks. See `family_of`.
      strategy: The strategy of `strategy_of`.

    Raises:
      InputError: Flags do not fit together, or a value is out of range.
    """
    method = settings.factories["method"]
    with strategy.scope():
        keras.utils.set_random_seed(settings.seed)
        _check_devices(settings, network)
        networks = _networks(settings, network, method, facts)
        with settings.naming_flags("method"):
            classes = (facts.trained_classes, facts.sampled_classes) if method.takes_classes() else ()
            model = method(*networks, *classes, **settings.arguments("method"), seed=settings.seed)
            model.schedule(settings.train_steps)
        if fault := fault_of_networks(model):
            raise InputError(f"--method={settings.method}: {method.__name__} {fault}.")
        compile_model(model, settings, regularizers=_regularizers(settings))
    _check_batch(settings, model)
    return model


def compile_model(model, settings, *, regularizers=None):
    """Compiles a game with the optimizers of its flags. Call it in the scope of the strategy.

    Args:
      model: The game.
      settings: The flags.
      regularizers: The `Regularizers` of the discriminators. None adds none.
    """
    optimizers = {name: _optimizer(settings, model, name) for name in model.optimizer_names(settings.optimizers_per)}
    with settings.naming_flags("regularizer"):
        model.compile(
            optimizers,
            jit_compile=uses_xla(settings.jit),
            steps_per_execution=settings.steps_per_execution,
            ema_decay=settings.ema_decay,
            ema_half_life=_half_life(settings),
            regularizers=regularizers,
        )


def _networks(settings, family, method, facts):
    backbone = {}
    if method.takes_backbone:
        with settings.naming_flags("backbone"):
            backbone = {"backbone": settings.backbone_family()}
    with naming_misfits(settings, "network", facts.shape), settings.naming_flags("method"):
        arguments = settings.arguments("method")
        classes = len(facts.class_names)
        return method.make_networks(family, facts.shape, classes=classes, arguments=arguments, **backbone)


@contextlib.contextmanager
def naming_misfits(settings, group, shape):
    """Context that converts a ValueError of a family about the data to an InputError about the flag of the family.

    Args:
      settings: The flags.
      group: "network" or "backbone".
      shape: Shape of a sample.
    """
    try:
        yield
    except InputError:
        raise
    except FamilyError as error:
        raise InputError(
            f"--{group}={settings.values[group]} does not fit --method={settings.method}: {error}"
        ) from error
    except ValueError as error:
        raise InputError(
            f"--{group}={settings.values[group]} does not fit --dataset={settings.dataset} with samples of "
            f"shape {list(shape)}: {error}"
        ) from error


def _half_life(settings):
    if settings.ema_half_life is None:
        return None
    return HalfLife(samples=settings.ema_half_life, batch_size=settings.batch_size, ramp=settings.ema_ramp)


def _regularizers(settings):
    with settings.naming_flags("regularizer"):
        return Regularizers(
            **settings.arguments("regularizer"), schedule_steps=settings.schedule_steps or settings.train_steps
        )


def _optimizer(settings, model, name):
    role, _, _ = name.partition("/")
    schedule_steps = (settings.schedule_steps or settings.train_steps) * model.updates_per_step(name)
    with settings.naming_flags("optimizer", role):
        return make_optimizer(**settings.optimizer(role), schedule_steps=schedule_steps)


def _check_devices(settings, network):
    replicas = tf.distribute.get_strategy().num_replicas_in_sync
    groups = {"network": getattr(network, "synchronized", False)}
    groups |= {"backbone": settings.values.get("backbone.synchronized", False)}
    if replicas > 1 and uses_xla(settings.jit) and any(groups.values()):
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
    if settings.batch_size // replicas % model.packing:
        multiple = replicas * model.packing
        raise InputError(
            f"--batch_size={settings.batch_size} on {replicas} device{'s' * (replicas > 1)} does not fill packs of "
            f"{model.packing} samples; take a multiple of {multiple}, such as "
            f"{math.ceil(settings.batch_size / multiple) * multiple}."
        )
