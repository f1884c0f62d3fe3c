"""The judgement of one case: whether the program survived it."""

import contextlib
import os
import random
import resource
import signal
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tfgan2.cli import Answer, readable
from tfgan2.errors import InputError, NonFiniteError, StorageError

_LONGEST_MESSAGE = 2100  # Characters. A longer message is not read.


class Part(NamedTuple):
    """A kind of faults.

    Attributes:
      about: What is done, for the report.
      run: Function of a random.Random and an empty folder that runs a case. It returns a word for its kind, or raises
        what the program raised. It raises `Wrong` if a result is wrong.
      cases: Number of cases of a full run.
      seconds: Longest time of a case.
      megabytes: Largest growth of the memory in a case.
    """

    about: str
    run: Callable
    cases: int
    seconds: float
    megabytes: int


class Wrong(Exception):
    """The program took an input, and its result is wrong."""


class Verdict(NamedTuple):
    """The outcome of a case.

    Attributes:
      case: Number of the case.
      kind: What was done, a word.
      outcome: "accepted", "refused" or "failed".
      detail: The message of a refusal, or what failed.
      seconds: Time that the case took.
    """

    case: int
    kind: str
    outcome: str
    detail: str
    seconds: float


class _TooLong(BaseException):
    """The case takes longer than it may. No handler of the program must catch it."""


def judged(name, part, seed, case) -> Verdict:
    """Runs one case in a temporary folder and returns its `Verdict`."""
    drawn = random.Random(f"{name} {seed} {case}")
    started, before = time.monotonic(), _peak()
    with tempfile.TemporaryDirectory(prefix="torture") as folder, contextlib.chdir(folder), _limited(part.seconds):
        kinds = []
        try:
            part.run(drawn, Path(folder), kinds.append)
            outcome, detail = "accepted", ""
        except Answer:
            outcome, detail = "accepted", ""
        except (InputError, NonFiniteError, StorageError, OSError) as error:
            outcome, detail = "refused", readable(str(error))
            if fault := _fault_of(detail):
                outcome, detail = "failed", f"{fault}: {detail[:300]}"
        except Wrong as error:
            outcome, detail = "failed", f"wrong: {error}"
        except _TooLong:
            outcome, detail = "failed", f"took more than {part.seconds:g} s"
        except Exception as error:
            outcome, detail = "failed", "".join(traceback.format_exception(error, limit=-4))
    grown = _peak() - before
    if outcome != "failed" and grown > part.megabytes:
        outcome, detail = "failed", f"the memory grew by {grown} MB"
    return Verdict(case, kinds[-1] if kinds else "none", outcome, detail, round(time.monotonic() - started, 3))


def _fault_of(message):
    """What a user would hold against a message of an error, or None."""
    if not message.strip():
        return "empty message"
    if len(message) > _LONGEST_MESSAGE:
        return f"message of {len(message)} characters"
    if "Traceback" in message or "\x00" in message:
        return "unreadable message"
    return None


@contextlib.contextmanager
def _limited(seconds):
    """Context that raises `_TooLong` after a time."""

    def end(*_):
        raise _TooLong

    previous = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def _peak():
    """The largest memory of this process so far, in MB."""
    scale = 1 if os.uname().sysname == "Darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale // 2**20
