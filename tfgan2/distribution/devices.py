"""Devices, threads, and floating-point precision of a run."""

import contextlib

import keras
import tensorflow as tf

from tfgan2.errors import InputError


def prepare_runtime(*, threads=0, deterministic=False, precision="float32"):
    """Sets up TensorFlow and Keras for a run.

    Args:
      threads: Number of CPU threads. With 0 TensorFlow chooses.
      deterministic: Whether operations give equal results in each run.
      precision: Policy of Keras for new layers, such as "mixed_bfloat16".

    Raises:
      InputError: TensorFlow has started in this process with another number of threads.
    """
    if threads:
        with in_a_new_process(f"--threads={threads}"):
            tf.config.threading.set_intra_op_parallelism_threads(threads)
            tf.config.threading.set_inter_op_parallelism_threads(threads)
    if deterministic:
        tf.config.experimental.enable_op_determinism()
    keras.config.set_dtype_policy(precision)


def local_strategy(name):
    """The strategy for devices of this machine.

    Args:
      name: "one" for one device; "mirrored" for all GPUs, or the CPU without any; "auto" for "mirrored" with several
        GPUs and "one" otherwise.
    """
    gpus = tf.config.list_logical_devices("GPU")
    if name == "mirrored" or (name == "auto" and len(gpus) > 1):
        devices = gpus or tf.config.list_logical_devices("CPU")
        return tf.distribute.MirroredStrategy([device.name for device in devices])
    return tf.distribute.get_strategy()


def uses_xla(jit):
    """Whether XLA compiles the steps: `jit` is "on", "off" or "auto", which means on GPUs only."""
    return jit == "on" or (jit == "auto" and bool(tf.config.list_physical_devices("GPU")))


@contextlib.contextmanager
def in_a_new_process(flag):
    """Context that converts the RuntimeError of TensorFlow after its start to an InputError about a flag."""
    try:
        yield
    except RuntimeError as error:
        raise InputError(
            f"{flag} comes too late: TensorFlow has already started in this process. Run the command in a new process, "
            "or leave the flag out."
        ) from error
