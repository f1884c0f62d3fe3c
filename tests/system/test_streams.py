"""A command does not end when a stream is closed, its reader ends, or its encoding lacks a character."""

import os
import pty
import subprocess
import sys

import pytest

# The program writes a file in two parts, and to both streams between them. The file must not receive their output.
PROGRAM = """
import sys
from pathlib import Path
from tfgan2 import cli
from tfgan2.system import environment
environment.prepare = lambda: None
def body(argv):
    with open(argv[0], "w") as file:
        file.write("first ")
        sys.stdin and sys.stdin.read()
        for stream in (sys.stdout, sys.stderr):
            print("0.5 \\xb1 0.1 in \\xe9 \\u540d", file=stream, flush=True)
            print("line\\n" * 100_000, file=stream)
        file.write("second")
sys.exit(cli.run(body, sys.argv[1:]))
"""


@pytest.fixture
def ended(tmp_path):
    """Function that runs PROGRAM and returns its exit code, its file, standard output, and standard error."""

    def ended(redirections="", **variables):
        command = f'"$0" -c "$1" "$2" {redirections}'
        process = subprocess.run(
            ["sh", "-c", command, sys.executable, PROGRAM, str(tmp_path / "work")],
            stdin=subprocess.DEVNULL,
            env=os.environ | variables,
            capture_output=True,
            timeout=60,
        )
        return process.returncode, (tmp_path / "work").read_text(), process.stdout, process.stderr

    return ended


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-", "<&-", ">&0 2>&0"])
def test_closed_streams(closed, ended):
    code, work, out, err = ended(closed)
    assert (code, work) == (0, "first second")
    for stream, redirection in ((out, ">"), (err, "2>")):
        is_open = not any(part.startswith(redirection) for part in closed.split())
        assert stream.count(b"line\n") == (100_000 if is_open else 0)
        assert b"Traceback" not in stream and b"Error" not in stream


@pytest.mark.parametrize(
    "variables", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}]
)
def test_characters_that_the_encoding_lacks(variables, ended):
    code, work, out, err = ended(**variables)
    assert (code, work) == (0, "first second")
    for stream in (out, err):
        assert stream.startswith(b"0.5 \\xb1 0.1 in \\xe9 \\u540d\nline\n")


@pytest.mark.parametrize("which", ["stdout", "stderr"])
def test_a_reader_that_ends(which, tmp_path):
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(tmp_path / "work")], **pipes)
    getattr(process, which).close()
    setattr(process, which, None)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0 and (tmp_path / "work").read_text() == "first second"
    assert b"Error" not in (err or b"")


def test_a_closed_terminal(tmp_path):
    terminal, stream = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "work")], stdin=subprocess.PIPE, stdout=stream, stderr=stream
    )
    os.close(stream)
    os.close(terminal)
    process.communicate(timeout=60)
    assert process.returncode == 0 and (tmp_path / "work").read_text() == "first second"


def test_a_full_disk_is_reported_after_the_work(ended):
    code, work, _, err = ended(">/dev/full")
    assert (code, work) == (74, "first second")
    assert err.endswith(b"tfgan2: standard output: No space left on device\n") and b"Traceback" not in err
    code, work, _, _ = ended("2>/dev/full")
    assert (code, work) == (0, "first second")
