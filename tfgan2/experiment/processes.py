"""Commands of tfgan2 in processes of their own, several at a time, which end together."""

import concurrent.futures
import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import tfgan2
from tfgan2.errors import Interrupted

_SIGNALS = (signal.SIGTERM, signal.SIGHUP)  # Ctrl-C reaches the processes by itself.


class Processes:
    """Runs commands of tfgan2 in processes of their own.

    Args:
      folder: Working directory of the processes. None is the present one.
    """

    def __init__(self, folder=None):
        self._folder = folder
        self._running = set()
        self._are_stopped = False

    def run(self, command, argv):
        """Runs a command to its end.

        Args:
          command: Its name, such as "train".
          argv: Its flags, texts.

        Returns:
          (exit code, standard error).
        """
        found_in = [str(Path(tfgan2.__file__).resolve().parent.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
        options = {"cwd": self._folder, "env": os.environ | {"PYTHONPATH": os.pathsep.join(found_in)}, "text": True}
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
        line = [sys.executable, "-m", f"tfgan2.{command}", *argv]
        with subprocess.Popen(line, **options, **pipes) as process:
            self._running.add(process)
            if self._are_stopped:
                process.terminate()
            errors = process.communicate()[1]
            self._running.remove(process)
        return process.returncode, errors

    def in_parallel(self, tasks, jobs):
        """Calls functions in threads, at most `jobs` at a time. The first error stops all processes and is raised.

        A stopped training saves its state first.

        Raises:
          Interrupted: SIGTERM or SIGHUP has arrived.
        """
        with self._stopped_by_signals(), concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            outcomes = [pool.submit(task) for task in tasks]
            try:
                for outcome in concurrent.futures.as_completed(outcomes):
                    outcome.result()
            except BaseException:
                self._are_stopped = True
                for process in tuple(self._running):
                    process.terminate()
                pool.shutdown(cancel_futures=True)
                raise

    @contextlib.contextmanager
    def _stopped_by_signals(self):
        previous = {number: signal.signal(number, _interrupt) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)


def _interrupt(number, frame):
    del frame
    raise Interrupted(f"stopped by {signal.Signals(number).name}; the same command continues.")
