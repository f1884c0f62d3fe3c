"""Versions of the files that this package writes and reads again. Older files are read, and newer ones are refused."""

from tfgan2 import __version__
from tfgan2.errors import InputError

KEY = "format_version"

VERSIONS = {
    "checkpoint": 1,
    "flags.cfg": 1,
    "data.json": 1,
    "choices.json": 1,
    "metrics.jsonl": 1,
    "recoveries.json": 1,
    "partition.json": 1,
    "recipe.json": 1,
    "evaluation": 1,
    "export": 1,
    "safetensors": 1,
    "prepared images": 3,
    "computed arrays": 1,
}
"""Kind of file -> the version that this package writes. It grows when earlier releases would misread the file."""


def versioned(kind, record) -> dict:
    """Returns a record with the version of its kind of file."""
    return {KEY: VERSIONS[kind]} | record


def check_version(kind, path, record):
    """Checks that this package can read a file. A record without a version is of version 1.

    Args:
      kind: A key of `VERSIONS`.
      path: Path of the file, for the message.
      record: The content of the file. Only a dict has a version.

    Raises:
      InputError: The file has a newer version, or none of this package.
    """
    version = record.get(KEY, 1) if isinstance(record, dict) else 1
    newest = VERSIONS[kind]
    if type(version) is int and 1 <= version <= newest:
        return
    accepted = "version 1" if newest == 1 else f"versions 1 to {newest}"
    raise InputError(
        f"{path} has {KEY} {version!r}, and tfgan2 {__version__} reads {accepted} of this kind of file ({kind}). A "
        "newer release wrote it: install that release, or name another folder to begin anew."
    )


def version_in(text):
    """The version that a text holds, as an integer if it is one."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else text
