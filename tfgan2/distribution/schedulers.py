"""The workers that a scheduler started, by TensorFlow's cluster resolvers."""

import os
import time
from types import SimpleNamespace

import tensorflow as tf

from tfgan2.errors import InputError

_KUBERNETES_PORT = 8470
_NAMESPACE = "/var/run/secrets/kubernetes.io/serviceaccount/namespace"


def addresses_from_slurm(port):
    """(addresses, index) of the tasks of this job step; those of one node take the ports from `port` on.

    Raises:
      InputError: Slurm's environment variables are missing or cannot be understood.
    """
    try:
        # The resolver would also deal out the GPUs of a node; a task has those that Slurm shows it.
        tasks = {"gpus_per_node": int(os.environ["SLURM_STEP_NUM_TASKS"]), "gpus_per_task": 1, "auto_set_gpu": False}
        resolver = tf.distribute.cluster_resolver.SlurmClusterResolver(port_base=port, **tasks)
        addresses = tuple(resolver.cluster_spec().job_tasks("worker"))
        # It sorts nodes by name, Slurm ranks them by number, so node9 and node10 change places: who is where counts.
        own = f"{os.environ['SLURMD_NODENAME']}:{port + int(os.environ['SLURM_LOCALID'])}"
        return addresses, addresses.index(own)
    except (KeyError, RuntimeError, ValueError) as error:
        raise InputError(
            f"the workers cannot be read from Slurm's environment ({error}); start them by srun, or set TF_CONFIG"
        ) from error


def addresses_from_kubernetes(job, count, *, patience):
    """(addresses, index) of the pods of an indexed job, once all of them run; each listens on port 8470.

    Raises:
      InputError: this is no pod of an indexed job, the client package is missing, or the pods do not run in time.
    """
    index = os.environ.get("JOB_COMPLETION_INDEX", "")
    if not index.isdecimal() or int(index) >= count:
        raise InputError(
            f"--cluster=kubernetes:{job}:{count}: JOB_COMPLETION_INDEX is {index!r}, not one of 0 to {count - 1}; "
            "run the workers as a job with completionMode: Indexed and as many completions"
        )
    try:
        from kubernetes import client, config
    except ImportError:
        raise InputError("--cluster=kubernetes needs Kubernetes' client: pip install kubernetes") from None
    config.load_incluster_config()
    selectors = [f"job-name={job},batch.kubernetes.io/job-completion-index={i}" for i in range(count)]
    resolver = tf.distribute.cluster_resolver.KubernetesClusterResolver(
        {"worker": selectors}, tf_server_port=_KUBERNETES_PORT, override_client=_Pods(client.CoreV1Api())
    )
    deadline = time.monotonic() + patience
    while True:
        try:
            addresses = tuple(resolver.cluster_spec().job_tasks("worker"))
        except RuntimeError:  # a pod is not running
            addresses = ()
        if len(addresses) == count:
            return addresses, int(index)
        if time.monotonic() > deadline:
            raise InputError(
                f"--cluster=kubernetes:{job}:{count}: these {count} pods did not all run within {patience} s; "
                "look at them with kubectl, or wait longer with --join_seconds"
            )
        time.sleep(1.0)


class _Pods:
    """What the resolver asks of Kubernetes' client, for the pods of this namespace and by their own addresses.

    The resolver takes the address of a pod's node, which reaches the pod only where it uses the network of its host.
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
