"""Training of the stages of a run. Finished stages are reused, and the method learns from the last stage."""

import contextlib
import sys
from pathlib import Path

from tfgan2.callbacks.progress import Progress
from tfgan2.callbacks.recoveries import Recoveries
from tfgan2.data.computed import computed
from tfgan2.data.sample_arrays import with_arrays
from tfgan2.errors import InputError
from tfgan2.evaluation.partition_report import report_partition
from tfgan2.methods.base.stage import ALL, MAIN
from tfgan2.run.loop import restore, train
from tfgan2.run.reporting import board_of, log_of, saving_of
from tfgan2.run.stages.recipe import arguments_for, write_recipe
from tfgan2.run.stages.stage_runs import finished_game, stage_runs, stages_of
from tfgan2.run.workdir import claimed, expected_seconds


def learn_from_stages(run, stop, team):
    """Prepares the game of a run for its main training. If this has begun, the checkpoint has the result.

    The stages are trained in order. With --stage=NAME the stage NAME is the last. The game learns from the last stage.
    Without stages it learns from the data only.

    Args:
      run: A run, restored or not.
      stop: The `StopOnSignal` of the run.
      team: The `Team` of the run.

    Raises:
      InputError: A stage cannot start.
      Interrupted: A signal stopped a stage. Its state is saved.
    """
    wanted, trained = run.settings.stage, []
    if run.model.global_step and wanted in (ALL, MAIN):
        return
    stages = stage_runs(run)
    for own in stages:
        _train(own, trained[-1] if trained else None, run, stop, team)
        trained.append(own.run)
        if own.stage.name == wanted:
            break
    if len(trained) == len(stages):
        _learn(run, trained, team)
    if wanted not in (ALL, MAIN) and team.is_chief:
        print(f"done: step {trained[-1].model.global_step}, in {trained[-1].settings.workdir}")


def _learn(run, trained, team):
    settings, model = run.settings, run.model
    if settings.init_from:
        game = model
    elif settings.stage_from:
        game = finished_game(run)
    else:
        game = trained[-1].model if trained else None
    grouping = model.learn_from(game, run.network_samples)
    if grouping is not None and team.is_chief:
        folder = trained[-1].settings.workdir if trained else settings.workdir
        report_partition(folder, run.first_part, grouping.numbers, grouping.count)


def _train(own, before, run, stop, team):
    """Trains one stage to its end, or restores it.

    Args:
      own: The `StageRun`.
      before: The trained run of the stage before, or None.
      run: The run with these stages.
      stop: The `StopOnSignal` of the run.
      team: The `Team` of the run.
    """
    stage, trained, game_before = own.stage, own.run, before and before.model
    settings, folder = trained.settings, Path(trained.settings.workdir)
    stage.start_from(trained.model, game_before)
    restore(trained, team)
    if trained.model.global_step == settings.train_steps:
        if team.is_chief:
            write_recipe(folder, own.recipe)
        return
    wanted = run.settings.stage
    if wanted not in (ALL, stage.name):
        raise InputError(
            f"--stage={wanted} needs the stage {stage.name}, which is not finished in {folder}; run "
            f"--stage={stage.name} first."
        )
    callbacks = []
    with contextlib.ExitStack() as held:
        if team.is_chief:
            print(f"tfgan2: stage {stage.name}, in {folder}", file=sys.stderr)
            held.enter_context(claimed(folder, "stages_dir"))
        trained = _with_arrays_of(own, game_before)
        if team.is_chief:
            write_recipe(folder, own.recipe)
            progress = held.enter_context(contextlib.closing(_progress(own, run)))
            log = log_of(trained)
            callbacks += [log, board_of(trained), Recoveries(folder, log, progress), progress, saving_of(trained)]
        train(trained, [*callbacks, stop], team)


def _progress(own, run):
    """The progress of a stage. The time that is left is that of the run, if a recipe has estimated the later stages."""
    seconds, names = expected_seconds(run.settings.workdir), [stage.name for stage in stages_of(run)]
    later = [*names[names.index(own.stage.name) + 1 :], MAIN]
    trained = [name for name in later if name == MAIN or run.settings.values[f"{name}.train_steps"]]
    after = sum(seconds[name] for name in trained) if seconds.keys() >= set(trained) else None
    return Progress(train_steps=own.run.settings.train_steps, after=after)


def _with_arrays_of(own, game_before):
    """The run of a stage, with the arrays of `Stage.prepare` in its batches."""
    stage, run, settings = own.stage, own.run, own.run.settings
    if not stage.array_keys:
        return run
    folder = Path(settings.workdir)

    def prepare():
        common = (run.network_samples, game_before, settings.seed, arguments_for(stage, settings))
        return stage.prepare(*common, **settings.arguments("prepare"))

    arrays = computed(stage.name, {"stage": folder.name}, prepare, cache_dir=folder.parent)
    return run._replace(parts={"real": with_arrays(run.first_part, arrays)})
