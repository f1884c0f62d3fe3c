"""The addresses of the workers of a run, from the flag --cluster or the environment."""

import json
import os
import re
from typing import NamedTuple

from tfgan2.distribution.schedulers import addresses_from_dns, addresses_from_slurm
from tfgan2.errors import InputError

_EXAMPLE = '{"cluster": {"worker": ["first.host:12345", "second.host:12345"]}, "task": {"type": "worker", "index": 0}}'
_TYPES = ("chief", "worker")
_SERVICE = re.compile(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")
"""A name of the domain name system."""


class Cluster(NamedTuple):
    """The workers of a run.

    Attributes:
      addresses: "host:port" of each worker. The first worker is the chief, the only one that writes files.
      index: Index of this process.
      source: Where the addresses are from, for messages: "TF_CONFIG", "Slurm" or "Kubernetes".
    """

    addresses: tuple[str, ...]
    index: int
    source: str


def find_cluster(cluster=None):
    """Returns the cluster that a flag or the environment describes.

    Args:
      cluster: The value of --cluster. "slurm:PORT" takes the tasks of the present job step of Slurm. The tasks of a
        node have the ports from PORT on. "dns:SERVICE:COUNT" takes the COUNT pods of an indexed job of Kubernetes with
        the headless service SERVICE. None takes TF_CONFIG or, if it is not set, Slurm's tasks with ports from 8888 on.

    Returns:
      A Cluster.

    Raises:
      InputError: There is no description of a cluster, or it is malformed.
    """
    kind, *details = (cluster or "").split(":")
    if kind == "dns" and len(details) == 2 and _SERVICE.fullmatch(details[0]) and _is_number(details[1]):
        service, count = details
        return Cluster(*addresses_from_dns(service, int(count)), "Kubernetes")
    if kind == "slurm" and len(details) == 1 and _is_number(details[0]):
        return Cluster(*addresses_from_slurm(int(details[0])), "Slurm")
    if cluster:
        raise InputError(f"--cluster is {cluster}; it must be dns:SERVICE:COUNT or slurm:PORT.")
    if "TF_CONFIG" in os.environ:
        return Cluster(*_read_tf_config(os.environ["TF_CONFIG"]), "TF_CONFIG")
    if "SLURM_PROCID" in os.environ:
        return Cluster(*addresses_from_slurm(8888), "Slurm")
    raise InputError(
        f"--strategy=multiworker needs the addresses of the workers. Set TF_CONFIG for each worker, such as "
        f"{_EXAMPLE}, or start the workers with srun of Slurm, or as an indexed job of Kubernetes with "
        "--cluster=dns:SERVICE:COUNT."
    )


def _read_tf_config(text):
    try:
        config = json.loads(text)
    except ValueError as error:
        raise _malformed(f"is not JSON ({error})") from None
    if not isinstance(config, dict) or not isinstance(config.get("cluster"), dict):
        raise _malformed("has no cluster")
    if not isinstance(config.get("task"), dict) or not {"type", "index"} <= config["task"].keys():
        raise _malformed("has no task with a type and an index")
    cluster, kind, index = config["cluster"], config["task"]["type"], config["task"]["index"]
    for other in [*cluster, kind]:
        if other not in _TYPES:
            raise _malformed(f"has the task type {other!r}; it must be {' or '.join(_TYPES)}")
    for name, addresses in cluster.items():
        if not isinstance(addresses, list) or not all(map(_is_address, addresses)):
            raise _malformed(f"has {addresses!r} for {name}; it must be a list of addresses host:port")
    if len(cluster.get("chief", [])) > 1:
        raise _malformed("has several chiefs; it must have at most one")
    count = len(cluster.get(kind, []))
    if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index < count:
        raise _malformed(f"has the index {index!r} of type {kind}; it must be an integer in [0, {count})")
    addresses = tuple(address for name in _TYPES for address in cluster.get(name, []))
    if len(set(addresses)) < len(addresses):
        raise _malformed("has one address twice; the addresses must be different")
    return addresses, index + (len(cluster.get("chief", [])) if kind == "worker" else 0)


def _is_address(address):
    host, _, port = address.rpartition(":") if isinstance(address, str) else ("", "", "")
    return bool(host) and _is_number(port)


def _is_number(text):
    """Whether a text is a port number. The same range holds for a number of workers."""
    return text.isdecimal() and len(text) < 6 and 0 < int(text) < 2**16


def _malformed(fault):
    return InputError(f"TF_CONFIG {fault}. Example: {_EXAMPLE}")
