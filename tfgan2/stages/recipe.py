"""What a stage of a run is made from: it names the folder where the stage is kept, and lies in it."""

import hashlib
import json
from pathlib import Path

from tfgan2.data.computed import hash_of
from tfgan2.errors import InputError
from tfgan2.flags.texts import to_text
from tfgan2.methods.pgmgan.stages import STAGES
from tfgan2.run.workdir import STAGES_FOLDER
from tfgan2.system.files import write_whole

_NAME = "recipe.json"


def recipe_of(name, run, after):
    """All that the result of a stage depends on, as JSON values.

    Args:
      name: of the stage.
      run: the run.
      after: the run of the stage before, or None.
    """
    settings, part = run.settings, run.parts["real"]
    own = ("data.", "backbone.", f"{name}.")
    flags = {
        flag: to_text(value)
        for flag, value in settings.trajectory().items()
        if flag in ("backbone", "seed", "precision") or flag.startswith(own)
    }
    return {
        "stage": name,
        "flags": flags,
        "shape": list(part.data.shape),
        "samples": [run.facts.sets["--dataset"].digest, hash_of(part.all_rows)],
        "scaling": list(run.scaling),
        "after": Path(after.settings.workdir).name if after else None,
        "partitions": run.model.partitions if STAGES[name].network == "partitioner" else None,
    }


def folder_of(name, settings, recipe):
    """Where a run keeps a stage that is made from a recipe."""
    key = hashlib.sha256(json.dumps(recipe, sort_keys=True).encode()).hexdigest()[:12]
    return Path(settings.stages_dir or Path(settings.workdir) / STAGES_FOLDER) / f"{name}-{key}"


def write_recipe(folder, recipe):
    """Lays a recipe into the folder of its stage, unless it lies there."""
    path, data = Path(folder) / _NAME, json.dumps(recipe, indent=2).encode()
    if not path.exists() or path.read_bytes() != data:
        write_whole(path, data)


def ready_steps(folder, recipe):
    """After how many steps the stage in a folder is done, which takes the place of one that a run would train itself.

    Args:
      folder: of the stage, trained on whatever data.
      recipe: of the stage that the run would train.

    Raises:
      InputError: the folder is that of no such stage, or its network, or the shape or range of its samples, is another.
    """
    path = Path(folder) / _NAME
    try:
        ready = json.loads(path.read_text())
        stage, theirs, ours = ready["stage"], _facts(ready), _facts(recipe)
        steps, network = int(ready["flags"][f"{stage}.train_steps"]), STAGES[stage].network
    except (OSError, ValueError, KeyError, TypeError):
        wrong = f"{path} is damaged" if path.exists() else "it is no folder of a stage"
        raise InputError(f"{wrong}; name one, such as W/stages/partitioner-HASH") from None
    if network != STAGES[recipe["stage"]].network:
        raise InputError(f"it is a {stage}; name the folder of a partitioner, such as W/stages/partitioner-HASH")
    for fact in sorted(theirs.keys() | ours.keys()):
        if theirs.get(fact) != ours.get(fact):
            raise InputError(f"it was trained with {fact} {theirs.get(fact)}, and this run has {ours.get(fact)}")
    return steps


def _facts(recipe):
    """What the network of a stage has to have in common with a run that takes it over, as users know it."""
    offset, scale = recipe["scaling"]
    return {
        "samples of shape": recipe["shape"],
        "samples scaled, by the data and --network.output_activation, to": f"(x - {offset:g}) / {scale:g}",
        "partitions": recipe["partitions"],
        **{f"--{flag}": value for flag, value in recipe["flags"].items() if flag.startswith("backbone")},
    }
