"""Addresses of workers from TF_CONFIG, Slurm and Kubernetes, and the messages about malformed settings."""

import json
import re
import socket

import pytest

from tfgan2.distribution.cluster import find_cluster
from tfgan2.errors import InputError

SCHEDULERS = ("TF_CONFIG", "SLURM_PROCID", "JOB_COMPLETION_INDEX")
TWO = ["a:1", "b:2"]


@pytest.fixture
def environment(monkeypatch):
    """Function that sets environment variables. The variables of all schedulers are removed first."""
    for name in SCHEDULERS:
        monkeypatch.delenv(name, raising=False)

    def environment(**variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, value if isinstance(value, str) else json.dumps(value))

    return environment


@pytest.mark.parametrize(
    ("cluster", "task", "addresses", "index"),
    [
        ({"worker": TWO}, ("worker", 1), ("a:1", "b:2"), 1),
        ({"worker": ["a:1"]}, ("worker", 0), ("a:1",), 0),
        ({"worker": TWO, "chief": ["c:3"]}, ("worker", 1), ("c:3", "a:1", "b:2"), 2),
        ({"worker": TWO, "chief": ["c:3"]}, ("chief", 0), ("c:3", "a:1", "b:2"), 0),
    ],
)
def test_tf_config(cluster, task, addresses, index, environment):
    environment(TF_CONFIG={"cluster": cluster, "task": {"type": task[0], "index": task[1]}})
    assert find_cluster() == (addresses, index, "TF_CONFIG")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{'cluster'", "TF_CONFIG is not JSON (Expecting property name"),
        ("", "TF_CONFIG is not JSON"),
        ("[]", "TF_CONFIG has no cluster"),
        ("{}", "TF_CONFIG has no cluster"),
        ({"cluster": {"worker": TWO}}, "TF_CONFIG has no task with a type and an index"),
        ({"cluster": {"worker": TWO}, "task": {"type": "worker"}}, "TF_CONFIG has no task with a type and an index"),
        ("worker 2", "TF_CONFIG has the index 2 of type worker; it must be an integer in [0, 2)"),
        ("worker -1", "TF_CONFIG has the index -1 of type worker; it must be an integer in [0, 2)"),
        ("worker true", "TF_CONFIG has the index True of type worker; it must be"),
        ("chief 0", "TF_CONFIG has the index 0 of type chief; it must be an integer in [0, 0)"),
        ("evaluator 0", "TF_CONFIG has the task type 'evaluator'; it must be chief or worker"),
        ("[] 0", "TF_CONFIG has the task type '[]'; it must be chief or worker"),
        ({"ps": TWO}, "TF_CONFIG has the task type 'ps'; it must be chief or worker"),
        ({"worker": "a:1"}, "TF_CONFIG has 'a:1' for worker; it must be a list of addresses host:port"),
        ({"worker": ["a"]}, "TF_CONFIG has ['a'] for worker; it must be a list of addresses host:port"),
        ({"worker": ["a:0"]}, "TF_CONFIG has ['a:0'] for worker"),
        ({"worker": ["a:x"]}, "TF_CONFIG has ['a:x'] for worker"),
        ({"worker": [1]}, "TF_CONFIG has [1] for worker"),
        ({"worker": ["a:1", "a:1"]}, "TF_CONFIG has one address twice; the addresses must be different"),
        ({"worker": ["a:1"], "chief": TWO}, "TF_CONFIG has several chiefs; it must have at most one"),
    ],
)
def test_malformed_tf_config(text, message, environment):
    if isinstance(text, dict) and "cluster" not in text:
        text = {"cluster": text, "task": {"type": "worker", "index": 0}}
    elif isinstance(text, str) and len(text.split()) == 2:
        kind, index = text.split()
        text = {"cluster": {"worker": TWO}, "task": {"type": kind, "index": json.loads(index)}}
    environment(TF_CONFIG=text)
    with pytest.raises(InputError, match=re.escape(message)) as raised:
        find_cluster()
    assert '{"cluster": {"worker": ["first.host:12345", ' in str(raised.value)


def test_no_cluster_at_all(environment):
    environment()
    message = "--strategy=multiworker needs the addresses of the workers. Set TF_CONFIG for each worker, "
    with pytest.raises(InputError, match=re.escape(message)):
        find_cluster()


@pytest.mark.parametrize(
    "cluster",
    [
        *("tpu", "slurm", "slurm:x", "slurm:70000", "dns:gan", "dns:gan:0", "dns:gan:70000", "dns::2"),
        *(f"slurm:{'9' * 5000}", f"dns:gan:{'9' * 5000}", "dns:gan/2:2", "dns:-gan:2", f"dns:{'g' * 300}:2"),
    ],
)
def test_unknown_clusters(cluster, environment):
    environment()
    message = f"--cluster is {cluster}; it must be dns:SERVICE:COUNT or slurm:PORT."
    with pytest.raises(InputError, match=re.escape(message)):
        find_cluster(cluster)


SLURM = {
    "SLURM_PROCID": "2",
    "SLURM_LOCALID": "0",
    "SLURM_STEP_NUM_TASKS": "3",
    "SLURM_STEP_NODELIST": "node[9-10]",
    "SLURM_STEP_TASKS_PER_NODE": "2,1",
    "SLURMD_NODENAME": "node10",
}


@pytest.mark.parametrize(("cluster", "port"), [(None, 8888), ("slurm:7000", 7000)])
def test_slurm(cluster, port, environment):
    # TensorFlow's resolver puts node10 before node9. So the third task of Slurm is the first worker.
    environment(**SLURM)
    addresses = (f"node10:{port}", f"node9:{port}", f"node9:{port + 1}")
    assert find_cluster(cluster) == (addresses, 0, "Slurm")
    environment(SLURM_PROCID="1", SLURM_LOCALID="1", SLURMD_NODENAME="node9")
    assert find_cluster(cluster).index == 2


@pytest.mark.parametrize("variable", ["SLURM_STEP_NUM_TASKS", "SLURM_STEP_NODELIST", "SLURM_LOCALID"])
def test_half_of_slurm(variable, environment, monkeypatch):
    environment(**SLURM)
    monkeypatch.delenv(variable)
    with pytest.raises(
        InputError, match=rf"^variables of Slurm are missing or malformed .*{variable}.*\. Start the workers with srun"
    ):
        find_cluster()


@pytest.fixture
def pod(environment, monkeypatch):
    """Function that makes this process a pod with a host name and an index."""

    def pod(host, index):
        environment(JOB_COMPLETION_INDEX=index)
        monkeypatch.setattr(socket, "gethostname", lambda: host)

    return pod


def test_pods_of_an_indexed_job(pod):
    pod("gan-1", "1")
    assert find_cluster("dns:gan-workers:2") == (("gan-0.gan-workers:8470", "gan-1.gan-workers:8470"), 1, "Kubernetes")


def test_pods_of_a_job_set(pod):
    # The name of a job of a set has hyphens and a number of its own.
    pod("faces-workers-0-2", "2")
    addresses = tuple(f"faces-workers-0-{i}.faces.ml.svc.cluster.local:8470" for i in range(3))
    assert find_cluster("dns:faces.ml.svc.cluster.local:3") == (addresses, 2, "Kubernetes")


@pytest.mark.parametrize("index", ["", "2", "-1", "one"])
def test_no_pod_of_the_job(index, pod):
    pod("gan-2", index)
    message = f"JOB_COMPLETION_INDEX is {index!r}; with --cluster=dns:gan:2 it must be in [0, 1]. Run a job with"
    with pytest.raises(InputError, match=re.escape(message)):
        find_cluster("dns:gan:2")


@pytest.mark.parametrize("host", ["gan-0", "gan", "1", "-1", "gan-11"])
def test_a_pod_with_a_host_name_of_its_own(host, pod):
    pod(host, "1")
    message = f"the name of this host is {host}, and it must end in -1, as that of each pod of an indexed job does."
    with pytest.raises(InputError, match=re.escape(message)):
        find_cluster("dns:gan:2")
