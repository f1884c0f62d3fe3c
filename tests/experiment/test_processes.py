"""Commands in processes of their own: their ends, and that all of them end together."""

import os
import signal
import time
from pathlib import Path

import pytest

import tfgan2
from tfgan2.errors import InputError, Interrupted
from tfgan2.experiment import processes
from tfgan2.experiment.processes import Processes

PROGRAM = """
import os, sys, time
print(sys.argv[1:], os.getcwd(), os.environ["PYTHONPATH"], file=sys.stderr)
time.sleep(60 * (sys.argv[-1] == "sleep"))
sys.exit(3)
"""


@pytest.fixture(autouse=True)
def program(monkeypatch):
    """A small program in place of the commands."""
    popen = processes.subprocess.Popen

    def start(line, **options):
        assert line[1] == "-m"
        return popen([line[0], "-c", PROGRAM, *line[2:]], **options)

    monkeypatch.setattr(processes.subprocess, "Popen", start)


def test_a_command_finds_the_package_and_tells_its_exit_code_and_errors(tmp_path):
    code, errors = Processes(tmp_path).run("train", ["--sed=1"])
    assert code == 3
    assert errors.startswith(f"['tfgan2.train', '--sed=1'] {tmp_path} {Path(tfgan2.__file__).parent.parent}")


def test_the_first_error_stops_what_runs_and_what_waits():
    codes, begun, both = [], time.monotonic(), Processes()

    def sleeps():
        codes.append(both.run("train", ["sleep"])[0])

    def fails():
        while not both._running:
            time.sleep(0.01)
        raise InputError("no")

    with pytest.raises(InputError, match="no"):
        both.in_parallel([sleeps, fails, *[sleeps] * 4], 2)
    # One may begin before the others are cancelled.
    assert set(codes) == {-signal.SIGTERM} and len(codes) <= 2 and time.monotonic() - begun < 30


def test_a_signal_stops_all_and_the_handler_is_restored():
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(Interrupted, match="stopped by SIGTERM; the same command continues"):
        Processes().in_parallel([lambda: os.kill(os.getpid(), signal.SIGTERM), lambda: time.sleep(0.2)], 2)
    assert signal.getsignal(signal.SIGTERM) is before
