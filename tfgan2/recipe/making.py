"""The making of a recipe: from the pictures to a size, from the speed to a length, and to all other flags."""

import contextlib
import io
import sys

from tfgan2.data.first_look import typical_side
from tfgan2.data.images import without_messages
from tfgan2.data.kinds import IMAGES
from tfgan2.data.sources import factory_of, names_images
from tfgan2.data.survey import survey_of
from tfgan2.errors import InputError
from tfgan2.flags.arguments import arguments_of
from tfgan2.flags.parsing import names_of_given
from tfgan2.flags.run_checks import seconds_of_budget
from tfgan2.methods.base.stage import MAIN
from tfgan2.recipe import rules, words
from tfgan2.recipe.budget import DEFAULT, estimate_of, steps_for, time_for_steps
from tfgan2.recipe.draft import Draft
from tfgan2.run.workdir import CHOICES, FLAGFILE, choices_file

_ANY_STEPS = 1_000_000  # Until the number of steps is known.
_RESIZED = ("data.image_size", "network.width_multiplier")


def made(argv, given, *, paces_of, machine):
    """Makes the settings of a new run by a recipe, and tells what was chosen.

    Args:
      argv: The command line of the user.
      given: Flag -> value, those of the command's own flags that the user gave.
      paces_of: Function of the settings that measures the speed.
      machine: The `Machine`.

    Returns:
      (settings, name -> bytes of files for the folder of the run).
    """
    draft = Draft(argv, _method(argv, given))
    budget = None if given.get("train_steps") is not None else given.get("budget") or DEFAULT
    draft.choose(rules.choice("steps_per_execution", rules.chunk(_ANY_STEPS, given)))
    if budget is not None:
        draft.choose(rules.choice("train_steps", given.get("schedule_steps") or _ANY_STEPS))
    side = _side(draft.settings())
    if side is not None:
        draft.choose(rules.first_size(side, machine))
    sets = _surveyed(draft, machine)
    paces = None
    if budget is not None:
        seconds = seconds_of_budget(budget)
        paces = _measured(draft, paces_of)
        if side is not None and _resized(draft, side, paces, time_for_steps(seconds, paces)):
            sets = _surveyed(draft, machine)
            paces = _measured(draft, paces_of)
        _choose_steps(draft, paces, budget, given.get("schedule_steps"))
    values = draft.settings().values
    labelled = bool(sets["dataset"].class_names)
    step = paces[MAIN].step if paces else None
    draft.choose(*rules.of_length(values["train_steps"], values, draft.given, labelled=labelled, seconds_per_step=step))
    settings = draft.settings()
    estimate = estimate_of(_steps(settings), paces) if paces else None
    lines = [words.of_set(each) for each in sets.values()] + words.of_choices(draft.choices.values(), draft.config)
    lines += [words.of_estimate(estimate, paces, budget)] if paces else []
    for line in [*lines, f"all flags are in {settings.workdir / FLAGFILE}; the same command continues the run"]:
        print(line if line.startswith("  ") else f"tfgan2: {line}", file=sys.stderr)
    return settings, {CHOICES: _record(draft, budget, sets, estimate)}


def _method(argv, given):
    """The method if the user names none."""
    if given.get("negative_dataset") is not None or "data.negative_classes" in names_of_given("train", argv):
        return "rumi"
    return "p2gan" if given.get("auxiliary_dataset") else "standard_gan"


def _side(settings):
    """The typical shorter side of the pictures, or None if they are drawn or come from a function of the user."""
    arguments = settings.arguments("data")
    if names_images(settings.dataset) and "split" in arguments:
        return typical_side(settings.dataset, **arguments)
    return None


def _surveyed(draft, machine):
    """Decodes the pictures, makes the choices that follow from them, and returns flag -> `DataSet` with a survey."""
    # Files that cannot be used are counted first. Later the flags leave them out or refuse them.
    draft.drop("data.channels", "data.skip_corrupt", "data.held_out")
    with without_messages():  # The run prints them.
        sets = _sets(draft.settings(**{"data.skip_corrupt": True}))
    surveys = {flag: data.survey for flag, data in sets.items()}
    draft.choose(*rules.of_pictures(surveys, machine, draft.settings().values))
    draft.choose(*rules.of_measurement([*sets.values()]))
    return sets


def _sets(settings):
    """Loads each dataset alone, because their numbers of channels may differ."""
    names = {"dataset": settings.dataset, "negative_dataset": settings.negative_dataset}
    names |= {f"auxiliary_dataset {number}": name for number, name in enumerate(settings.auxiliary_dataset)}
    found = {}
    with settings.naming_flags("data"):
        for flag, name in names.items():
            if name is None:
                continue
            factory = settings.factories["data"] if flag == "dataset" else factory_of(name, flag=flag.split()[0])
            accepted = {argument.name for argument in arguments_of(factory)}
            arguments = settings.arguments("data").items()
            data = factory(**{argument: value for argument, value in arguments if argument in accepted})
            if data.kind is not IMAGES:
                raise InputError(f"--recipe=pictures is for images, and {name} has {data.kind.name}; leave it out")
            found[flag] = data if data.survey else data._replace(survey=survey_of(data.samples))
    return found


def _measured(draft, paces_of):
    print("tfgan2: measures the speed by a few steps", file=sys.stderr)
    settings = draft.settings()
    with contextlib.redirect_stderr(io.StringIO()):  # The run prints messages about the data.
        return paces_of(settings)


def _resized(draft, side, paces, seconds):
    """Chooses the image size and the width by the measured speed. Returns whether one of them changed."""
    settings = draft.settings()
    values, share = settings.values, 1 - sum(_shares(settings).values())
    sizes = [values["data.image_size"]] if "data.image_size" in draft.given else rules.sizes_for(side)
    draft.choose(*rules.of_speed(sizes, values, paces[MAIN].step, share * seconds))
    after = draft.settings().values
    return any(values.get(flag) != after.get(flag) for flag in _RESIZED)


def _choose_steps(draft, paces, budget, longest):
    settings = draft.settings()
    fixed = {name: steps for name, steps in _steps(settings).items() if _flag_of_steps(name) in draft.given}
    seconds, shares = seconds_of_budget(budget), _shares(settings)
    steps = steps_for(seconds, paces, shares, fixed)
    if longest is not None and MAIN not in fixed and steps[MAIN] > longest:
        steps = steps_for(seconds, paces, shares, fixed | {MAIN: longest})
    reason = f"as many as the budget of {budget} allows"
    draft.choose(*(rules.choice(_flag_of_steps(name), number, reason) for name, number in steps.items()))


def _shares(settings):
    """Name of a stage with steps -> its share of the budget."""
    if settings.init_from or settings.stage_from:
        return {}
    stages = settings.factories["method"].stages_of(settings.arguments("method"))
    return {stage.name: stage.share for stage in stages if settings.values[f"{stage.name}.train_steps"]}


def _steps(settings):
    """Name of a stage, or `MAIN` -> its number of steps."""
    return {name: settings.values[_flag_of_steps(name)] for name in (MAIN, *_shares(settings))}


def _flag_of_steps(name):
    return "train_steps" if name == MAIN else f"{name}.train_steps"


def _record(draft, budget, sets, estimate):
    record = {
        "config": draft.config.stem,
        "budget": budget,
        "survey": {flag: data.survey._asdict() for flag, data in sets.items()},
        "choices": [each._asdict() for each in draft.choices.values()],
        "seconds": estimate.seconds if estimate else {},
    }
    return choices_file(record)
