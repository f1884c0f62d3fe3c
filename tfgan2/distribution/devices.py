"""Devices, threads, and floating-point precision of a run."""

import keras
import tensorflow as tf

from tfgan2.distribution.strategy import join_workers


def make_strategy(settings):
    """Returns the `tf.distribute` strategy of `--strategy`: one device, all of this machine, or those of all workers.

    It also sets threads, determinism and precision by their flags. The number of threads can be set in a new process
    only. A run with several workers waits for the other workers, but a dry run does not.

    Args:
      settings: The settings of the run.

    Raises:
      InputError: The addresses of the workers are missing, a worker does not appear, or workers have different flags.
    """
    _prepare_runtime(settings)
    if settings.strategy == "multiworker" and not settings.dry_run:
        return join_workers(settings.agreed(), cluster=settings.cluster, timeout=settings.join_seconds)
    gpus = tf.config.list_logical_devices("GPU")
    if settings.strategy == "mirrored" or (settings.strategy == "auto" and len(gpus) > 1):
        devices = gpus or tf.config.list_logical_devices("CPU")
        return tf.distribute.MirroredStrategy([device.name for device in devices])
    return tf.distribute.get_strategy()


def uses_xla(settings):
    """Whether XLA compiles training steps: if `--jit` is on, or if it is auto and there is a GPU."""
    has_gpu = bool(tf.config.list_physical_devices("GPU"))
    return settings.jit == "on" or (settings.jit == "auto" and has_gpu)


def _prepare_runtime(settings):
    if settings.threads:
        tf.config.threading.set_intra_op_parallelism_threads(settings.threads)
        tf.config.threading.set_inter_op_parallelism_threads(settings.threads)
    if settings.deterministic:
        tf.config.experimental.enable_op_determinism()
    keras.config.set_dtype_policy(settings.precision)
