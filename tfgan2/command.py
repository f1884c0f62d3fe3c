"""What the commands share: exit codes, messages without traceback, and a quiet start of TensorFlow."""

import contextlib
import os
import re
import sys
import tempfile
import warnings

from tfgan2.errors import InputError, Interrupted, NonFiniteError, SettingWarning, StorageError, WorkerLostError

_CHATTER = re.compile(r"WARNING: All log messages before absl|I\d{4} |E\d{4} .*failed call to cuInit")


class Answer(Exception):
    """The command line only asks for a text, as by --help: the exception's message."""


def run(body, argv) -> int:
    """Calls `body(argv)` and turns orderly endings into exit codes; an exception that is a bug passes through.

    TensorFlow is imported first, quietly, so `body` does its own imports of TensorFlow, and the module that defines it
    has none.

    Args:
      body: does the work; it returns nothing or an exit code.
      argv: the command line without the program's name.

    Returns:
      0 for success, 2 for wrong usage or input, 3 for a loss that is not finite, 69 if another worker of the run is
      gone, 74 if reading or writing failed, 75 if stopped by a signal.
    """
    try:
        _import_tensorflow()
        with _plain_warnings():
            code = _answered(body, argv) or 0
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # A reader such as `head` has had enough; what is left goes nowhere, or Python would complain at its exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
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


def _import_tensorflow():
    """Imports TensorFlow and looks for devices without their start-up messages on standard error.

    What goes wrong is raised; what TensorFlow logs as an error besides, such as an optimization of a graph that it has
    left out, changes nothing. TF_CPP_MIN_LOG_LEVEL does not hold for what is logged while the libraries load; set to 0
    or 1 it shows everything.
    """
    level = os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if "tensorflow" in sys.modules:
        return
    with _without_chatter() if level not in ("0", "1") else contextlib.nullcontext():
        import tensorflow as tf

        tf.config.list_physical_devices()


@contextlib.contextmanager
def _without_chatter():
    """Holds back what is written to file descriptor 2, and passes on the lines that are not chatter."""
    sys.stderr.flush()
    stderr = os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(stderr, 2)
            os.close(stderr)
            held.seek(0)
            lines = held.read().decode(errors="replace").splitlines(keepends=True)
            sys.stderr.write("".join(line for line in lines if not _CHATTER.match(line)))
