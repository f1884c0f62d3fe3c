"""The stages of a run. Each stage is built and checked as a separate run."""

from pathlib import Path
from typing import NamedTuple

import keras

from tfgan2.errors import InputError
from tfgan2.methods.base.stage import Stage
from tfgan2.run.build import compile_model, naming_misfits
from tfgan2.run.record import Run
from tfgan2.run.stages.recipe import arguments_for, finished_steps, folder_of, recipe_of
from tfgan2.system.checkpoints import restore_networks


class StageRun(NamedTuple):
    """A stage and its run.

    Attributes:
      stage: The `Stage`.
      run: The run of the stage, with an untrained game.
      recipe: Everything that determines the result of the stage.
    """

    stage: Stage
    run: Run
    recipe: dict


def stages_of(run):
    """Returns the `Stage`s before the main training. Empty if --init_from or --stage_from replaces them."""
    settings = run.settings
    if settings.init_from or settings.stage_from:
        return ()
    return settings.factories["method"].stages_of(settings.arguments("method"))


def stage_runs(run):
    """Returns the `StageRun`s of a run, without stages of 0 steps. All are built before the first is trained.

    Raises:
      InputError: A stage does not fit the data, the devices or the networks.
    """
    settings, built, before = run.settings, [], None
    for stage in stages_of(run):
        if settings.values[f"{stage.name}.train_steps"]:
            _check(stage, run)
            recipe = recipe_of(stage, run, before)
            folder = before = folder_of(stage, settings, recipe)
            built.append(StageRun(stage, _built(stage, run, folder), recipe))
    return built


def finished_game(run):
    """Returns the game of the last stage with the networks of `--stage_from`.

    Raises:
      InputError: The folder has no such stage, or the stage is not finished.
    """
    settings = run.settings
    stage = settings.factories["method"].stages_of(settings.arguments("method"))[-1]
    folder, own = Path(settings.stage_from), _built(stage, run, settings.workdir)
    try:
        steps = finished_steps(folder, recipe_of(stage, run, before=None))
        step = restore_networks(own.model, folder / "checkpoints")
        if step != steps:
            raise InputError(f"it is at step {step} of {steps}; train it to its end first.")
    except InputError as error:
        raise InputError(f"--stage_from={folder}: {error}") from error
    return own.model


def check_stages(run):
    """Builds the stages of a run for a check. Raises InputError for any fault."""
    if run.network_samples.size:
        _ = finished_game(run) if run.settings.stage_from else stage_runs(run)


def _check(stage, run):
    settings, replicas = run.settings, run.model.distribute_strategy.num_replicas_in_sync
    with settings.of_stage(stage, settings.workdir).naming_flags("method"):
        stage.check(run.network_samples, settings.values_of(stage), replicas)


def _built(stage, run, folder):
    """The run of a stage, with a new game."""
    settings, shape = run.settings.of_stage(stage, folder), run.network_samples.shape
    settled = {name: value_of(run.scaling) for name, value_of in stage.settled.items()}
    with run.model.distribute_strategy.scope():
        keras.utils.set_random_seed(settings.seed)
        with naming_misfits(settings, stage.family, shape), settings.naming_flags(stage.family):
            family = settings.factories[stage.family](**settings.arguments(stage.family))
            classes = {"classes": len(run.facts.class_names)} if stage.takes_classes else {}
            networks = stage.make_networks(family, shape, arguments_for(stage, run.settings), **classes)
        with settings.naming_flags("method"):
            model = stage.game(*networks, **settings.arguments("method"), **settled, seed=settings.seed)
        compile_model(model, settings)
    return run._replace(settings=settings, model=model, parts={"real": run.first_part}, wanted=run.first_part)
