"""The stages that divide the data into parts before a mixture of generators is trained on them."""

import contextlib
import sys
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from tfgan2.callbacks.progress import Progress
from tfgan2.checkpoints import restore_networks
from tfgan2.data.computed import computed
from tfgan2.errors import InputError
from tfgan2.evaluation.partition_report import report_partition
from tfgan2.layers.spectral import converge
from tfgan2.methods.pgmgan.stages import STAGES
from tfgan2.run.build import compile_model
from tfgan2.run.loop import restore, train
from tfgan2.run.record import Run
from tfgan2.run.reporting import board_of, log_of, saving_of
from tfgan2.run.workdir import claimed
from tfgan2.stages.checks import check_partitions, check_sizes
from tfgan2.stages.recipe import folder_of, ready_steps, recipe_of, write_recipe

_BLOCK = 500  # samples that are embedded or told apart at once


def partitioned(run, stop, team):
    """An run with all that earlier stages give it: trained now, or found done in the folder of stages.

    Args:
      run: a run, restored or not.
      stop: the `StopOnSignal` of the run.
      team: its `Team`.

    Returns:
      The run, or None if the flags ask for an earlier stage alone.

    Raises:
      InputError: a stage cannot start.
      Interrupted: a signal came; the state of the stage is saved.
    """
    settings = run.settings
    method, arguments = settings.factories["method"], settings.arguments("method")
    stages = method.stages_of(arguments)
    if not stages:
        return _told(run, arguments["partitioner"], team) if method.stages else run
    if run.model.global_step and settings.stage in ("all", "mixture"):
        return run  # its checkpoint holds what they gave
    pretext, dividing = stages
    if settings.init_from:
        learnt = run  # its generators are numbered as the partitioner that they came with
    elif settings.partitioner_from:
        learnt = _ready(dividing, run)
    else:
        embedding, learnt = _untrained(run, stages)
        if embedding is not None:
            embedding = _trained(pretext, embedding, run, stop, team)
        if settings.stage == pretext:
            _say_done(embedding, team)
            return None
        learnt = _trained(dividing, learnt, run, stop, team, after=embedding)
    converge(learnt.model.partitioner)  # the norms of the last update's weights are bounded from here on
    partitions = np.concatenate([learnt.model.partition(samples).numpy() for samples in _in_blocks(learnt)])
    run.model.partitioner.set_weights(learnt.model.partitioner.get_weights())
    _share(run, partitions)
    if team.is_chief:
        report_partition(learnt.settings.workdir, _part(run), partitions, run.model.partitions)
    if settings.stage == dividing:
        _say_done(learnt, team)
        return None
    return run


def check(run):
    """Raises InputError for what is wrong with the flags of a run's stages, as far as building them tells."""
    settings = run.settings
    method, arguments = settings.factories["method"], settings.arguments("method")
    if not method.stages or not _part(run).size:
        return
    stages = method.stages_of(arguments)
    if stages and settings.partitioner_from:
        _ready(stages[-1], run)
    elif stages and not settings.init_from:
        _untrained(run, stages)
    elif not stages and arguments["partitioner"] != "labels":
        check_partitions(settings, _part(run))


class _Untrained(NamedTuple):
    """A stage, built, and its recipe."""

    run: Run
    recipe: dict


def _untrained(run, stages):
    """Both stages, built before one is trained, for hours maybe; None for one that is skipped."""
    pretext, dividing = stages
    settings, strategy = run.settings, run.model.distribute_strategy
    check_sizes(settings, stages, _part(run), strategy.num_replicas_in_sync)

    def untrained(name, after=None):
        recipe = recipe_of(name, run, after)
        return _Untrained(_built(name, run, folder_of(name, settings, recipe)), recipe)

    if not settings.values[f"{pretext}.train_steps"]:
        return None, untrained(dividing)
    embedding = untrained(pretext)
    return embedding, untrained(dividing, embedding.run)


def _ready(name, run):
    """The run of a stage with the networks of `--partitioner_from`."""
    settings = run.settings
    folder, stage = Path(settings.partitioner_from), _built(name, run, settings.workdir)
    try:
        steps = ready_steps(folder, recipe_of(name, run, after=None))
        step = restore_networks(stage.model, folder / "checkpoints")
        if step != steps:
            raise InputError(f"it is at step {step} of {steps}; train it to its end first")
    except InputError as error:
        raise InputError(f"--partitioner_from={folder}: {error}") from error
    return stage


def _told(run, how, team):
    """An run whose samples are told their partitions: at random, or by their labels."""
    part, model = _part(run), run.model
    if how == "labels":
        partitions = part.data.labels[part.all_rows]
    else:
        check_partitions(run.settings, part)
        partitions = np.random.default_rng(run.settings.seed).integers(model.partitions, size=part.size)
    _share(run, partitions)
    if team.is_chief and not model.global_step:
        report_partition(run.settings.workdir, part, partitions, model.partitions)
    return run._replace(parts={"real": _with_arrays(part, {"labels": partitions.astype(np.int32)})})


def _share(run, partitions):
    """Lets the model know how many samples are in each part."""
    counts = np.bincount(partitions, minlength=run.model.partitions)
    run.model.shares.assign((counts / counts.sum()).astype(np.float32))


def _trained(name, untrained, run, stop, team, after=None):
    """The run of a stage, trained to its end now or before.

    Args:
      name: of the stage.
      untrained: the stage, built.
      run: the run.
      stop: its `StopOnSignal`.
      team: its `Team`.
      after: the run of the stage before, whose backbone it takes over.
    """
    stage = untrained.run
    if after is not None:
        weights = after.model.embedder.get_layer("backbone").get_weights()
        stage.model.partitioner.get_layer("backbone").set_weights(weights)
    restore(stage, team)
    asked, folder = run.settings.stage, Path(stage.settings.workdir)
    if stage.model.global_step == stage.settings.train_steps:
        if team.is_chief:
            write_recipe(folder, untrained.recipe)
        return stage
    if asked not in ("all", name):
        raise InputError(f"--stage={asked} needs the stage {name}, which is not done in {folder}; run --stage={name}")
    callbacks = []
    with contextlib.ExitStack() as held:
        if team.is_chief:
            print(f"tfgan2: stage {name}, in {folder}", file=sys.stderr)
            held.enter_context(claimed(folder, "stages_dir"))
        arrays = computed(
            name,
            {"stage": folder.name},
            lambda: stage.settings.factories["prepare"](
                lambda: _embeddings(after or run),
                run.settings.seed,
                run.model.partitions,
                **stage.settings.arguments("prepare"),
            ),
            cache_dir=folder.parent,
        )
        trained = stage._replace(parts={"real": _with_arrays(_part(run), arrays)})
        if team.is_chief:
            write_recipe(folder, untrained.recipe)
            progress = held.enter_context(contextlib.closing(Progress(train_steps=stage.settings.train_steps)))
            callbacks += [log_of(trained), board_of(trained), progress, saving_of(trained)]
        train(trained, [*callbacks, stop], team)
    return trained


def _say_done(stage, team):
    if team.is_chief:
        print(f"done: step {stage.model.global_step}, in {stage.settings.workdir}")


def _built(name, run, folder):
    """The run of a stage, whose model is new."""
    settings, part = run.settings.of_stage(name, folder), _part(run)
    stage, shape = STAGES[name], part.data.shape
    method = settings.arguments("method")
    if "image_range" in stage.method.__init__.__kwdefaults__:
        method["image_range"] = "symmetric" if run.scaling.offset else "unit"
    sizes = [run.model.partitions] if stage.network == "partitioner" else []
    with run.model.distribute_strategy.scope():
        keras.utils.set_random_seed(settings.seed)
        with settings.naming_flags("backbone"):
            network = getattr(settings.backbone_family(), stage.network)(shape, *sizes)
        with settings.naming_flags("method"):
            model = stage.method(network, **method, seed=settings.seed)
        compile_model(model, settings)
    return run._replace(settings=settings, model=model, parts={"real": part}, wanted=part)


def _embeddings(run):
    """[n, d] embeddings of the samples, or without an embedder these themselves, one below the other."""
    embed = getattr(run.model, "embed", lambda samples: tf.reshape(samples, [len(samples), -1]))
    return np.concatenate([np.asarray(embed(samples)) for samples in _in_blocks(run)])


def _in_blocks(run):
    """The samples in the networks' range, some at a time."""
    part, scaling = _part(run), run.scaling
    for rows in np.split(part.all_rows, range(_BLOCK, part.size, _BLOCK)):
        yield tf.cast(scaling.to_network(part.data.as_float(rows)), tf.float32)


def _with_arrays(part, arrays):
    """A part with "labels" or "neighbors" of each of its samples, which are numbered within the part."""
    rows = part.all_rows

    def of_all(values):
        everyone = np.zeros((part.data.size, *values.shape[1:]), np.int32)
        everyone[rows] = values
        return everyone

    if "labels" in arrays:
        part = part._replace(data=part.data._replace(labels=of_all(arrays["labels"])))
    if "neighbors" in arrays:
        part = part._replace(neighbors=of_all(rows[arrays["neighbors"]]))
    return part


def _part(run):
    return run.parts["real"]
