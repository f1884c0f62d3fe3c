"""Whether the folders of runs, of the cache and of temporary files can be written, and have space."""

import shutil
import tempfile
from pathlib import Path

from tfgan2.checkup.finding import Finding, findings_of
from tfgan2.data.cache_folders import cache_folder
from tfgan2.system.files import check_writable

_GIB = 2**30
_LITTLE = 2 * _GIB


def check_folders(workdir, cache_dir=None):
    """Yields a finding for each folder.

    Args:
      workdir: Folder of the runs.
      cache_dir: Folder of prepared data. None takes the usual one.
    """
    yield from findings_of(lambda: _check("runs", Path(workdir)))
    yield from findings_of(lambda: _check("cache of prepared data", cache_folder(cache_dir)))
    yield from findings_of(lambda: _check("temporary files", Path(tempfile.gettempdir())))


def _check(what, folder):
    check_writable(folder / "checked")
    existing = next(parent for parent in (folder.absolute(), *folder.absolute().parents) if parent.exists())
    free = shutil.disk_usage(existing).free
    text = f"{what}: {folder} can be written, {free / _GIB:.1f} GiB are free"
    if free < _LITTLE:
        yield Finding(f"{text}. Checkpoints and pictures may fill that. Free space, or name another folder.", "note")
    else:
        yield Finding(text)
