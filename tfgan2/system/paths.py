"""Paths as users write them, and as TensorFlow takes them."""

import contextlib
import os
import re
import tempfile
from pathlib import Path

_LONGEST = 255
_PATTERN = re.compile(r"[*?\[\]\\]")


def from_user(text):
    """The `Path` that a text stands for, with the home folder in place of a leading ~ or ~user.

    Raises:
      ValueError: the text is empty, no such home folder is known, or a name is too long for a file system.
    """
    if not text:
        raise ValueError("give a path")
    path = Path(os.path.expanduser(text))
    if text[0] == "~" and not path.is_absolute():
        home = text.partition("/")[0]
        raise ValueError(f"the home folder {home} is not known; for a folder of that name write ./{home}")
    if any(len(os.fsencode(name)) > _LONGEST for name in path.parts):
        raise ValueError(f"a name is too long; a file or folder has one of at most {_LONGEST} bytes")
    return path


def to_user(path):
    """The text that `from_user` and a flag read as this path, also where it begins with ~ or - or is None."""
    text = str(path)
    return f"./{text}" if text[0] in "~-" or text.lower() == "none" else text


def pattern_in(path):
    """The first character of a path that TensorFlow reads as part of a pattern, or None."""
    found = _PATTERN.search(str(path))
    return found and found[0]


@contextlib.contextmanager
def literal(folder):
    """Within it a path to a folder that TensorFlow can read from, whatever characters are in the folder's own path.

    TensorFlow writes to a path as it is, but reads * ? [ ] and backslash in it as a pattern.
    """
    if pattern_in(folder) is None:
        yield Path(folder)
        return
    with tempfile.TemporaryDirectory(prefix="tfgan2-") as parent:
        link = Path(parent, "link")
        link.symlink_to(os.path.abspath(folder))
        yield link
