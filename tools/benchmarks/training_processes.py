"""Training in processes of its own, a chunk for each request. `tools/benchmark.py strategies` times it."""

import json
import os
import socket
import subprocess
import sys
from contextlib import ExitStack

from tfgan2 import cli

_REQUEST = b"step\n"


def start(argv, *, workers=1, checkout=None):
    """Starts a training and returns a function that runs one chunk of its steps, and returns how many these are.

    Args:
      argv: flags of `tfgan2.train`; with `--strategy=mirrored` and no GPU, two logical CPUs are its devices.
      workers: processes; several find each other by TF_CONFIG.
      checkout: the folder of another version of this package, which trains instead.
    """
    chosen = {"PYTHONPATH": checkout} if checkout else {}
    processes = [
        subprocess.Popen(
            [sys.executable, __file__, *argv],
            env=os.environ | environment | chosen,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        for environment in _environments(workers)
    ]

    def run():
        for process in processes:
            process.stdin.write(_REQUEST)
        steps, *_ = [int(process.stdout.readline()) for process in processes]
        return steps

    return run


def _environments(workers):
    if workers == 1:
        return [{}]
    with ExitStack() as stack:
        listeners = [stack.enter_context(socket.create_server(("localhost", 0))) for _ in range(workers)]
        addresses = [f"localhost:{listener.getsockname()[1]}" for listener in listeners]
    tasks = [{"type": "worker", "index": index} for index in range(workers)]
    return [{"TF_CONFIG": json.dumps({"cluster": {"worker": addresses}, "task": task})} for task in tasks]


def train(argv):
    """What a process does: trains a chunk for every line on standard input, and answers with its number of steps."""
    import tensorflow as tf

    from tfgan2 import flags
    from tfgan2.distribution.team import Team
    from tfgan2.run.build import build, strategy_of
    from tfgan2.run.loop import phase_iterator

    settings = flags.parse("train", argv)
    if settings.strategy == "mirrored" and not tf.config.list_physical_devices("GPU"):
        cpu = tf.config.list_physical_devices("CPU")[0]
        tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    strategy = strategy_of(settings)
    run, team = build(settings, strategy), Team(strategy)
    with team.leaving_together():
        iterator = phase_iterator(run, settings.train_steps, team)
        for _ in sys.stdin:
            run.model.train_chunk(iterator, settings.steps_per_execution)
            print(settings.steps_per_execution, flush=True)


if __name__ == "__main__":
    sys.exit(cli.run(train, sys.argv[1:]))
