"""Calls of commands in this process."""

import contextlib
import io


def called(command, *argv):
    """Runs the `main` of a command in this process, and returns its exit code and its standard error."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = command.main([str(text) for text in argv])
    return code, err.getvalue()


def last_line(text):
    """The last line of a text, which is empty if it has none."""
    return (text.splitlines() or [""])[-1]
