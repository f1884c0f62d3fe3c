"""Search and reading of flagfiles."""

import os
from pathlib import Path
from typing import NamedTuple

import tfgan2
from tfgan2.errors import InputError
from tfgan2.flags.nearest import did_you_mean
from tfgan2.system.file_versions import KEY, check_version, version_in
from tfgan2.system.paths import from_user


class Token(NamedTuple):
    """One argument of a command line.

    Attributes:
      text: The text as typed.
      place: "FILE:LINE" of the flagfile with this argument. Empty for the command line itself.
    """

    text: str
    place: str = ""


def expand(argv) -> list[Token]:
    """Replaces each `--flagfile=FILE` of a command line by the flags of this file, which may include further files.

    A flagfile has one `--flag` or `--flag=value` per line, blank lines, and comment lines that begin with `#`. The
    comment `# format_version=N` says for which version it was written.

    Raises:
      InputError: A file is missing, cannot be read, includes itself, has a newer version, or has a line of another
        form.
    """
    return _expand([Token(text) for text in argv], folder=None, including=())


def configs() -> dict[str, Path]:
    """Returns the configurations of this package: configs/NAME.cfg -> path.

    Configurations of the repository take precedence over installed ones.
    """
    return {f"configs/{path.name}": path for folder in _folders() for path in sorted(folder.glob("*.cfg"))}


def summary(path: Path) -> str:
    """Returns the first comment line of a flagfile without its `#`."""
    comments = (line.lstrip("# ").rstrip() for line in _lines(path) if line.startswith("#"))
    return next(filter(None, comments), "")


def _expand(tokens, *, folder, including):
    expanded = []
    remaining = iter(tokens)
    for token in remaining:
        flag, equals, name = token.text.partition("=")
        if token.text == "--":
            return [*expanded, token, *remaining]
        if flag not in ("--flagfile", "-flagfile"):
            expanded.append(token)
            continue
        if not equals:
            name = next(remaining, Token("")).text
        path = _find(name, folder, token.place)
        if path in including:
            raise InputError(f"{token.place}: --flagfile={name} includes itself; take that line out")
        expanded += _expand(_read(path), folder=path.parent, including=(*including, path))
    return expanded


def _folders():
    """The folder of installed configurations, followed by that of the repository, if there is one."""
    package = Path(tfgan2.__file__).resolve().parent
    folders = [package / "configs"]
    if (package.parent / "setup.py").is_file():
        folders.append(package.parent / "configs")
    return folders


def _find(name, folder, place):
    if not name:
        raise InputError("--flagfile needs the path of a file, such as --flagfile=configs/demo.cfg")
    try:
        path = from_user(name)
    except ValueError as error:
        raise InputError(f"--flagfile={name}: {error}") from None
    # Common parts, configs/common/NAME.cfg, are found in the same way, but they are not listed.
    shipped = [each.parent / path for each in reversed(_folders())] if path.parts[:1] == ("configs",) else []
    for found in ((folder or Path.cwd()) / path, *shipped):
        if os.path.exists(found):
            return found.resolve()
    where = f" ({place})" if place else ""
    hint = did_you_mean(name, configs())
    raise InputError(
        f"there is no flagfile {name}{where}; {hint}`python -m tfgan2.train --list` shows the configurations"
    )


def _read(path):
    tokens = []
    for number, line in enumerate(_lines(path), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            comment, _, version = text.partition("=")
            if comment == f"# {KEY}":
                check_version("flags.cfg", path, {KEY: version_in(version)})
            continue
        flag, equals, value = text.partition("=")
        if not flag.startswith("--") or flag == "--" or len(flag.split()) > 1:
            raise InputError(f"{path}:{number}: {text!r} is not a flag; write --flag=value, and # before a comment")
        tokens.append(Token(f"{flag.rstrip()}={value.strip()}" if equals else flag, f"{path}:{number}"))
    return tokens


def _lines(path):
    try:
        return path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError:
        raise InputError(f"{path} is not a text in UTF-8; a flagfile holds one --flag=value a line") from None
    except OSError as error:
        raise InputError(f"the flagfile {path} cannot be read: {error.strerror}") from None
