"""A disk that fails: the library of full_disk.c is preloaded into processes, and switched on in one of them."""

import functools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

from torturing.nursery import Nursery

COMPILER = "cc"
_SOURCE = Path(__file__).with_name("full_disk.c")
_FOREVER = 2**62
_FOLDER = tempfile.TemporaryDirectory(prefix="torture_disk")  # Of the library, while this process lives.


class Disk(NamedTuple):
    """What the disk of a process does.

    Attributes:
      first: Number of the first call that fails, from 0. None lets no call fail.
      lasts: Whether all later calls fail too.
      error: The error number.
      microseconds: Time that each call takes more.
      below: Folder that it holds for, relative to the working folder.
    """

    first: int | None = None
    lasts: bool = False
    error: int = 0
    microseconds: int = 0
    below: str = "."

    def code(self, place, notes):
        """Python code that switches it on. The calls become lines of the file `notes`."""
        first = _FOREVER if self.first is None else self.first
        last = _FOREVER - 1 if self.lasts else first
        folder = os.path.normpath(os.path.join(os.path.realpath(place), self.below))
        numbers = f"ctypes.c_long({first}), ctypes.c_long({last}), {self.error}, {self.microseconds}"
        return (
            f"import ctypes\nnotes = os.open({str(notes)!r}, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND)\n"
            f"ctypes.CDLL(None).fail_disk({os.fsencode(folder)!r}, {numbers}, notes)"
        )


@functools.cache
def library():
    """Returns the path of the compiled library, or None if no compiler can make it."""
    if shutil.which(COMPILER) is None:
        return None
    path = Path(_FOLDER.name, "full_disk.so")
    made = subprocess.run([COMPILER, "-O1", "-shared", "-fPIC", "-o", path, _SOURCE, "-ldl"], capture_output=True)
    return None if made.returncode else path


def preloaded():
    """Returns the environment variables that load the library into a process. Without a library it is empty."""
    return {"LD_PRELOAD": str(library())} if library() else {}


@functools.cache
def nursery():
    """Returns a nursery whose processes have a disk that can fail. It ends with this process."""
    return Nursery(preloaded())
