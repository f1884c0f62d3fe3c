"""tfgan2 COMMAND ..., or python -m tfgan2 COMMAND ...: all commands of the package by one name."""

import importlib
import sys

from tfgan2 import __version__, cli
from tfgan2.errors import InputError

COMMANDS = {
    "train": "Trains a model, or continues its training: tfgan2 train folder:DIR",
    "sample": "Draws samples of a trained model: tfgan2 sample --workdir=W --output=samples.png",
    "evaluate": "Measures a trained model or samples: tfgan2 evaluate --workdir=W",
    "compare": "Trains and compares rows of runs: tfgan2 compare --row=A.cfg --row=B.cfg --output=DIR",
    "export": "Writes a trained model for other programs: tfgan2 export --workdir=W",
    "report": "Writes a page about a run: tfgan2 report --workdir=W",
    "doctor": "Checks the installation, the machine and the data: tfgan2 doctor",
    "completion": "Prints the completion of a shell: tfgan2 completion bash",
}
"""Command -> what it does. `tfgan2 NAME` is the same as `python -m tfgan2.NAME`."""


def main(argv=None):
    """Runs a command by its name, the first argument, and returns its exit code."""
    argv = sys.argv[1:] if argv is None else argv
    if argv and argv[0] in COMMANDS:
        return importlib.import_module(f"tfgan2.{argv[0]}").main(argv[1:])
    return cli.run(_answer, argv, needs_tensorflow=False)


def _answer(argv):
    name = argv[0] if argv else ""
    if name in ("--help", "-h", "help"):
        raise cli.Answer(_text())
    if name == "--version":
        raise cli.Answer(f"tfgan2 {__version__}")
    given = f"{name!r} is not a command" if name else "the command is missing"
    raise InputError(f"{given}; give one of {', '.join(COMMANDS)}, for example: tfgan2 train folder:DIR")


def _text():
    rows = [f"  {name:<12}{about}" for name, about in COMMANDS.items()]
    return "\n".join(["Commands of tfgan2", *rows, "", "`tfgan2 COMMAND --help` shows the flags of a command."])


if __name__ == "__main__":
    sys.exit(main())
