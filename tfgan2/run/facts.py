"""The file data.json in the folder of a run, which has facts about its data."""

from pathlib import Path

from tfgan2.data.facts import FILE, difference, from_json, to_json
from tfgan2.errors import InputError
from tfgan2.system.files import write_whole


def read_facts(workdir):
    """Reads the `Facts` of a run.

    Raises:
      InputError: The file is missing or damaged, or has a newer version.
    """
    path = Path(workdir) / FILE
    if not path.exists():
        raise InputError(
            f"{workdir} has no {FILE} with the facts about its data. Run its training command again to write it."
        )
    try:
        return from_json(path.read_bytes(), path)
    except InputError:
        raise
    except ValueError as error:
        raise InputError(
            f"{path} is damaged ({error}); delete it and run the training command again to write it."
        ) from error


def write_facts(workdir, facts):
    """Writes the file if it does not exist."""
    path = Path(workdir) / FILE
    if not path.exists():
        write_whole(path, to_json(facts))


def check_same_data(workdir, facts):
    """Raises InputError if the run in a folder was trained on other data."""
    if (Path(workdir) / FILE).exists():
        check_data(workdir, read_facts(workdir), facts)


def check_data(workdir, before, now):
    """Raises InputError if two `Facts` about the data of a run differ."""
    if lines := difference(before, now):
        raise InputError(
            f"{workdir} was trained on other data than these:\n  " + "\n  ".join(lines) + "\n"
            f"Restore the former data, or start a new run on these data from its weights by --init_from={workdir}."
        )
