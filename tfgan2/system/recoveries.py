"""Recoveries: the times that a run went back to a checkpoint, because a number was not finite."""

import json
from pathlib import Path
from typing import NamedTuple

from tfgan2.errors import InputError
from tfgan2.system.file_versions import check_version, versioned
from tfgan2.system.files import write_whole

FILE = "recoveries.json"
"""File of the recoveries in the folder of a run. Together with the seed it determines the random numbers."""


class Recovery(NamedTuple):
    """One recovery.

    Attributes:
      step: The step that the run went back to. From here on it has other random numbers.
      reason: What was not finite, a sentence.
    """

    step: int
    reason: str


def read_recoveries(workdir) -> tuple[Recovery, ...]:
    """Returns the recoveries of a run in order. Empty without any.

    Raises:
      InputError: The file is damaged, or has a newer version.
    """
    path = Path(workdir) / FILE
    try:
        entries = json.loads(path.read_bytes())
        for each in entries:
            check_version(FILE, path, each)
        return tuple(Recovery(int(each["step"]), str(each["reason"])) for each in entries)
    except FileNotFoundError:
        return ()
    except InputError:
        raise
    except (ValueError, TypeError, KeyError) as error:
        raise InputError(f"{path} is damaged. Restore it from a copy, or start again in a new workdir.") from error


def write_recoveries(workdir, recoveries):
    """Writes the recoveries of a run."""
    text = json.dumps([versioned(FILE, recovery._asdict()) for recovery in recoveries], indent=1)
    write_whole(Path(workdir) / FILE, f"{text}\n".encode())


def recoveries_until(recoveries, step):
    """The number of recoveries that went back to this step or an earlier one. It chooses the random numbers."""
    return sum(recovery.step <= step for recovery in recoveries)
