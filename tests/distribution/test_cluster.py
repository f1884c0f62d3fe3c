"""Addresses of workers from TF_CONFIG, Slurm and Kubernetes, and the messages about malformed settings."""

import json
import re
import sys
from types import SimpleNamespace

import pytest

from tfgan2.distribution import schedulers
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
    assert find_cluster(timeout=0) == (addresses, index, "TF_CONFIG")


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
        find_cluster(timeout=0)
    assert '{"cluster": {"worker": ["first.host:12345", ' in str(raised.value)


def test_no_cluster_at_all(environment):
    environment()
    message = "--strategy=multiworker needs the addresses of the workers. Set TF_CONFIG for each worker, "
    with pytest.raises(InputError, match=re.escape(message)):
        find_cluster(timeout=0)


@pytest.mark.parametrize(
    "cluster",
    [
        *("tpu", "slurm", "slurm:x", "slurm:70000", "kubernetes:gan", "kubernetes:gan:0", "kubernetes:gan:70000"),
        *(f"slurm:{'9' * 5000}", f"kubernetes:gan:{'9' * 5000}"),
    ],
)
def test_unknown_clusters(cluster, environment):
    environment()
    message = f"--cluster is {cluster}; it must be kubernetes:JOB:COUNT or slurm:PORT."
    with pytest.raises(InputError, match=re.escape(message)):
        find_cluster(cluster, timeout=0)


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
    assert find_cluster(cluster, timeout=0) == (addresses, 0, "Slurm")
    environment(SLURM_PROCID="1", SLURM_LOCALID="1", SLURMD_NODENAME="node9")
    assert find_cluster(cluster, timeout=0).index == 2


@pytest.mark.parametrize("variable", ["SLURM_STEP_NUM_TASKS", "SLURM_STEP_NODELIST", "SLURM_LOCALID"])
def test_half_of_slurm(variable, environment, monkeypatch):
    environment(**SLURM)
    monkeypatch.delenv(variable)
    with pytest.raises(
        InputError, match=rf"^variables of Slurm are missing or malformed .*{variable}.*\. Start the workers with srun"
    ):
        find_cluster(timeout=0)


def pod(name, phase, address):
    status = SimpleNamespace(phase=phase, pod_ip=address, host_ip="of the node")
    return SimpleNamespace(metadata=SimpleNamespace(name=name), status=status)


@pytest.fixture
def kubernetes(monkeypatch, tmp_path):
    """Function that replaces the Kubernetes client. Each argument has the pods by index at one request."""

    def kubernetes(*answers):
        asked = []

        def list_namespaced_pod(namespace, label_selector):
            index = int(label_selector.removeprefix("job-name=gan,batch.kubernetes.io/job-completion-index="))
            if index == 0:
                asked.append(namespace)
            return SimpleNamespace(items=answers[min(len(asked), len(answers)) - 1][index])

        client = SimpleNamespace(CoreV1Api=lambda: SimpleNamespace(list_namespaced_pod=list_namespaced_pod))
        config = SimpleNamespace(load_incluster_config=lambda: None)
        monkeypatch.setitem(sys.modules, "kubernetes", SimpleNamespace(client=client, config=config))
        (tmp_path / "namespace").write_text("mine\n")
        monkeypatch.setattr(schedulers, "_NAMESPACE", str(tmp_path / "namespace"))
        monkeypatch.setattr(schedulers.time, "sleep", lambda _: None)
        return asked

    return kubernetes


def test_kubernetes(kubernetes, environment):
    environment(JOB_COMPLETION_INDEX="1")
    gone, first, second = (
        pod("gan-0-x", "Failed", None),
        pod("gan-0-y", "Running", "10.0.0.7"),
        pod("gan-1-z", "Running", "10.0.0.5"),
    )
    asked = kubernetes([[gone], [pod("gan-1-z", "Pending", None)]], [[gone, first], [second]])
    addresses = ("10.0.0.7:8470", "10.0.0.5:8470")
    assert find_cluster("kubernetes:gan:2", timeout=10) == (addresses, 1, "Kubernetes")
    assert asked == ["mine", "mine"]


def test_pods_that_do_not_run(kubernetes, environment):
    environment(JOB_COMPLETION_INDEX="0")
    kubernetes([[pod("gan-0-x", "Running", "10.0.0.7")], []])
    with pytest.raises(
        InputError, match=r"--cluster is kubernetes:gan:2; its 2 pods were not all running within 0 s\. Try kubectl"
    ):
        find_cluster("kubernetes:gan:2", timeout=0)


@pytest.mark.parametrize("index", ["", "2"])
def test_no_pod_of_the_job(index, environment):
    environment(JOB_COMPLETION_INDEX=index)
    message = f"JOB_COMPLETION_INDEX is '{index}'; with --cluster=kubernetes:gan:2 it must be in [0, 1]. Run a job with"
    with pytest.raises(InputError, match=re.escape(message)):
        find_cluster("kubernetes:gan:2", timeout=0)


def test_without_the_client_of_kubernetes(environment, monkeypatch):
    environment(JOB_COMPLETION_INDEX="0")
    monkeypatch.setitem(sys.modules, "kubernetes", None)
    with pytest.raises(InputError, match=r"--cluster=kubernetes needs the package kubernetes\. Try pip install"):
        find_cluster("kubernetes:gan:2", timeout=0)
