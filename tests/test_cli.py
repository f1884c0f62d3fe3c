"""The frame of a command: exit codes, messages, and a start without TensorFlow's messages."""

import errno
import os
import subprocess
import sys
import warnings

import numpy as np
import pytest

from tfgan2.cli import Answer, run
from tfgan2.errors import InputError, Interrupted, NonFiniteError, SettingWarning, StorageError


def raising(error):
    def body(argv):
        raise error

    return body


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (InputError("unknown flag --sed"), 2, "tfgan2: unknown flag --sed\n"),
        (
            NonFiniteError("generator/loss is not finite at step 7."),
            3,
            "tfgan2: generator/loss is not finite at step 7.\n",
        ),
        (StorageError("w/flags.cfg could not be written"), 74, "tfgan2: w/flags.cfg could not be written\n"),
        (
            OSError(errno.ENOSPC, "No space left on device", "w/x.png"),
            74,
            "tfgan2: w/x.png: No space left on device\n",
        ),
        (OSError("odd"), 74, "tfgan2: odd\n"),
        (Interrupted("stopped at step 50."), 75, "tfgan2: stopped at step 50.\n"),
        (KeyboardInterrupt(), 75, "tfgan2: stopped by Ctrl-C.\n"),
        (InputError("a\x1b[2Jb\x00\u202ec\nü"), 2, "tfgan2: a\\x1b[2Jb\\x00\\u202ec\nü\n"),
        (InputError("a" * 9000 + "b"), 2, f"tfgan2: {'a' * 1000} ... {'a' * 999}b\n"),
    ],
)
def test_expected_errors(error, code, message, capsys):
    assert run(raising(error), []) == code
    assert capsys.readouterr() == ("", message)


def exhausted():
    """What TensorFlow raises if a tensor does not fit."""
    import tensorflow as tf

    message = (
        "Graph execution error:\n\nOOM when allocating tensor with shape[50000,4096] and type float on GPU:0\n\t[[x]]"
    )
    return tf.errors.ResourceExhaustedError(None, None, message)


def too_large():
    """What NumPy raises."""
    try:
        np.empty((1 << 20, 1 << 30))
    except MemoryError as error:
        return error


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        (exhausted, " for an array of shape [50000,4096]."),
        (too_large, " for an array of shape (1048576, 1073741824)."),
        (MemoryError, "."),
    ],
)
def test_a_lack_of_memory(made, wanted, capsys):
    assert run(raising(made()), []) == 71
    message = capsys.readouterr().err
    assert message.startswith(f"tfgan2: there is not enough memory{wanted} Halve --batch_size")
    assert "The last checkpoint of a run stays." in message


@pytest.mark.parametrize("error", [ValueError("shapes differ"), RuntimeError("x"), KeyError("y"), SystemExit(9)])
def test_a_bug_keeps_its_traceback(error, capsys):
    with pytest.raises(type(error)) as raised:
        run(raising(error), [])
    assert raised.value is error
    assert capsys.readouterr() == ("", "")


def test_success(capsys):
    seen = []
    assert run(seen.append, ["--a", "b"]) == 0
    assert seen == [["--a", "b"]]
    assert run(lambda argv: 4, []) == 4
    assert capsys.readouterr() == ("", "")


def test_an_answer_is_printed(capsys):
    assert run(raising(Answer("the flags\nare these")), []) == 0
    assert capsys.readouterr() == ("the flags\nare these\n", "")


def test_a_warning_about_a_setting_is_a_line(capsys):
    def body(argv):
        for text in ("b- is large", "b- is large"):
            warnings.warn(text, SettingWarning, stacklevel=1)

    assert run(body, []) == 0
    assert capsys.readouterr() == ("", "tfgan2: warning: b- is large\n" * 2)
    # Other warnings are shown as usual. After the command, a SettingWarning is shown as usual, too.
    with pytest.warns(UserWarning, match="of others"):
        run(lambda argv: warnings.warn("of others", UserWarning, stacklevel=1), [])
    with pytest.warns(SettingWarning):
        warnings.warn("after it", SettingWarning, stacklevel=1)


PROGRAM = """
import os, sys
from tfgan2 import cli
assert "tensorflow" not in sys.modules
def body(argv):
    import tensorflow as tf
    tf.config.threading.set_intra_op_parallelism_threads(1)  # still possible
    tf.function(lambda x: x @ x, jit_compile=True)(tf.ones([3, 3]))
    print(os.environ["TF_CPP_MIN_LOG_LEVEL"])
    raise cli.Answer("shown") if argv else ValueError("a bug")
sys.exit(cli.run(body, sys.argv[1:]))
"""


def real_process(*argv, **environment):
    inherited = {name: value for name, value in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *argv], env=inherited | environment, capture_output=True, text=True, timeout=300
    )


def test_a_real_process_starts_quietly():
    ended = real_process("--help")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "3\nshown\n", "")


def test_a_real_process_shows_a_bug_and_all_messages_if_asked_to():
    ended = real_process(TF_CPP_MIN_LOG_LEVEL="0")
    assert (ended.returncode, ended.stdout) == (1, "0\n")
    assert "Traceback" in ended.stderr and "ValueError: a bug" in ended.stderr
    assert "oneDNN" in ended.stderr or "cpu_feature_guard" in ended.stderr
