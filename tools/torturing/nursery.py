"""Processes that are forked from one that has imported TensorFlow and tfgan2, which saves seconds."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

TOOLS = Path(__file__).resolve().parent.parent
PATIENCE = 120  # Seconds that a process may take for anything.

# Every line that it reads is a process to start, {"code": ..., ...}, or to look after, {"pid": ...}.
_PROGRAM = """
import gc, json, os, signal, sys, traceback
import tensorflow as tf
import tfgan2.run.build
from tfgan2 import train
from tfgan2.run import session
tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(2)
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # which is ignored if the tests run under nohup
gc.freeze()  # So that a garbage collection in a forked process does not copy the memory of this one.
codes = {}
for line in sys.stdin:
    job = json.loads(line)
    if "pid" in job:
        if job["pid"] not in codes:
            pid, status = os.waitpid(job["pid"], os.WNOHANG)
            if pid:
                codes[pid] = os.waitstatus_to_exitcode(status)
        print(json.dumps(codes.get(job["pid"])), flush=True)
        continue
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            for number, name in ((1, "out"), (2, "err")):
                os.dup2(os.open(job[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
            os.environ.update(job["environment"])
            names = {"argv": job["argv"], "train": train, "code": 0}
            exec(job["code"], names)
            code = names["code"]
        except BaseException:
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    print(pid, flush=True)
"""


class Ended(NamedTuple):
    """A command that came to its end."""

    code: int
    out: str
    err: str


class Process(NamedTuple):
    """A process of the nursery."""

    pid: int
    nursery: "Nursery"
    out: Path
    err: Path

    def send(self, number):
        os.kill(self.pid, number)

    def code(self):
        """Its exit code, the negative number of the signal that killed it, or None while it runs."""
        return self.nursery.ask({"pid": self.pid})

    def wait_for(self, condition, patience=PATIENCE):
        """The first true value of `condition()`, while the process runs; `None` once it does not any more."""
        deadline = time.monotonic() + patience
        while not (value := condition()):
            if self.code() is not None:
                return None
            time.sleep(0.005)
            if time.monotonic() > deadline:
                self.send(signal.SIGKILL)
                raise TimeoutError(f"nothing happened for {patience} s; standard error:\n{self.err.read_text()}")
        return value

    def end(self, patience=PATIENCE):
        self.wait_for(lambda: False, patience)
        return Ended(self.code(), self.out.read_text(), self.err.read_text())


class Nursery:
    """Starts processes. XLA's flags are inherited and the threads set as in this one: numbers are equal to the bit.

    Args:
      environment: variables of all processes that differ from those of this one.
    """

    def __init__(self, environment=None):
        command = [sys.executable, "-c", _PROGRAM]
        path = os.pathsep.join([str(TOOLS), *filter(None, [os.environ.get("PYTHONPATH")])])
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        settings = os.environ | {"PYTHONPATH": path} | (environment or {})
        self._parent = subprocess.Popen(command, env=settings, bufsize=0, **pipes)
        self._started = []

    def start(self, code, argv, folder, environment=None):
        """A `Process` that executes Python code with the variables `argv`, `train` and the exit `code`.

        Args:
          code: text.
          argv: list.
          folder: where its output goes.
          environment: variables that differ from those of this process.
        """
        streams = {name: Path(folder, name) for name in ("out", "err")}
        job = {"code": code, "argv": [str(text) for text in argv], "environment": environment or {}}
        pid = self.ask(job | {name: str(path) for name, path in streams.items()})
        self._started.append(Process(pid, self, **streams))
        return self._started[-1]

    def ask(self, job):
        """The answer to one line."""
        self._parent.stdin.write(json.dumps(job).encode() + b"\n")
        return json.loads(self._parent.stdout.readline())

    def close(self):
        """Ends it, and what still runs."""
        for process in self._started:
            if process.code() is None:
                process.send(signal.SIGKILL)
        self._parent.stdin.close()
        self._parent.wait(timeout=PATIENCE)
        self._parent.stdout.close()


def tf_configs(count):
    """The TF_CONFIG of each worker of a cluster on this machine, with ports that are free."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("localhost", 0))) for _ in range(count)]
        addresses = [f"localhost:{listener.getsockname()[1]}" for listener in sockets]
    tasks = [{"type": "worker", "index": index} for index in range(count)]
    return [json.dumps({"cluster": {"worker": addresses}, "task": task}) for task in tasks]
