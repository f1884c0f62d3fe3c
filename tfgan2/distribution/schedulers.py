"""Addresses of workers that Slurm or Kubernetes started, by TensorFlow's cluster resolvers."""

import os
import time
from types import SimpleNamespace

import tensorflow as tf

from tfgan2.errors import InputError

_KUBERNETES_PORT = 8470
_NAMESPACE = "/var/run/secrets/kubernetes.io/serviceaccount/namespace"


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


def addresses_from_kubernetes(job, count, *, timeout):
    """Addresses of the pods of an indexed job, and the index of this pod. Waits until all pods are running.

    Args:
      job: Name of the job.
      count: Number of pods. Each pod listens on port 8470.
      timeout: Seconds to wait for the pods.

    Returns:
      (addresses, index), addresses as "host:port".

    Raises:
      InputError: This process is not in a pod of an indexed job, the package kubernetes is missing, or a pod does not
        run in time.
    """
    index = os.environ.get("JOB_COMPLETION_INDEX", "")
    if not index.isdecimal() or int(index) >= count:
        raise InputError(
            f"JOB_COMPLETION_INDEX is {index!r}; with --cluster=kubernetes:{job}:{count} it must be in "
            f"[0, {count - 1}]. Run a job with completionMode: Indexed and completions: {count}."
        )
    try:
        from kubernetes import client, config
    except ImportError:
        raise InputError("--cluster=kubernetes needs the package kubernetes. Try pip install kubernetes.") from None
    config.load_incluster_config()
    selectors = [f"job-name={job},batch.kubernetes.io/job-completion-index={i}" for i in range(count)]
    resolver = tf.distribute.cluster_resolver.KubernetesClusterResolver(
        {"worker": selectors}, tf_server_port=_KUBERNETES_PORT, override_client=_Pods(client.CoreV1Api())
    )
    deadline = time.monotonic() + timeout
    while True:
        try:
            addresses = tuple(resolver.cluster_spec().job_tasks("worker"))
        except RuntimeError:  # A pod is not running.
            addresses = ()
        if len(addresses) == count:
            return addresses, int(index)
        if time.monotonic() > deadline:
            raise InputError(
                f"--cluster is kubernetes:{job}:{count}; its {count} pods were not all running within {timeout} s. "
                "Try kubectl get pods, or wait longer with --join_seconds."
            )
        time.sleep(1.0)


class _Pods:
    """The part of the Kubernetes client that TensorFlow's resolver uses, limited to the namespace of this pod.

    The resolver reads the address of a pod's node. It reaches the pod only in the network of the host, so the address
    of the pod itself takes its place here.
    """

    def __init__(self, client):
        self._client = client
        with open(_NAMESPACE, encoding="utf-8") as file:
            self._namespace = file.read().strip()

    def list_pod_for_all_namespaces(self, label_selector):
        found = self._client.list_namespaced_pod(self._namespace, label_selector=label_selector)
        living = [pod for pod in found.items if pod.status.phase in ("Pending", "Running")]
        return SimpleNamespace(items=[_with_own_address(pod) for pod in living])


def _with_own_address(pod):
    status = SimpleNamespace(phase=pod.status.phase, host_ip=pod.status.pod_ip)
    return SimpleNamespace(metadata=pod.metadata, status=status)
