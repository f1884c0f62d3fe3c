"""Promise: two processes with half of a batch each equal one with the whole batch, and have bit-equal weights."""

from pathlib import Path

import numpy as np
import pytest

ONE_DEVICE = "prepare = lambda: None"

# A worker uses one CPU. Two logical CPUs stand for several GPUs of a worker.
TWO_DEVICES = """
import tensorflow as tf
from tensorflow.python.distribute.collective_all_reduce_strategy import CollectiveAllReduceExtended

def prepare():
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    CollectiveAllReduceExtended._initialize_local_devices = lambda self, resolver, worker: (
        tuple(f"{worker}/device:CPU:{index}" for index in range(2)),
        "CPU",
    )
"""

# One pair of processes trains all games, because starting takes seconds. A name with a plus is compiled by XLA.
PLAY = """
import runpy, sys
import numpy as np
from tfgan2.distribution.strategy import join_workers
conformance = runpy.run_path(argv[0])
prepare()
strategy = join_workers({}, cluster=None, timeout=600)
played = {}
for name in argv[2:]:
    configuration = name.rstrip("+")
    arguments = conformance["CONFIGURATIONS"][configuration].per_replica
    how = {"strategy": strategy, "jit_compile": name.endswith("+")}
    game = conformance["build_game"](configuration, **how, **arguments)
    logs = conformance["play"](game, conformance["iterate"](game), 3)
    played |= {f"{name}|weights|{key}": value for key, value in conformance["values_of"](game).items()}
    played |= {f"{name}|logs|{key}": value for key, value in logs.items()}
images = conformance["train_images"](synchronized=True, strategy=strategy)
played |= {f"images|weights|{key}": value for key, value in images.items()}
np.savez(argv[1], **played)
"""

# What is exchanged is the same for workers as for replicas of one process, where all configurations are compared. These
# exchange averages of logits, and gradients of several players and means within losses; the last two are compiled, and
# the last has phases.
NAMES = ["cgan_pd_lazily", "gngan+", "p2gan_frozen+"]


@pytest.fixture(scope="session")
def played(start_workers, once):
    """Results of each of two workers after three steps: (name, "weights" or "logs") -> entry -> value."""
    return _read(once("played", lambda folder: _play(ONE_DEVICE, NAMES, start_workers, folder)))


def _play(devices, names, start_workers, folder):
    conformance = Path(__file__).with_name("conftest.py")
    argvs = [[conformance, folder / f"{index}.npz", *names] for index in range(2)]
    for ended in [process.end(patience=600) for process in start_workers(devices + PLAY, argvs)]:
        assert ended.code == 0, ended.err


def _read(folder):
    workers = []
    for index in range(2):
        values = {}
        for key, value in np.load(folder / f"{index}.npz").items():
            name, kind, entry = key.split("|")
            values.setdefault((name, kind), {})[entry] = value
        workers.append(values)
    return workers


@pytest.mark.parametrize("name", NAMES)
def test_three_steps_of_two_workers_equal_three_of_one_process(name, played, configurations, trained):
    _compare(played, name, name.rstrip("+"), configurations, trained)


def test_two_workers_with_two_devices_each(start_workers, configurations, trained, tmp_path):
    _play(TWO_DEVICES, ["distgan_features"], start_workers, tmp_path)
    _compare(_read(tmp_path), "distgan_features", "distgan_features", configurations, trained)


def test_synchronized_batch_norm_of_two_workers_uses_the_whole_batch(played, trained_images):
    first, second = (worker["images", "weights"] for worker in played)
    one = trained_images(synchronized=False)
    assert first.keys() == one.keys()
    for entry, value in one.items():
        np.testing.assert_array_equal(first[entry], second[entry], err_msg=entry)
        np.testing.assert_allclose(first[entry], value, rtol=1e-3, atol=1e-5, err_msg=entry)


def _compare(played, name, configuration, configurations, trained):
    # Neighbour embedding is left out, because it is computed per replica by design.
    one = trained(configuration, "eager", **configurations[configuration].per_replica)
    first, second = played
    assert first[name, "weights"].keys() == one.values[3].keys()
    for entry, value in first[name, "weights"].items():
        np.testing.assert_array_equal(second[name, "weights"][entry], value, err_msg=entry)
        np.testing.assert_allclose(value, one.values[3][entry], rtol=1e-4, atol=1e-6, err_msg=entry)
    assert first[name, "logs"] == second[name, "logs"]
    for entry, value in first[name, "logs"].items():
        if not entry.endswith("/gradient_norm"):  # This is a mean over the replicas of their own norms.
            np.testing.assert_allclose(value, one.logs[3][entry], rtol=1e-4, atol=1e-6, err_msg=entry)
