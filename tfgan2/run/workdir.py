"""The folder of a run: its lock and its flags."""

import contextlib
import fcntl
import json
import os
import shutil
from pathlib import Path

from tfgan2 import flags
from tfgan2.errors import InputError
from tfgan2.system import checkpoints
from tfgan2.system.file_versions import versioned
from tfgan2.system.files import read_json

FLAGFILE = "flags.cfg"
CHOICES = "choices.json"
"""File of a run with the choices of its recipe, their reasons, and the seconds that each training takes."""

STAGES_FOLDER = "stages"
"""Folder of earlier stages. It may exist before the flags of the run."""


def resumed(settings):
    """Returns the settings with the values that were fixed at the first start of the run. It writes nothing.

    Raises:
      InputError: The workdir is a file, a folder without a run, or a run with different trajectory flags.
    """
    workdir = Path(settings.workdir)
    if workdir.exists() and not workdir.is_dir():
        raise InputError(f"--workdir={workdir} is a file; name a folder, which is created if it is missing.")
    stored = read_settings(workdir) if (workdir / FLAGFILE).exists() else None
    settings = settings.started(stored)
    if stored is not None:
        _check_same_run(stored, settings)
    elif workdir.is_dir() and any(not _is_passed_over(path.name) for path in workdir.iterdir()):
        raise InputError(f"--workdir={workdir} holds files but no {FLAGFILE}, so it is not a run; name a new folder.")
    return settings


def _is_passed_over(name):
    """Whether a new run ignores a file of this name. For example, the root of a volume has hidden files."""
    return name in (STAGES_FOLDER, "lost+found") or name.startswith(".")


def remove_untrained(workdir):
    """Removes what a new run has written into its folder, if it has no checkpoint. Earlier stages stay."""
    if checkpoints.saved_steps(workdir / "checkpoints"):
        return
    for path in workdir.iterdir():
        if not _is_passed_over(path.name):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    with contextlib.suppress(OSError):
        workdir.rmdir()


@contextlib.contextmanager
def claimed(path, flag="workdir"):
    """Context that locks the folder of a run. The folder is created if it is missing.

    Args:
      path: Path of the folder.
      flag: The flag with this path, for messages.

    Raises:
      InputError: The folder cannot be created or is not writable, or another process has locked it.
    """
    _create(path, flag)
    folder = os.open(path, os.O_RDONLY)
    try:
        # The system releases the lock at every kind of end of the process.
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(folder)
        raise InputError(
            f"--{flag}={path} is being trained by another process; wait for it, or name another folder."
        ) from None
    except OSError:
        pass  # The file system cannot lock folders.
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
    """Reads the settings of the last start of a run.

    Raises:
      InputError: The folder does not exist or has no run.
    """
    path = Path(workdir) / FLAGFILE
    if not path.is_file():
        raise InputError(f"{workdir} is not a run: it has no {FLAGFILE}. Name the folder of a run of tfgan2.train.")
    return flags.read_flagfile(path)


def choices_file(record) -> bytes:
    """Returns the content of the file `CHOICES`."""
    return (json.dumps(versioned(CHOICES, record), indent=1) + "\n").encode()


def recorded_choices(workdir) -> dict:
    """Returns the content of `CHOICES` in the folder of a run. Empty if the file is missing or damaged.

    Raises:
      InputError: The file has a newer version.
    """
    record = read_json(CHOICES, Path(workdir) / CHOICES)
    return record if isinstance(record, dict) else {}


def expected_seconds(workdir) -> dict[str, float]:
    """Returns name of a stage, or `MAIN` -> seconds, as a recipe has estimated them. Empty without an estimate."""
    try:
        return {name: float(value) for name, value in recorded_choices(workdir).get("seconds", {}).items()}
    except (ValueError, TypeError, AttributeError):
        return {}


def _check_same_run(old, new):
    difference = flags.trajectory_difference(old, new)
    if difference:
        raise InputError(
            f"--workdir={new.workdir} is a run with other flags:\n  " + "\n  ".join(difference) + f"\n{_advice(new)}"
        )


def _advice(new):
    workdir = Path(new.workdir)
    if checkpoints.saved_steps(workdir / "checkpoints"):
        return "Use the same flags to resume it, or name a new workdir."
    kept = f"all files in it except {STAGES_FOLDER}" if (workdir / STAGES_FOLDER).is_dir() else "the folder"
    return f"It has no checkpoint yet. Delete {kept} to start with these flags, or name a new workdir."
