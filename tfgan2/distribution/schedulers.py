"""Addresses of workers that Slurm or Kubernetes started."""

import os
import socket

import tensorflow as tf

from tfgan2.errors import InputError

_KUBERNETES_PORT = 8470


def addresses_from_slurm(port):
    """Addresses of the tasks of the present job step, and the index of this task.

    Args:
      port: First port. The tasks of one node have successive ports.

    Returns:
      (addresses, index), addresses as "host:port".

    Raises:
      InputError: Environment variables of Slurm are missing or malformed.
    """
    try:
        # The resolver would also assign the GPUs of a node. Slurm has done so before.
        tasks = {"gpus_per_node": int(os.environ["SLURM_STEP_NUM_TASKS"]), "gpus_per_task": 1, "auto_set_gpu": False}
        resolver = tf.distribute.cluster_resolver.SlurmClusterResolver(port_base=port, **tasks)
        addresses = tuple(resolver.cluster_spec().job_tasks("worker"))
        # The resolver sorts nodes as text (node10 before node9), Slurm by number. So the index comes from the address.
        own = f"{os.environ['SLURMD_NODENAME']}:{port + int(os.environ['SLURM_LOCALID'])}"
        return addresses, addresses.index(own)
    except (KeyError, RuntimeError, ValueError) as error:
        raise InputError(
            f"variables of Slurm are missing or malformed ({error}). Start the workers with srun, or set TF_CONFIG."
        ) from error


def addresses_from_dns(service, count):
    """Addresses of the pods of an indexed job of Kubernetes by their names, and the index of this pod.

    The host name of a pod is that of its job, a hyphen and its index. A headless service makes this name known to the
    other pods, as JOB-INDEX.SERVICE. The client of Kubernetes and a right to list pods are not needed.

    Args:
      service: Name of the headless service.
      count: Number of pods. Each pod listens on port 8470.

    Returns:
      (addresses, index), addresses as "host:port".

    Raises:
      InputError: This process is not in a pod of an indexed job, or the job has more pods.
    """
    index, host = os.environ.get("JOB_COMPLETION_INDEX", ""), socket.gethostname()
    if not index.isdecimal() or int(index) >= count:
        raise InputError(
            f"JOB_COMPLETION_INDEX is {index!r}; with --cluster=dns:{service}:{count} it must be in "
            f"[0, {count - 1}]. Run a job with completionMode: Indexed and completions: {count}."
        )
    job, _, last = host.rpartition("-")
    if last != index or not job:
        raise InputError(
            f"--cluster is dns:{service}:{count}; the name of this host is {host}, and it must end in -{index}, as "
            "that of each pod of an indexed job does. Give the pod no host name of its own."
        )
    return tuple(f"{job}-{i}.{service}:{_KUBERNETES_PORT}" for i in range(count)), int(index)
