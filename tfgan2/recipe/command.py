"""The settings of `tfgan2.train`: those of its flags, of a recipe, or of a run that exists already."""

import os
import sys
from pathlib import Path

from tfgan2 import flags
from tfgan2.data.sources import names_images
from tfgan2.errors import InputError
from tfgan2.flags.parsing import given_flags, named_data, tokens_of
from tfgan2.flags.run_checks import seconds_of_budget
from tfgan2.recipe.machine import this_machine
from tfgan2.recipe.making import made
from tfgan2.recipe.timing import paces_of
from tfgan2.run.workdir import FLAGFILE, recorded_choices


def settings_of(argv, *, paces_of=paces_of, machine=None):
    """Returns the settings of a command line of `tfgan2.train`.

    A recipe chooses the flags that are not given, and prints its choices. If the run exists already, its own flags
    count instead, so that it continues as it began.

    Args:
      argv: The command line.
      paces_of: Function of the settings that measures the speed. See `timing.paces_of`.
      machine: The `Machine`. None takes this one.

    Returns:
      (settings, files of the recipe for the folder of a new run: name -> bytes).

    Raises:
      InputError: As `flags.parse`, or the recipe has no pictures.
    """
    given = given_flags("train", argv)
    budget = given.get("budget")
    if given.get("help") or given.get("list"):
        return flags.parse("train", argv), {}
    if not _wants_recipe(argv, given):
        if budget is not None:
            raise InputError(f"--budget={budget} is for a recipe; add --recipe=pictures, or give --train_steps instead")
        return flags.parse("train", argv), {}
    _check(given)
    if given.get("workdir") is None:
        argv = [*argv, f"--workdir={_default_workdir(given['dataset'])}"]
    workdir = given_flags("train", argv)["workdir"]
    if (workdir / FLAGFILE).is_file():
        _check_budget(workdir, budget)
        print(f"tfgan2: the run in {workdir} continues with its flags", file=sys.stderr)
        stored = [f"--flagfile={workdir.absolute() / FLAGFILE}", f"--workdir={workdir}"]
        return flags.parse("train", [*stored, *(token.text for token in tokens_of("train", argv))]), {}
    return made(argv, given, paces_of=paces_of, machine=machine or this_machine(given.get("threads") or 0))


def _wants_recipe(argv, given):
    if "recipe" in given:
        return given["recipe"] is not None
    dataset, _ = named_data("train", argv)
    return dataset is not None and names_images(given["dataset"])


def _check(given):
    if given.get("dataset") is None:
        raise InputError("the pictures are missing; name their folder, for example: tfgan2 train folder:DIR")
    budget, steps = given.get("budget"), given.get("train_steps")
    if budget is not None and steps is not None:
        raise InputError(
            f"--budget={budget} and --train_steps={steps} are both given, and each sets the length of the training; "
            "leave one of them out"
        )
    if steps is None and given.get("strategy") == "multiworker":
        raise InputError("a recipe measures the speed in one process; give --train_steps with --strategy=multiworker")


def _default_workdir(dataset):
    place = dataset.partition(":")[2] or dataset
    return Path("runs", Path(os.path.abspath(os.path.expanduser(place))).stem)


def _check_budget(workdir, budget):
    """Raises InputError if a run was begun with another budget."""
    record = recorded_choices(workdir)
    if budget is None or "budget" not in record:
        return
    before = record["budget"]
    if before is None or seconds_of_budget(before) != seconds_of_budget(budget):
        kind = "without a budget" if before is None else f"with the budget {before}"
        raise InputError(
            f"--budget={budget} is for a new run, and --workdir={workdir} is a run {kind}; leave the budget out to "
            "continue this run, or name a new workdir"
        )
