"""What all tests share: a quiet TensorFlow with two logical CPUs, so that strategies are tested in this process."""

import contextlib
import fcntl
import gc
import os
import resource
import shutil
import zlib
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
# XLA's programs stay the same, LLVM spends less time on them: that halves the time of a compilation; one module of
# code instead of 32 saves a little more.
os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=0 --xla_cpu_parallel_codegen_split_count=1")
# Tests are small: threads of NumPy and scikit-learn would mostly wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest
import tensorflow as tf
from torturing.full_disk import preloaded
from torturing.nursery import Nursery, tf_configs

FILES = sorted(Path(__file__).parent.rglob("test_*.py"))

tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(2)
tf.config.set_logical_device_configuration(
    tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()] * 2
)


def pytest_addoption(parser):
    parser.addoption("--portion", help="K/N runs the K-th of N portions of the tests, K from 1 to N")


def pytest_ignore_collect(collection_path, config):
    """Files of other portions are not imported, unless some of their tests can be in this one."""
    portion = config.getoption("--portion")
    if portion is None or collection_path.suffix != ".py" or not collection_path.name.startswith("test_"):
        return None
    is_split = collection_path.parent.name == "conformance" or b"cache_with_digits" in collection_path.read_bytes()
    return None if is_split or _is_in(collection_path, portion) else True


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Keeps one portion. XLA keeps every program in memory, so `make test` runs a few portions, each in new processes.

    A portion has whole files, and of the conformance tests all promises on a configuration. Tests with the classifier
    of digits are in one portion, so that it is trained once.
    """
    portion = config.getoption("--portion")
    if portion is None:
        return
    here = {group for group in map(_group, items) if _is_in(group, portion)}
    config.hook.pytest_deselected(items=[item for item in items if _group(item) not in here])
    items[:] = [item for item in items if _group(item) in here]


def _group(item):
    if "cache_with_digits" in item.fixturenames:
        return "cache_with_digits"
    return getattr(item, "group", item.path)


def _is_in(group, portion):
    """Whether a portion "K/N" has a group: a file, or the name of a group of tests."""
    portion, count = map(int, portion.split("/"))
    number = FILES.index(group) if isinstance(group, Path) else zlib.crc32(group.encode())
    return number % count == portion - 1


def pytest_collection_finish():
    """The garbage collector need not look again and again at what TensorFlow has imported."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def two_replicas():
    """The one MirroredStrategy of this process: the collectives of a second one would meet those of the first."""
    return tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])


@pytest.fixture(scope="session")
def nursery():
    """Starts processes that need not import TensorFlow first."""
    nursery = Nursery(preloaded())
    yield nursery
    nursery.close()


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """(name, make) -> a folder that `make(folder)` has filled, in one of the processes that share the tests out."""

    def once(name, make):
        base = tmp_path_factory.getbasetemp()
        base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
        folder, done = base / name, base / f"{name}.done"
        with open(base / f"{name}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                make(folder)
                done.touch()
        return folder

    return once


@pytest.fixture(scope="session")
def cache_with_digits(once):
    """The folder of a cache that has the classifier of the data set digits."""
    from tfgan2.data.images import load_images
    from tfgan2.evaluation.classifier import classifier_of

    return once("cache_with_digits", lambda folder: classifier_of(load_images("digits"), cache_dir=folder))


@pytest.fixture(scope="session")
def start_workers(nursery, tmp_path_factory):
    """(code, command line of each worker) -> a process for each of them.

    The code's variables are those of the nursery's processes; TF_CONFIG names a cluster on this machine.
    """

    def start_workers(code, argvs):
        tasks = tf_configs(len(argvs))
        folders = [tmp_path_factory.mktemp("process") for _ in argvs]
        return [
            nursery.start(code, argv, folder, {"TF_CONFIG": task})
            for argv, folder, task in zip(argvs, folders, tasks, strict=True)
        ]

    return start_workers


@pytest.fixture(autouse=True)
def cache(tmp_path_factory, monkeypatch):
    """The cache of prepared images is a fresh folder in every test."""
    folder = tmp_path_factory.mktemp("cache") / "cache"
    monkeypatch.setenv("TFGAN2_CACHE", str(folder))
    return folder


@pytest.fixture
def full_disk():
    """(size) -> a context in which no file can grow beyond that many bytes, as on a full disk."""

    @contextlib.contextmanager
    def limited(size):
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    return limited
