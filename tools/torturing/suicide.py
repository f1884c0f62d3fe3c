"""What a process does to itself: it counts what it does to files, and dies at one of these events or within a write."""

import collections
import json
import os
import resource
import shutil
import signal
import sys
import threading
from pathlib import Path

_EVENTS = {
    **{"open": "open", "os.mkdir": "make", "os.rename": "rename", "os.symlink": "link"},
    **{"os.remove": "remove", "os.rmdir": "remove", "shutil.rmtree": "remove"},
}
_WRITES = os.O_WRONLY | os.O_RDWR


def on_events(act):
    """Calls `act(kind, path)` before each event that changes the working folder or what is below it.

    The kinds are open (for writing), make (a folder), rename, link and remove. TensorFlow's own writes have no events.
    """
    folder, busy = os.getcwd(), threading.local()

    def hook(event, arguments):
        if event not in _EVENTS or getattr(busy, "is_acting", False):
            return
        path = arguments[1] if event == "os.symlink" else arguments[0]
        if isinstance(path, int) or (event == "open" and not (arguments[2] or 0) & _WRITES):
            return
        path = os.path.abspath(os.fsdecode(path))
        if path.startswith(folder):
            busy.is_acting = True
            act(_EVENTS[event], path)
            busy.is_acting = False

    sys.addaudithook(hook)


def note_events(kept):
    """Counts events until the returned function writes them to a file. What is renamed is copied to `kept` before."""
    counts, folder = collections.Counter(), os.getcwd()

    def note(kind, path):
        counts[kind] += 1
        if kind == "rename" and os.path.basename(path).startswith("step_") and os.path.isdir(path):
            shutil.copytree(path, Path(kept, os.path.relpath(path, folder)), dirs_exist_ok=True)

    on_events(note)
    return lambda path: Path(path).write_text(json.dumps(counts))


def die_at(kind, number):
    """Kills this process before the event with this number, from 0, among those of a kind."""
    seen = collections.Counter()

    def act(this, path):
        if this == kind and seen[kind] == number:
            os.kill(os.getpid(), signal.SIGKILL)
        seen[this] += 1

    on_events(act)


def die_in_a_write(size):
    """The process dies within the write that makes a file longer than this size. The file has its first bytes."""
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
