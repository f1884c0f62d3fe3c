"""Import of classes and functions of the user by a name `module:attribute`."""

import ast
import difflib
import importlib
import inspect
import os
import re
import sys
import traceback
from pathlib import Path

from tfgan2.errors import InputError, StorageError

_NAME = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*")


def is_import_name(name):
    """Whether a text has the form module:attribute, with dots for modules in packages."""
    return bool(_NAME.fullmatch(name))


def imported(flag, name, what):
    """Imports the class or function of a flag. This runs the code of its module.

    Args:
      flag: The flag with this name, for messages.
      name: module:attribute. Python finds the module in the working directory or in PYTHONPATH.
      what: The accepted object, for messages, such as "a method".

    Raises:
      InputError: The module is not found or cannot be imported, or has no such class or function.
    """
    if not is_import_name(name):
        raise InputError(f"--{flag}={name} is not of the form module:attribute, such as my_gan:MyGAN")
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
        if parameter.default is not parameter.empty and parameter.annotation is parameter.empty:
            example = f"{parameter.name}: int = 3"
            raise InputError(f"--{flag}={name}: its argument {parameter.name!r} has no type; write {example}")


def _module(flag, name, module_name):
    folder = os.getcwd()
    if folder not in sys.path and "" not in sys.path:  # An installed program has no working directory in it.
        sys.path.append(folder)
    try:
        return importlib.import_module(module_name)
    except (Exception, SystemExit) as error:
        absent = error.name if isinstance(error, ModuleNotFoundError) else None
        if absent is not None and f"{module_name}.".startswith(f"{absent}."):
            advice = "give one that Python finds from the working directory or PYTHONPATH"
            if module_name.endswith(".py"):
                advice = f"write --{flag}={module_name.removesuffix('.py')}:{name.partition(':')[2]}, without .py"
            raise InputError(f"--{flag}={name}: there is no module {absent!r}; {advice}") from None
        raise InputError(f"--{flag}={name}: importing {module_name!r} failed: {_fault(error, module_name)}") from error


def called(flag, name, function, **arguments):
    """Calls a user's function and returns its result.

    Args:
      flag: Flag that names the function, for messages.
      name: module:function.
      function: The function.
      **arguments: Its arguments.

    Raises:
      InputError: The function raised an error or ended the program. Errors of tfgan2 are raised unchanged.
    """
    try:
        return function(**arguments)
    except (InputError, StorageError):
        raise
    except (Exception, SystemExit) as error:
        raise InputError(f"--{flag}={name} failed: {_fault(error, function.__module__)}") from error


def names_of_file(flag, name):
    """Suggests module:attribute for the name of a Python file in the working directory, without running the file.

    Returns:
      The question "did you mean my_gan:MyGAN? " for the classes of my_gan.py, or for its functions if the flag is
      dataset. The text is empty if there is no such file or class.
    """
    module = name.removesuffix(".py")
    try:
        code = ast.parse(Path(f"{module}.py").read_bytes())
    except (OSError, SyntaxError, ValueError):
        return ""
    kind = ast.FunctionDef if flag.endswith("dataset") else ast.ClassDef
    found = [f"{module}:{node.name}" for node in code.body if isinstance(node, kind) and not node.name.startswith("_")]
    return f"did you mean {' or '.join(found[:3])}? " if found and is_import_name(found[0]) else ""


def _fault(error, module_name):
    """The kind and the text of an error, and its last place in a module of the user."""
    if isinstance(error, SyntaxError):
        return f"{type(error).__name__}: {error.msg} ({error.filename}, line {error.lineno})"
    places = list(traceback.walk_tb(error.__traceback__))
    own = [place for place in places if place[0].f_globals.get("__name__") == module_name]
    frame, line = (own or places)[-1]
    text = f"{type(error).__name__}: {error}".removesuffix(": ")
    return f"{text} ({frame.f_code.co_filename}, line {line})"
