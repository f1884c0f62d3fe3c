"""The devices and the precision that a run computes with."""

import keras
import tensorflow as tf

from tfgan2.distribution.strategy import join_workers


def make_strategy(settings):
    """One device, all of this machine or those of several, as `--strategy` says; the last waits for the other workers.

    Also sets threads, determinism and number format as the flags say; threads can be set in a new process only.
    A dry run waits for nobody.

    Raises:
      InputError: the workers are not known, do not come together, or were started differently.
    """
    _prepare_runtime(settings)
    if settings.strategy == "multiworker" and not settings.dry_run:
        return join_workers(settings.agreed(), cluster=settings.cluster, patience=settings.join_seconds)
    gpus = tf.config.list_logical_devices("GPU")
    if settings.strategy == "mirrored" or (settings.strategy == "auto" and len(gpus) > 1):
        devices = gpus or tf.config.list_logical_devices("CPU")
        return tf.distribute.MirroredStrategy([device.name for device in devices])
    return tf.distribute.get_strategy()


def uses_xla(settings):
    """Whether steps are compiled by XLA: as `--jit` says, and by default on GPUs."""
    has_gpu = bool(tf.config.list_physical_devices("GPU"))
    return settings.jit == "on" or (settings.jit == "auto" and has_gpu)


def _prepare_runtime(settings):
    if settings.threads:
        tf.config.threading.set_intra_op_parallelism_threads(settings.threads)
        tf.config.threading.set_inter_op_parallelism_threads(settings.threads)
    if settings.deterministic:
        tf.config.experimental.enable_op_determinism()
    keras.config.set_dtype_policy(settings.precision)
