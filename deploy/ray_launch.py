"""Starts a training on the machines of a Ray cluster.

    pip install ray
    python deploy/ray_launch.py --workers=2 [--gpus=1] [--cpus=4] -- --flagfile=configs/NAME.cfg --workdir=/shared/run

What comes after -- are flags of `tfgan2 train`. Each worker is a process of its own with a TF_CONFIG, on a machine of
its own if there are enough. Workers that were stopped, or that lost another worker, start again together.
"""

import argparse
import json
import os
import socket
import subprocess
import sys

RESUMABLE = (69, 75)
"""Exit codes after which the same command goes on: another worker was lost, stopped after a checkpoint."""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workers", type=int, default=2, help="number of workers (default 2)")
    parser.add_argument("--gpus", type=float, default=0, help="GPUs of each worker (default 0)")
    parser.add_argument("--cpus", type=float, default=1, help="CPUs of each worker (default 1)")
    parser.add_argument("--starts", type=int, default=20, help="starts at most (default 20)")
    parser.add_argument("flags", nargs=argparse.REMAINDER, help="-- and flags of tfgan2 train")
    arguments = parser.parse_args()
    flags = [flag for flag in arguments.flags if flag != "--"]
    for _ in range(arguments.starts):
        codes = _run(arguments, flags)
        if not set(codes) & set(RESUMABLE) or set(codes) - {0, *RESUMABLE}:
            break
    sys.exit(next((code for code in codes if code not in (0, *RESUMABLE)), max(codes)))


def _run(arguments, flags):
    """The exit codes of one start of all workers."""
    import ray
    from ray.util.placement_group import placement_group, remove_placement_group
    from ray.util.scheduling_strategies import PlacementGroupSchedulingStrategy

    ray.init(ignore_reinit_error=True)
    bundle = {"CPU": arguments.cpus} | ({"GPU": arguments.gpus} if arguments.gpus else {})
    group = placement_group([bundle] * arguments.workers, strategy="SPREAD")
    ray.get(group.ready())
    try:
        workers = [
            ray.remote(Worker)
            .options(
                num_cpus=arguments.cpus,
                num_gpus=arguments.gpus,
                scheduling_strategy=PlacementGroupSchedulingStrategy(group, placement_group_bundle_index=index),
            )
            .remote()
            for index in range(arguments.workers)
        ]
        addresses = ray.get([worker.address.remote() for worker in workers])
        configs = tf_configs(addresses)
        return ray.get([worker.train.remote(config, flags) for worker, config in zip(workers, configs, strict=True)])
    finally:
        remove_placement_group(group)


class Worker:
    """One process of the training, started on a machine of the cluster."""

    def address(self):
        """A host and a free port of this machine, as "host:port"."""
        import ray

        with socket.create_server(("", 0)) as listener:
            return f"{ray.util.get_node_ip_address()}:{listener.getsockname()[1]}"

    def train(self, tf_config, flags):
        """Trains, and returns the exit code."""
        command = [sys.executable, "-m", "tfgan2.train", *flags, "--strategy=multiworker"]
        return subprocess.run(command, env=os.environ | {"TF_CONFIG": tf_config}, check=False).returncode


def tf_configs(addresses):
    """The TF_CONFIG of each worker, in the order of the addresses."""
    cluster = {"worker": list(addresses)}
    return [json.dumps({"cluster": cluster, "task": {"type": "worker", "index": i}}) for i in range(len(addresses))]


if __name__ == "__main__":
    main()
