"""Conversion of paths: from the text of a user, and to paths that TensorFlow reads literally."""

import contextlib
import os
import re
import tempfile
from pathlib import Path

_LONGEST = 255
_PATTERN = re.compile(r"[*?\[\]\\]")


def from_user(text):
    """Converts a text to a `Path`. The home folder replaces a leading ~ or ~user.

    Raises:
      ValueError: The text is empty, the home folder is unknown, or a name is too long for a file system.
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
    """Converts a path to a text that `from_user` converts back, also a path such as "~", "-x" or "None"."""
    text = str(path)
    return f"./{text}" if text[0] in "~-" or text.lower() == "none" else text


def pattern_in(path):
    """Returns the first character of a path that TensorFlow reads as part of a pattern, or None."""
    found = _PATTERN.search(str(path))
    return found and found[0]


@contextlib.contextmanager
def literal(folder):
    """Context with a path to a folder that TensorFlow can read, for all characters in the original path.

    TensorFlow writes to any path. When it reads, * ? [ ] and backslash in a path are a pattern. If the path has one of
    them, a temporary link takes its place.
    """
    if pattern_in(folder) is None:
        yield Path(folder)
        return
    with tempfile.TemporaryDirectory(prefix="tfgan2-") as parent:
        link = Path(parent, "link")
        link.symlink_to(os.path.abspath(folder))
        yield link
