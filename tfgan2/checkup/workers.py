"""Whether the workers of a run on several machines can find each other."""

import os
import socket

from tfgan2.checkup.finding import Finding
from tfgan2.distribution.cluster import find_cluster
from tfgan2.errors import WorkerLostError

_VARIABLES = ("TF_CONFIG", "SLURM_PROCID")


def check_workers(cluster=None):
    """Yields a finding about each worker: its own port must be free, and the names of the others known.

    Args:
      cluster: The value of --cluster, or None.

    Raises:
      InputError: The description of the cluster is malformed.
    """
    if cluster is None and not any(name in os.environ for name in _VARIABLES):
        yield Finding("one machine: neither TF_CONFIG nor Slurm names other workers")
        return
    found = find_cluster(cluster)
    yield Finding(f"worker {found.index} of {len(found.addresses)} by {found.source}")
    for index, address in enumerate(found.addresses):
        host, _, port = address.rpartition(":")
        yield _own(address, int(port)) if index == found.index else _other(address, host.strip("[]"), int(port))


def _own(address, port):
    try:
        with socket.create_server(("", port)):
            return Finding(f"{address} is this worker, and its port is free")
    except OSError as error:
        text = f"{address} is this worker, and its port cannot be used ({error.strerror}). Name a free port for it."
        return Finding(text, "problem", WorkerLostError.exit_code)


def _other(address, host, port):
    try:
        socket.getaddrinfo(host, port)
    except OSError as error:
        text = f"{address} has no known host ({error.strerror}). Correct its name, or the resolver of this machine."
        return Finding(text, "problem", WorkerLostError.exit_code)
    return Finding(f"{address} has a known host")
