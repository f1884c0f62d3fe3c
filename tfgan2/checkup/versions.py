"""Whether the installed packages are in the ranges that tfgan2 requires."""

import platform
import sys
from importlib import metadata

from tfgan2 import __version__
from tfgan2.checkup.finding import Finding
from tfgan2.errors import InputError


def check_versions(requirements=None, installed=metadata.version):
    """Yields findings about Python and all packages. A package of an extra gives a note if it has another version.

    Args:
      requirements: Texts such as "keras==3.15.*". None takes those of the installed tfgan2.
      installed: Function from the name of a package to its version.

    Raises:
      InputError: The package that reads ranges is missing.
    """
    try:
        from packaging.requirements import Requirement
    except ModuleNotFoundError:
        raise InputError(f"packaging is missing. Run {sys.executable} -m pip install packaging.") from None
    yield Finding(f"Python {platform.python_version()} in {sys.prefix}, tfgan2 {__version__}")
    try:
        lines = (metadata.requires("tfgan2") or []) if requirements is None else requirements
    except metadata.PackageNotFoundError:
        yield Finding("tfgan2 is not installed, so its ranges of packages are unknown. Run pip install -e .", "note")
        return
    fitting = []
    for requirement in map(Requirement, lines):
        needed = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        try:
            version = installed(requirement.name)
        except metadata.PackageNotFoundError:
            if needed:
                yield _advised(f"{requirement.name} is missing.", requirement)
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            text = f"{requirement.name} is {version}; tfgan2 needs {requirement.specifier}."
            yield _advised(text, requirement) if needed else _advised(text, requirement, "note", 0)
        elif needed:
            fitting.append(f"{requirement.name} {version}")
    yield Finding(", ".join(fitting) or "no package is required")


def _advised(text, requirement, level="problem", exit_code=InputError.exit_code):
    advice = f"Run {sys.executable} -m pip install '{requirement.name}{requirement.specifier}'."
    return Finding(f"{text} {advice}", level, exit_code)
