"""What users write themselves, imported by the name `module:attribute`."""

import difflib
import importlib
import inspect
import os
import re
import sys
import traceback

from tfgan2.errors import InputError

_NAME = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*")


def is_import_name(name):
    """Whether a text has the form module:attribute, with dots for modules in packages."""
    return bool(_NAME.fullmatch(name))


def imported(flag, name, what):
    """The class or function that a flag names as `module:attribute`. Importing its module runs the user's code.

    Args:
      flag: that named it, for messages.
      name: module:attribute; Python finds the module from the working directory or PYTHONPATH.
      what: it has to be, for messages: a sentence's end.

    Raises:
      InputError: the module is not found or cannot be imported, or has no such class or function.
    """
    if not is_import_name(name):
        raise InputError(f"--{flag} is {name}; it must be module:attribute, such as my_gan:MyGAN")
    module_name, _, attribute = name.partition(":")
    module = _module(flag, name, module_name)
    found = getattr(module, attribute, None)
    if not callable(found):
        near = difflib.get_close_matches(attribute, vars(module), n=1)
        raise InputError(
            f"--{flag}={name}: module {module_name!r} has no class or function {attribute!r}; "
            f"{f'did you mean {near[0]}? ' if near else ''}it must be {what}"
        )
    return found


def check_arguments(flag, name, function):
    """Raises InputError if a function or class cannot be called with keyword arguments alone."""
    for parameter in inspect.signature(function).parameters.values():
        positional = parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
        if positional and parameter.default is parameter.empty:
            raise InputError(
                f"--{flag}={name}: its argument {parameter.name!r} has no default; write `*` before the arguments and "
                "give each a type and a default, so that flags can be made of them"
            )


def _module(flag, name, module_name):
    folder = os.getcwd()
    if folder not in sys.path and "" not in sys.path:  # as where an installed program was started
        sys.path.append(folder)
    try:
        return importlib.import_module(module_name)
    except Exception as error:
        absent = error.name if isinstance(error, ModuleNotFoundError) else None
        if absent is not None and f"{module_name}.".startswith(f"{absent}."):
            raise InputError(
                f"--{flag}={name}: there is no module {absent!r}; give one that Python finds from the working "
                "directory or PYTHONPATH"
            ) from None
        raise InputError(f"--{flag}={name}: {_failure(module_name, error)}") from error


def _failure(module_name, error):
    """What went wrong in a module while it was imported, and where."""
    if isinstance(error, SyntaxError):
        place = f"{error.filename}, line {error.lineno}"
    else:
        last = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{last.filename}, line {last.lineno}"
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    return f"importing {module_name!r} failed: {type(error).__name__}: {text} ({place})"
