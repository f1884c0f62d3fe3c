"""What a check finds."""

from typing import Literal, NamedTuple

from tfgan2.errors import InputError, StorageError, WorkerLostError

_EXPECTED = (InputError, StorageError, WorkerLostError)


class Finding(NamedTuple):
    """A line of tfgan2.doctor.

    Attributes:
      text: Sentences. Those of a note or a problem say what to do.
      level: "ok", "note" for what may be wanted otherwise, or "problem" for what does not work.
      exit_code: The exit code of a problem, as that of the errors in tfgan2/errors.py.
    """

    text: str
    level: Literal["ok", "note", "problem"] = "ok"
    exit_code: int = 0


def findings_of(check):
    """Returns the `Finding`s that a function yields. An expected error of the function is a problem."""
    found = []
    try:
        for finding in check():
            found.append(finding)
    except _EXPECTED as error:
        found.append(Finding(str(error), "problem", error.exit_code))
    return found
