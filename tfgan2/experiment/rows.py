"""The rows of an experiment. The runs of a row differ in their seed alone."""

import json
import re
import shlex
from pathlib import Path
from typing import NamedTuple

from tfgan2 import flags
from tfgan2.errors import InputError
from tfgan2.flags.parsing import names_of_given
from tfgan2.run.workdir import read_settings

_SET_HERE = ("seed", "workdir", "threads", "dry_run", "recipe", "budget")  # Flags of a run that no row may have.


class Trial(NamedTuple):
    """One run of a row.

    Attributes:
      row: Name of the row.
      seed: Seed of the run.
      workdir: Its folder.
      argv: The flags that train it. None for a run that is not trained here.
      settings: Its flags, `Settings`.
    """

    row: str
    seed: int
    workdir: Path
    argv: tuple[str, ...] | None
    settings: flags.Settings

    @property
    def name(self):
        """The row and the seed in words."""
        return f"{self.row}, seed {self.seed}"


def rows_to_train(texts, common, *, seeds, threads, folder):
    """Returns name of a row -> its `Trial`s, from the texts of `--row`.

    Args:
      texts: The texts, "configs/NAME.cfg" or "NAME: flags".
      common: Further flags of all rows, without dashes.
      seeds: Number of seeds.
      threads: CPU threads of a run.
      folder: Folder of the runs.

    Raises:
      InputError: A text has another form, two rows have one name, or `flags.parse` refuses the flags of a row.
    """
    rows, folders = {}, set()
    for text in texts:
        name, given = _named(text)
        place = place_of(name)
        if place in folders:
            raise InputError(f"--row={text}: another row is called {name}, too; write another name before its colon")
        folders.add(place)
        argv = [*given, *(f"--{flag}" for flag in common)]
        refused = sorted(names_of_given("train", argv) & set(_SET_HERE))
        if refused:
            raise InputError(f"--row={text}: --{refused[0]} is not a flag of a row; leave it out")
        rows[name] = [_trial(name, argv, seed, folder / place / f"seed_{seed}", threads, text) for seed in range(seeds)]
    return rows


def rows_there(workdirs):
    """Returns name of a row -> its `Trial`s, from the folders of runs. Runs that differ in their seed alone are a row.

    The name of a row is that of the folder of its first run, or of the folder above if it is called seed_0 or the like.

    Raises:
      InputError: A folder is not a run, or is named twice.
    """
    groups, found = {}, set()
    for workdir in workdirs:
        if workdir.resolve() in found:
            raise InputError(f"--workdirs has {workdir} twice; name each run once")
        found.add(workdir.resolve())
        settings = read_settings(workdir)
        alike = json.dumps(settings.trajectory() | {"seed": None, "train_steps": settings.train_steps})
        groups.setdefault(alike, []).append((workdir, settings))
    rows = {}
    for group in groups.values():
        first = group[0][0].resolve()
        name = first.parent.name if re.fullmatch(r"seed[_-]?\d+", first.name) else first.name
        name = name if name not in rows else str(group[0][0])
        rows[name] = [Trial(name, settings.seed, workdir, None, settings) for workdir, settings in group]
    return rows


def place_of(name):
    """Returns the name of a file or folder for a row or a chart."""
    return re.sub(r"[^\w.+-]+", "_", name)


def _named(text):
    """The name of a row and its flags."""
    name, colon, given = text.partition(":")
    if not colon and not text.startswith("-") and len(text.split()) == 1:
        return Path(text).stem, [f"--flagfile={text}"]
    try:
        given = shlex.split(given)
    except ValueError as error:
        raise InputError(f"--row={text}: {error}; close the quotation marks") from None
    if not colon or not given or not re.search(r"\w", name) or name.startswith("-"):
        raise InputError(
            f"--row={text} is neither a configuration, such as configs/gan_grid25.cfg, nor a name and flags, such as "
            "'wide: --flagfile=configs/gan_grid25.cfg --network.hidden_units=256'"
        )
    return name.strip(), given


def _trial(name, argv, seed, workdir, threads, text):
    argv = (*argv, f"--seed={seed}", f"--workdir={workdir}", f"--threads={threads}")
    try:
        return Trial(name, seed, workdir, argv, flags.parse("train", argv))
    except InputError as error:
        raise InputError(f"--row={text}: {error}") from error
