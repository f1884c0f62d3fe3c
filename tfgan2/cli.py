"""What the commands share: exit codes, messages without traceback, and a start that nothing outside changes."""

import contextlib
import sys
import warnings

from tfgan2.errors import InputError, Interrupted, NonFiniteError, SettingWarning, StorageError, WorkerLostError
from tfgan2.system import environment, streams


class Answer(Exception):
    """The command line only asks for a text, as by --help: the exception's message."""


def run(body, argv) -> int:
    """Calls `body(argv)` and turns orderly endings into exit codes; an exception that is a bug passes through.

    TensorFlow is imported first, quietly, so `body` does its own imports of TensorFlow, and the module that defines it
    has none. Neither a closed stream nor a reader that has left, such as `head`, ends the work.

    Args:
      body: does the work; it returns nothing or an exit code.
      argv: the command line without the program's name.

    Returns:
      0 for success, 2 for wrong usage or input, 3 for a loss that is not finite, 69 if another worker of the run is
      gone, 74 if reading or writing failed, 75 if stopped by a signal.
    """
    with streams.lasting() as output:
        code = _ended(body, argv)
        output.flush()
        if code == 0 and output.failure is not None:
            return _end(f"standard output: {output.failure.strerror}", StorageError.exit_code)
        return code


def _ended(body, argv):
    try:
        with environment.neutral():
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


def _answered(body, argv):
    try:
        return body(argv)
    except Answer as answer:
        print(answer)


@contextlib.contextmanager
def _plain_warnings():
    """Shows a warning about a setting as a line of its own, without the place in our code that it comes from."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", SettingWarning)
        show = warnings.showwarning

        def show_plainly(message, category, *place, **options):
            if issubclass(category, SettingWarning):
                print(f"tfgan2: warning: {message}", file=sys.stderr)
            else:
                show(message, category, *place, **options)

        warnings.showwarning = show_plainly
        yield


def _end(message, code):
    print(f"tfgan2: {message}", file=sys.stderr)
    return code
