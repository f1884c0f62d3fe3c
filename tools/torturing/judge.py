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
      prepare: Function that makes what all cases share. It is called before each case, and an error in it ends all.
    """

    about: str
    run: Callable
    cases: int
    seconds: float
    megabytes: int
    prepare: Callable = lambda: None


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
    part.prepare()
    drawn = random.Random(f"{name} {seed} {case}")
    started, before = time.monotonic(), _peak()
    kinds = []
    try:
        with tempfile.TemporaryDirectory(prefix="torture") as folder, contextlib.chdir(folder), _limited(part.seconds):
            outcome, detail = _ended(part, drawn, Path(folder), kinds.append)
    except _TooLong:  # Also while the folder is removed.
        outcome, detail = "failed", f"took more than {part.seconds:g} s"
    grown = _peak() - before
    if outcome != "failed" and grown > part.megabytes:
        outcome, detail = "failed", f"the memory grew by {grown} MB"
    return Verdict(case, kinds[-1] if kinds else "none", outcome, detail, round(time.monotonic() - started, 3))


def _ended(part, drawn, folder, name_kind):
    """The outcome and the detail of one case."""
    try:
        part.run(drawn, folder, name_kind)
    except Answer:
        pass
    except (InputError, NonFiniteError, StorageError, OSError) as error:
        detail = readable(str(error))
        fault = _fault_of(detail)
        return ("failed", f"{fault}: {detail[:300]}") if fault else ("refused", detail)
    except Wrong as error:
        return "failed", f"wrong: {error}"
    except Exception as error:
        return "failed", "".join(traceback.format_exception(error, limit=-4))
    return "accepted", ""


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
