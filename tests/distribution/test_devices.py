"""Devices of this machine, and what can be set only before TensorFlow starts."""

import json
import re
import socket

import keras
import pytest
import tensorflow as tf

from tfgan2.distribution.devices import local_strategy, prepare_runtime, uses_xla
from tfgan2.distribution.strategy import join_workers
from tfgan2.errors import InputError


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture(autouse=True)
def started():
    """A process in which TensorFlow has started."""
    tf.constant(1)


def test_strategies_of_this_machine():
    assert local_strategy("one") is tf.distribute.get_strategy()
    mirrored = local_strategy("mirrored")
    assert isinstance(mirrored, tf.distribute.MirroredStrategy)
    devices = tf.config.list_logical_devices("GPU") or tf.config.list_logical_devices("CPU")
    assert mirrored.num_replicas_in_sync == len(devices)


def test_xla():
    assert uses_xla("on") and not uses_xla("off")
    assert uses_xla("auto") == bool(tf.config.list_physical_devices("GPU"))


def test_precision():
    prepare_runtime(precision="mixed_float16")
    assert keras.config.dtype_policy().name == "mixed_float16"
    prepare_runtime()
    assert keras.config.dtype_policy().name == "float32"


def test_threads_that_come_too_late():
    message = (
        "--threads=3 comes too late: TensorFlow has already started in this process. Run the command in a new process, "
        "or leave the flag out."
    )
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        prepare_runtime(threads=3)


def test_workers_that_come_too_late(monkeypatch):
    cluster = {"cluster": {"worker": [f"127.0.0.1:{free_port()}"]}, "task": {"type": "worker", "index": 0}}
    monkeypatch.setenv("TF_CONFIG", json.dumps(cluster))
    with pytest.raises(InputError, match=r"^--strategy=multiworker comes too late: TensorFlow has already started"):
        join_workers({}, cluster=None, timeout=20)
