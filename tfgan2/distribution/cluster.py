"""Which processes train a run together, as the environment says."""

import json
import os
from typing import NamedTuple

from tfgan2.distribution.schedulers import addresses_from_kubernetes, addresses_from_slurm
from tfgan2.errors import InputError

_EXAMPLE = '{"cluster": {"worker": ["first.host:12345", "second.host:12345"]}, "task": {"type": "worker", "index": 0}}'
_TYPES = ("chief", "worker")


class Cluster(NamedTuple):
    """The workers of a run.

    Attributes:
      addresses: "host:port" of each; the first is the chief, the only one that writes.
      index: of this process.
      source: what they were read from, for messages.
    """

    addresses: tuple[str, ...]
    index: int
    source: str


def find_cluster(cluster=None, *, patience):
    """The cluster that a flag or the environment names.

    Args:
      cluster: "slurm:PORT" takes the tasks of this job step of Slurm, with ports from PORT on; "kubernetes:JOB:COUNT"
        the pods of an indexed job; None takes TF_CONFIG, and where it is not set those of Slurm, from port 8888 on.
      patience: seconds to wait for pods that do not run yet.

    Raises:
      InputError: nothing names a cluster, or what does is malformed.
    """
    kind, *details = (cluster or "").split(":")
    if kind == "kubernetes" and len(details) == 2 and details[0] and _is_number(details[1]):
        job, count = details
        return Cluster(*addresses_from_kubernetes(job, int(count), patience=patience), "Kubernetes")
    if kind == "slurm" and len(details) == 1 and _is_number(details[0]):
        return Cluster(*addresses_from_slurm(int(details[0])), "Slurm")
    if cluster:
        raise InputError(f"--cluster={cluster} names no workers; give kubernetes:JOB:COUNT or slurm:PORT")
    if "TF_CONFIG" in os.environ:
        return Cluster(*_read_tf_config(os.environ["TF_CONFIG"]), "TF_CONFIG")
    if "SLURM_PROCID" in os.environ:
        return Cluster(*addresses_from_slurm(8888), "Slurm")
    raise InputError(
        f"--strategy=multiworker does not know its workers; set TF_CONFIG for each, such as {_EXAMPLE}, "
        "or start them by Slurm's srun, or as an indexed job of Kubernetes with --cluster=kubernetes:JOB:COUNT"
    )


def _read_tf_config(text):
    try:
        config = json.loads(text)
    except ValueError as error:
        raise _malformed(f"is no JSON ({error})") from None
    if not isinstance(config, dict) or not isinstance(config.get("cluster"), dict):
        raise _malformed("has no cluster")
    if not isinstance(config.get("task"), dict) or not {"type", "index"} <= config["task"].keys():
        raise _malformed("has no task with a type and an index")
    cluster, kind, index = config["cluster"], config["task"]["type"], config["task"]["index"]
    for other in [*cluster, kind]:
        if other not in _TYPES:
            raise _malformed(f"has a task of the type {other!r}; the types are {' and '.join(_TYPES)}")
    for name, addresses in cluster.items():
        if not isinstance(addresses, list) or not all(map(_is_address, addresses)):
            raise _malformed(f"gives {addresses!r} for {name}; give a list of addresses, host:port")
    if len(cluster.get("chief", [])) > 1:
        raise _malformed("has several chiefs; there is at most one")
    count = len(cluster.get(kind, []))
    if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index < count:
        raise _malformed(
            f"says that this is {kind} {index!r}, and its cluster has {count} of that type, counted from 0"
        )
    addresses = tuple(address for name in _TYPES for address in cluster.get(name, []))
    if len(set(addresses)) < len(addresses):
        raise _malformed("gives two tasks one address")
    return addresses, index + (len(cluster.get("chief", [])) if kind == "worker" else 0)


def _is_address(address):
    host, _, port = address.rpartition(":") if isinstance(address, str) else ("", "", "")
    return bool(host) and _is_number(port)


def _is_number(text):
    """Whether a text is the number of a port, or of workers, which are not more."""
    return text.isdecimal() and len(text) < 6 and 0 < int(text) < 2**16


def _malformed(what):
    return InputError(f"TF_CONFIG {what}. It is to look like {_EXAMPLE}")
