"""The files of deploy/: their commands are accepted, and the workers that they start find each other."""

import ast
import importlib.util
import json
import re
import shlex
import socket
import subprocess
from pathlib import Path

import pytest
import yaml

from tfgan2 import errors, flags
from tfgan2.distribution.cluster import find_cluster

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
RESUMABLE = {errors.WorkerLostError.exit_code, errors.Interrupted.exit_code}
HOPELESS = {errors.InputError.exit_code, errors.NonFiniteError.exit_code}


def objects(path):
    return list(yaml.safe_load_all(path.read_text()))


def values_of(key, node):
    """All values of a key in nested dictionaries and lists."""
    if isinstance(node, dict):
        found = [node[key]] if key in node else []
        return found + [value for child in node.values() for value in values_of(key, child)]
    return [value for child in node for value in values_of(key, child)] if isinstance(node, list) else []


def command_of(path):
    """The flags of the training that a manifest starts."""
    (args,) = values_of("args", objects(path))
    assert args[0] == "train"
    return [arg.replace("/opt/tfgan2/", f"{ROOT}/") for arg in args[1:]]


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.stem)
def test_the_flags_are_accepted(path):
    settings = flags.parse("train", command_of(path))
    assert settings.strategy == "multiworker" and settings.workdir.is_relative_to("/shared")
    assert values_of("mountPath", objects(path)) == ["/shared"]


def pods_of(kind, spec, name):
    """Host names of the pods that a controller makes, and the names of their services. These are the rules of each."""
    if kind == "Job":
        assert spec["completionMode"] == "Indexed" and spec["completions"] == spec["parallelism"]
        return [f"{name}-{index}" for index in range(spec["completions"])], spec["template"]["spec"]["subdomain"]
    if kind == "JobSet":
        (job,) = spec["replicatedJobs"]
        hosts, _ = pods_of("Job", with_subdomain(job["template"]["spec"]), f"{name}-{job['name']}-0")
        return hosts, name
    assert kind == "TrainJob"
    return [f"{name}-node-0-{index}" for index in range(spec["trainer"]["numNodes"])], name


def with_subdomain(spec):
    template = spec["template"]
    return spec | {"template": template | {"spec": template["spec"] | {"subdomain": ""}}}


BY_NAME = [path for path in MANIFESTS if path.stem != "tfjob"]


@pytest.mark.parametrize("path", BY_NAME, ids=lambda path: path.stem)
def test_the_pods_find_each_other(path, monkeypatch):
    found = {each["kind"]: each for each in objects(path)}
    kind = next(kind for kind in ("JobSet", "TrainJob", "Job") if kind in found)
    hosts, service = pods_of(kind, found[kind]["spec"], found[kind]["metadata"]["name"])
    settings = flags.parse("train", command_of(path))
    for index, host in enumerate(hosts):
        monkeypatch.setenv("JOB_COMPLETION_INDEX", str(index))
        monkeypatch.setattr(socket, "gethostname", lambda host=host: host)
        cluster = find_cluster(settings.cluster)
        assert cluster.index == index
        assert cluster.addresses == tuple(f"{other}.{service}:8470" for other in hosts)
    assert values_of("containerPort", objects(path)) == [8470]
    # Workers look for each other before they are ready.
    assert values_of("publishNotReadyAddresses", objects(path)) == [True]


def test_the_service_of_the_job_selects_its_pods():
    service, job = objects(DEPLOY / "kubernetes" / "job.yaml")
    assert service["spec"]["clusterIP"] == "None"
    assert service["spec"]["selector"] == {"job-name": job["metadata"]["name"]}
    assert service["metadata"]["name"] == job["spec"]["template"]["spec"]["subdomain"]


@pytest.mark.parametrize("name", ["job", "jobset"])
def test_a_fault_is_not_started_again(name):
    rules = [rule for each in values_of("podFailurePolicy", objects(DEPLOY / "kubernetes" / f"{name}.yaml"))
             for rule in each["rules"] if "onExitCodes" in rule]  # fmt: skip
    codes = {rule["action"]: set(rule["onExitCodes"]["values"]) for rule in rules}
    assert codes["FailJob"] == HOPELESS
    assert codes.get("Ignore", RESUMABLE) == RESUMABLE


def test_slurm(tmp_path):
    """The script runs with stand-ins for Slurm's programs: the one that trains ends with each code."""
    script = (DEPLOY / "slurm.sh").read_text()
    for name, body in {"srun": 'echo "$@" > flags; exit $CODE', "scontrol": 'echo "$@" > requeued'}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{body}\n")
        (tmp_path / name).chmod(0o755)
    for code in (0, 2, 3, 69, 74, 75):
        environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "SLURM_JOB_ID": "12", "CODE": str(code)}
        ended = subprocess.run(["bash", "-c", script], cwd=tmp_path, env=environment, check=False).returncode
        assert ended == (0 if code in RESUMABLE else code)
        assert (tmp_path / "requeued").exists() == (code in RESUMABLE)
        (tmp_path / "requeued").unlink(missing_ok=True)
    given = shlex.split((tmp_path / "flags").read_text())
    argv = given[given.index("train") + 1 :]
    assert (
        flags.parse("train", [flag.replace("=configs/", f"={ROOT}/configs/") for flag in argv]).strategy
        == "multiworker"
    )


def test_ray(monkeypatch):
    spec = importlib.util.spec_from_file_location("ray_launch", DEPLOY / "ray_launch.py")
    ray_launch = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(ray_launch)
    assert set(ray_launch.RESUMABLE) == RESUMABLE
    for index, config in enumerate(ray_launch.tf_configs(["a:1", "b:2"])):
        monkeypatch.setenv("TF_CONFIG", config)
        assert find_cluster() == (("a:1", "b:2"), index, "TF_CONFIG")


def test_tf_job(monkeypatch):
    """What the operator sets for each replica of a TFJob."""
    (job,) = objects(DEPLOY / "kubernetes" / "tfjob.yaml")
    worker = job["spec"]["tfReplicaSpecs"]["Worker"]
    (container,) = worker["template"]["spec"]["containers"]
    assert container["name"] == "tensorflow"
    addresses = [f"gan-worker-{index}.default.svc:2222" for index in range(worker["replicas"])]
    task = {"type": "worker", "index": 1}
    config = {"cluster": {"worker": addresses}, "task": task, "environment": "cloud"}
    monkeypatch.setenv("TF_CONFIG", json.dumps(config))
    assert find_cluster(flags.parse("train", command_of(DEPLOY / "kubernetes" / "tfjob.yaml")).cluster).index == 1


def test_the_image_installs_what_is_there():
    lines = (DEPLOY / "Dockerfile").read_text()
    sources = re.findall(r"^COPY (\S+) \.$", lines, re.MULTILINE)
    assert sources and all((ROOT / source).exists() for source in sources)
    minor = int(re.search(r"^FROM python:3\.(\d+)", lines, re.MULTILINE)[1])
    setup = ast.parse((ROOT / "setup.py").read_text())
    (accepted,) = [
        node.value.value for node in ast.walk(setup) if isinstance(node, ast.keyword) and node.arg == "python_requires"
    ]
    low, high = map(int, re.findall(r"3\.(\d+)", accepted))
    assert low <= minor < high
