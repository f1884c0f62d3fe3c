"""The recipe of a stage: everything that determines its result. The name of its folder has a hash of the recipe."""

import hashlib
import json
from pathlib import Path

from tfgan2.data.computed import hash_of
from tfgan2.errors import InputError
from tfgan2.flags.prefixes import method_prefix
from tfgan2.flags.texts import to_text
from tfgan2.run.workdir import STAGES_FOLDER
from tfgan2.system.file_versions import versioned
from tfgan2.system.files import read_json, write_whole

NAME = "recipe.json"
"""File of the recipe in the folder of a stage."""

_IN_ROWS = "data.held_out"  # The recipe has a hash of the rows, which follow from this flag.


def arguments_for(stage, settings):
    """Returns name -> value for the method's arguments that a stage uses."""
    return {name: settings.values[f"{method_prefix(settings.method)}.{name}"] for name in stage.uses}


def recipe_of(stage, run, before):
    """Returns everything that determines the result of a stage, as JSON values.

    Args:
      stage: The `Stage`.
      run: The run.
      before: Folder of the stage before, or None.
    """
    settings, part = run.settings, run.first_part
    own = ("data.", f"{stage.family}.", f"{stage.name}.")
    flags = {
        flag: to_text(value)
        for flag, value in settings.trajectory().items()
        if flag in (stage.family, "seed", "precision") or (flag.startswith(own) and flag != _IN_ROWS)
    }
    arguments = arguments_for(stage, settings)
    return {
        "stage": stage.name,
        "networks": list(stage.game.roles),
        "steps": settings.values[f"{stage.name}.train_steps"],
        "flags": flags,
        "arguments": {f"{method_prefix(settings.method)}.{name}": to_text(value) for name, value in arguments.items()},
        "shape": list(part.data.shape),
        "samples": [run.facts.sets["--dataset"].digest, hash_of(part.all_rows)],
        "scaling": [value for value in run.scaling if value is not None],
        "before": Path(before).name if before else None,
    }


def folder_of(stage, settings, recipe):
    """Returns the folder of a stage with this recipe."""
    key = hashlib.sha256(json.dumps(recipe, sort_keys=True).encode()).hexdigest()[:12]
    return Path(settings.stages_dir or Path(settings.workdir) / STAGES_FOLDER) / f"{stage.name}-{key}"


def write_recipe(folder, recipe):
    """Writes a recipe to the folder of its stage, if it is not there yet."""
    path, data = Path(folder) / NAME, json.dumps(versioned(NAME, recipe), indent=2).encode()
    if not path.exists() or path.read_bytes() != data:
        write_whole(path, data)


def finished_steps(folder, recipe):
    """Returns the number of steps of a reusable stage, after checking that it fits a stage of the run.

    The two stages may have been trained on different data.

    Args:
      folder: Folder of the reusable stage.
      recipe: Recipe of the run's own stage.

    Raises:
      InputError: The folder has no stage, or one of a newer version. The networks, the shape or the range of samples
        are different.
    """
    path, example = Path(folder) / NAME, f"W/stages/{recipe['stage']}-HASH"
    other = read_json(NAME, path)
    try:
        stage, roles, steps = other["stage"], other["networks"], int(other["steps"])
        theirs, ours = _facts(other), _facts(recipe)
    except (ValueError, KeyError, TypeError, AttributeError):
        wrong = f"{path} is damaged" if path.exists() else "it is not the folder of a stage"
        raise InputError(f"{wrong}. Name one, such as {example}.") from None
    if roles != recipe["networks"]:
        raise InputError(
            f"the stage {stage} trains {', '.join(roles)}; this run needs {', '.join(recipe['networks'])}. Name the "
            f"folder of another stage, such as {example}."
        )
    for fact in sorted(theirs.keys() | ours.keys()):
        if theirs.get(fact) != ours.get(fact):
            raise InputError(f"it was trained with {fact} {theirs.get(fact)}, and this run has {ours.get(fact)}.")
    return steps


def _facts(recipe):
    """Facts that must be equal for a reusable stage, with names for messages."""
    offset, scale, *background = recipe["scaling"]
    scaled = f"(x - {offset:g}) / {scale:g}" + "".join(f" over the colour {colour}" for colour in background)
    families = ("network", "backbone")
    flags = {flag: value for flag, value in recipe["flags"].items() if flag.partition(".")[0] in families}
    return {
        "samples of shape": recipe["shape"],
        "samples scaled, by the data and --network.output_activation, to": scaled,
        **{f"--{flag}": value for flag, value in (flags | recipe["arguments"]).items()},
    }
