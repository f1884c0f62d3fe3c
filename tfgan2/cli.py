"""The common frame of all commands: exit codes, messages without traceback, and a start without outside influence."""

import contextlib
import re
import sys
import warnings

from tfgan2.errors import (
    InputError,
    Interrupted,
    NonFiniteError,
    OutOfMemoryError,
    SettingWarning,
    StorageError,
    WorkerLostError,
)
from tfgan2.system import environment, streams

_LONGEST = 2000  # Characters of a message.


class Answer(Exception):
    """Ends a command that only prints a text, such as --help. The text is the message of the exception."""


def run(body, argv, *, needs_tensorflow=True) -> int:
    """Runs a command and converts its expected errors to messages and exit codes. Other exceptions are bugs and raised.

    It imports TensorFlow without start-up messages before the command. So the module of a command must not import
    TensorFlow at the top. A closed stream, or a reader that ends early, such as `head`, does not end the command.

    Args:
      body: Function of `argv` that runs the command. It returns None or an exit code.
      argv: The arguments of the command line, without the name of the program.
      needs_tensorflow: Whether the command needs TensorFlow. Its import takes seconds.

    Returns:
      The exit code: 0 for success, 2 for wrong usage or input, 3 for a number that is not finite, 69 for the loss of
      another worker, 71 for a lack of memory, 74 for an error of reading or writing, 75 for a stop by a signal.
    """
    with streams.safe_streams() as output:
        code = _ended(body, argv, needs_tensorflow)
        output.flush()
        if code == 0 and output.failure is not None:
            return _end(f"standard output: {output.failure.strerror}", StorageError.exit_code)
        return code


def _ended(body, argv, needs_tensorflow):
    try:
        with environment.neutral():
            if needs_tensorflow:
                environment.prepare()
            with _plain_warnings():
                return _answered(body, argv) or 0
    except (InputError, NonFiniteError, WorkerLostError, StorageError, Interrupted) as ending:
        return _end(str(ending), ending.exit_code)
    except OSError as error:
        where = f"{error.filename}: " if error.filename is not None else ""
        return _end(f"{where}{error.strerror or error}", StorageError.exit_code)
    except KeyboardInterrupt:
        return _end("stopped by Ctrl-C.", Interrupted.exit_code)
    except Exception as error:
        # By its name, because the class is TensorFlow's, which is not imported here.
        if not isinstance(error, MemoryError) and type(error).__name__ != "ResourceExhaustedError":
            raise
        return _end(_lack_of_memory(str(error)), OutOfMemoryError.exit_code)


def _lack_of_memory(message):
    shape = re.search(r"allocating tensor with shape *(\[[\d,]*\])|with shape (\(.*?\))", message)
    wanted = f" for an array of shape {shape[1] or shape[2]}" if shape else ""
    return (
        f"there is not enough memory{wanted}. Halve --batch_size, --network.width_multiplier or --data.image_size; to "
        "sample or evaluate, take fewer samples. The last checkpoint of a run stays."
    )


def _answered(body, argv):
    try:
        return body(argv)
    except Answer as answer:
        print(answer)


@contextlib.contextmanager
def _plain_warnings():
    """Context that prints a SettingWarning as one line, without file name and line number."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", SettingWarning)
        show = warnings.showwarning

        def show_plainly(message, category, *place, **options):
            if issubclass(category, SettingWarning):
                print(f"tfgan2: warning: {readable(str(message))}", file=sys.stderr)
            else:
                show(message, category, *place, **options)

        warnings.showwarning = show_plainly
        yield


def readable(message: str) -> str:
    """Returns a message as it is printed: control characters are escaped, and a long message loses its middle.

    Names of files and values of flags are part of messages. Control characters in them could change the terminal.
    """
    shown = "".join(
        each if each.isprintable() or each == "\n" else each.encode("unicode_escape").decode() for each in message
    )
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST // 2]} ... {shown[-_LONGEST // 2 :]}"


def _end(message, code):
    print(f"tfgan2: {readable(message)}", file=sys.stderr)
    return code
