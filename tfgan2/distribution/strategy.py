"""The `tf.distribute` strategy of several worker processes."""

import signal

import tensorflow as tf
from tensorflow.python.eager import context

from tfgan2 import __version__
from tfgan2.distribution.cluster import find_cluster
from tfgan2.distribution.devices import in_a_new_process
from tfgan2.distribution.rendezvous import exchange_settings
from tfgan2.errors import InputError, WorkerLostError

_CONNECT_SECONDS = 120  # Time limit for TensorFlow to connect the workers after their rendezvous.
_HEARTBEAT_SECONDS = 30  # A worker without a heartbeat for this time counts as lost.


def join_workers(settings, *, cluster, timeout):
    """Waits for the other workers and connects to them. TensorFlow must not have computed anything before.

    Args:
      settings: Flag -> text of its value, for the flags that must be equal on all workers.
      cluster: The value of --cluster; see `find_cluster`.
      timeout: Seconds to wait for the other workers.

    Returns:
      A `tf.distribute.MultiWorkerMirroredStrategy` over all visible GPUs of the workers, or over one CPU per worker.

    Raises:
      InputError: The cluster has no valid description, a worker does not appear, or settings differ.
      WorkerLostError: A worker ended before the connection was complete.
    """
    cluster = find_cluster(cluster)
    versions = {"version of tfgan2": __version__, "version of TensorFlow": tf.__version__}
    _check_equal(exchange_settings(cluster, settings | versions, timeout=timeout))
    resolver = tf.distribute.cluster_resolver.SimpleClusterResolver(
        tf.train.ClusterSpec({"worker": list(cluster.addresses)}),
        task_type="worker",
        task_id=cluster.index,
        num_accelerators={"GPU": len(tf.config.list_physical_devices("GPU"))},
        rpc_layer="grpc",
    )
    _set_heartbeat(len(cluster.addresses))
    # If a worker ends now, TensorFlow waits for it forever and blocks Python. The alarm ends this process then.
    signal.alarm(_CONNECT_SECONDS)
    try:
        with in_a_new_process("--strategy=multiworker"):
            return tf.distribute.MultiWorkerMirroredStrategy(resolver)
    except tf.errors.OpError as error:
        raise WorkerLostError(
            f"the workers appeared, but could not connect: {error.message.splitlines()[0]}. Start all workers again."
        ) from error
    finally:
        signal.alarm(0)
        # TensorFlow has replaced the handler of SIGTERM and would ignore the signal. This restores Python's handler.
        signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGTERM))


def _set_heartbeat(workers):
    """Raises the time limit between heartbeats. TensorFlow's 10 s are too short for a busy machine.

    TensorFlow has no public function for it. The other values are those of MultiWorkerMirroredStrategy.
    """
    job = {"name": "worker", "num_tasks": workers}
    jobs = tf.compat.v1.ConfigProto().experimental.coordination_config.coordinated_job_list
    context.context().configure_coordination_service(
        service_type="standalone",
        service_leader="/job:worker/replica:0/task:0",
        heartbeat_timeout_in_ms=1000 * _HEARTBEAT_SECONDS,
        coordinated_jobs=[jobs.add(**job)],
    )


def _check_equal(settings_of_workers):
    first, differences = settings_of_workers[0], []
    for index, other in enumerate(settings_of_workers[1:], start=1):
        for flag in first | other:
            value, other_value = (settings.get(flag, "not set") for settings in (first, other))
            if value != other_value:
                differences.append(f"{flag}: worker 0 has {value}, worker {index} has {other_value}")
    if differences:
        lines = "\n  ".join(differences)
        raise InputError(f"the workers have different settings:\n  {lines}\nStart all workers with the same settings.")
