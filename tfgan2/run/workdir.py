"""The folder of a run: who uses it, and the flags that it was started with."""

import contextlib
import fcntl
import os
from pathlib import Path

from tfgan2 import flags
from tfgan2.errors import InputError

FLAGFILE = "flags.cfg"
STAGES_FOLDER = "stages"
"""Folder of earlier stages, which a run may have before its flags."""


def resumed(settings):
    """The settings of the run in `settings.workdir`, with what was settled at its first start; writes nothing.

    Raises:
      InputError: the path is a file, a folder of something else, or a run with other trajectory flags.
    """
    workdir = Path(settings.workdir)
    if workdir.exists() and not workdir.is_dir():
        raise InputError(f"--workdir={workdir} is a file; name a folder, which is created if it is missing.")
    stored = read_settings(workdir) if (workdir / FLAGFILE).exists() else None
    settings = settings.started(stored)
    if stored is not None:
        _check_same_run(stored, settings)
    elif workdir.is_dir() and any(not _is_passed_over(path.name) for path in workdir.iterdir()):
        raise InputError(f"--workdir={workdir} holds files but no {FLAGFILE}, so it is no run; name a new folder.")
    return settings


def _is_passed_over(name):
    """Whether a folder with such a file may become that of a run: the root of a volume has hidden ones, for example."""
    return name in (STAGES_FOLDER, "lost+found") or name.startswith(".")


@contextlib.contextmanager
def claimed(path, flag="workdir"):
    """Creates a folder to train in where it is missing; while in this context, no other process can claim it.

    Args:
      path: of the folder.
      flag: that named it.

    Raises:
      InputError: it cannot be created, or not be written to, or another process trains in it.
    """
    _create(path, flag)
    folder = os.open(path, os.O_RDONLY)
    try:
        # The system lets go of a lock when its process ends, however that ends.
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(folder)
        raise InputError(
            f"--{flag}={path} is being trained by another process; wait for it, or name another folder."
        ) from None
    except OSError:
        pass  # a file system that cannot lock folders
    try:
        yield
    finally:
        os.close(folder)


def _create(path, flag):
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"--{flag}={path} cannot be created: {error.strerror}. Name a folder that you may write."
        ) from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise InputError(f"--{flag}={path} is not writable; name a folder that you may write.")


def read_settings(workdir):
    """The settings that a run was last started with.

    Raises:
      InputError: the folder does not exist or is no run.
    """
    path = Path(workdir) / FLAGFILE
    if not path.is_file():
        raise InputError(f"{workdir} is no run: it has no {FLAGFILE}. Name the folder of a run of tfgan2.train.")
    return flags.read_flagfile(path)


def _check_same_run(old, new):
    difference = flags.trajectory_difference(old, new)
    if difference:
        raise InputError(
            f"--workdir={new.workdir} is a run with other flags:\n  " + "\n  ".join(difference) + "\n"
            "Use the same flags to resume it, or name a new workdir."
        )
