"""The strategy of several processes, once they have met."""

import signal

import tensorflow as tf
from tensorflow.python.eager import context

from tfgan2 import __version__
from tfgan2.distribution.cluster import find_cluster
from tfgan2.distribution.meeting import meet
from tfgan2.errors import InputError, WorkerLostError

_JOINING = 120  # seconds that TensorFlow may take to connect workers that have just met
_SILENCE = 30  # seconds without a sign of life after which TensorFlow takes a worker for lost


def join_workers(told, *, cluster, patience):
    """Waits for the other workers and connects to them; nothing may have been computed by TensorFlow before.

    Args:
      told: flag -> text of its value, for the flags in which all workers must agree.
      cluster: as of `find_cluster`.
      patience: seconds to wait for the others.

    Returns:
      A `tf.distribute.MultiWorkerMirroredStrategy` over all GPUs that the workers see, or a CPU each.

    Raises:
      InputError: the cluster cannot be found or not come together, or its workers were started differently.
      WorkerLostError: one ended when they had just met.
    """
    cluster = find_cluster(cluster, patience=patience)
    versions = {"version of tfgan2": __version__, "version of TensorFlow": tf.__version__}
    _check_alike(meet(cluster, told | versions, patience=patience))
    resolver = tf.distribute.cluster_resolver.SimpleClusterResolver(
        tf.train.ClusterSpec({"worker": list(cluster.addresses)}),
        task_type="worker",
        task_id=cluster.index,
        num_accelerators={"GPU": len(tf.config.list_physical_devices("GPU"))},
        rpc_layer="grpc",
    )
    _set_silence(len(cluster.addresses))
    # If one dies right now, TensorFlow waits for it without end and without letting Python run; an alarm ends that.
    signal.alarm(_JOINING)
    try:
        return tf.distribute.MultiWorkerMirroredStrategy(resolver)
    except tf.errors.OpError as error:
        raise WorkerLostError(
            f"the workers have met, but could not connect: {error.message.splitlines()[0]}"
        ) from error
    finally:
        signal.alarm(0)
        # TensorFlow has taken this signal from Python, and would let it pass.
        signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGTERM))


def _set_silence(workers):
    """Gives workers more time than TensorFlow's 10 s, in which one on a busy machine may not come to give a sign.

    There is no public way to do that. Beside the time this is what MultiWorkerMirroredStrategy would set.
    """
    job = {"name": "worker", "num_tasks": workers}
    jobs = tf.compat.v1.ConfigProto().experimental.coordination_config.coordinated_job_list
    context.context().configure_coordination_service(
        service_type="standalone",
        service_leader="/job:worker/replica:0/task:0",
        heartbeat_timeout_in_ms=1000 * _SILENCE,
        coordinated_jobs=[jobs.add(**job)],
    )


def _check_alike(told):
    lines = []
    for index, other in enumerate(told[1:], start=1):
        for flag in told[0] | other:
            first, here = (settings.get(flag, "not set") for settings in (told[0], other))
            if first != here:
                lines.append(f"{flag}: worker 0 has {first}, worker {index} has {here}")
    if lines:
        raise InputError(
            "the workers were started differently:\n  " + "\n  ".join(lines) + "\nStart all of them alike."
        )
