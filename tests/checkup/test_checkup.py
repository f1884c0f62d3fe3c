"""The checks of tfgan2.doctor: what is found, and what to do."""

import errno
import json
import os
import socket
import sys
from importlib import metadata
from types import SimpleNamespace

import pytest
import tensorflow as tf

from tfgan2.checkup.computing import check_computing
from tfgan2.checkup.finding import Finding, findings_of
from tfgan2.checkup.hardware import check_memory, check_processors
from tfgan2.checkup.storage import check_folders
from tfgan2.checkup.versions import check_versions
from tfgan2.checkup.workers import check_workers
from tfgan2.errors import StorageError


def test_an_expected_error_is_a_problem_with_its_exit_code():
    def check():
        yield Finding("fine")
        raise StorageError("x could not be written")

    assert findings_of(check) == [Finding("fine"), Finding("x could not be written", "problem", 74)]


def test_versions_against_their_ranges():
    versions = {"keras": "3.14.2", "numpy": "2.4.6", "onnx": "1.2"}

    def installed(name):
        if name not in versions:
            raise metadata.PackageNotFoundError(name)
        return versions[name]

    required = ["keras==3.15.*", "numpy>=2.4", "scipy>=1.17", 'onnx>=1.23; extra == "onnx"', 'ruff; extra == "test"']
    _, *found = check_versions(required, installed)
    texts = [finding.text.partition(". Run ")[0] for finding in found]
    assert texts == [
        "keras is 3.14.2; tfgan2 needs ==3.15.*",
        "scipy is missing",
        "onnx is 1.2; tfgan2 needs >=1.23",
        "numpy 2.4.6",
    ]
    assert [finding.exit_code for finding in found] == [2, 2, 0, 0] and "pip install 'keras==3.15.*'" in found[0].text


def test_ranges_cannot_be_read_without_their_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "packaging.requirements", None)
    (problem,) = findings_of(check_versions)
    assert problem.exit_code == 2 and problem.text.startswith("packaging is missing. Run ")


def test_the_limits_of_a_container(tmp_path):
    files = {"cpu.max": "50000 100000", "memory.max": str(2**30), "memory.current": str(2**29)}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal:  8388608 kB\nMemAvailable:  4194304 kB\n")
    (memory,) = check_memory(tmp_path, meminfo)
    assert memory.level == "note" and memory.text.startswith("memory: 0.5 GiB of 1.0 GiB are available. ")
    cores, bfloat16 = check_processors(tmp_path)
    assert cores.level == "note" and "may use the time of 0.5. Give --threads=1" in cores.text
    assert bfloat16.level == "ok" and "bfloat16" in bfloat16.text
    (memory,) = check_memory(tmp_path / "none", meminfo)
    assert memory == Finding("memory: 4.0 GiB of 8.0 GiB are available")
    assert next(check_processors(tmp_path / "none")).level == "ok"
    (memory,) = check_memory(tmp_path / "none", tmp_path / "none")
    assert memory.level == "note" and "unknown" in memory.text


def test_products_of_matrices():
    found = list(check_computing())
    assert {finding.text for finding in found} == {
        f"{name} in {dtype} on CPU:0 computes right"
        for name in ("TensorFlow", "XLA")
        for dtype in ("float32", "bfloat16")
    }


def test_wrong_and_impossible_products():
    wrong = list(check_computing(lambda first, second: first @ second + 9))
    assert len(wrong) == 4 and all((each.level, each.exit_code) == ("problem", 2) for each in wrong)
    assert "XLA in float32 on CPU:0 is wrong by 9. Train with --jit=off." in [each.text for each in wrong]
    # XLA cannot compile a text.
    found = list(check_computing(lambda first, second: tf.strings.to_number(tf.strings.as_string(first @ second))))
    assert all("XLA" in each.text and " fails: " in each.text for each in found if each.exit_code)
    assert [each.exit_code for each in found] == [0, 2, 0, 2]


def test_folders(tmp_path, monkeypatch):
    found = list(check_folders(tmp_path / "new" / "runs", tmp_path / "cache"))
    assert [finding.level for finding in found] == ["ok", "ok", "ok"]
    assert found[0].text.startswith(f"runs: {tmp_path}/new/runs can be written, ")
    assert not (tmp_path / "new").exists()
    (tmp_path / "file").touch()
    found = list(check_folders(tmp_path / "file"))
    assert (found[0].level, found[0].exit_code) == ("problem", 74)
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=2**20))
    assert next(check_folders(tmp_path)).level == "note"


def test_workers(monkeypatch):
    monkeypatch.delenv("SLURM_PROCID", raising=False)
    monkeypatch.delenv("TF_CONFIG", raising=False)
    assert [finding.level for finding in check_workers()] == ["ok"]
    with socket.create_server(("", 0)) as server:
        taken = server.getsockname()[1]
        addresses = [f"localhost:{taken}", "localhost:9", "absent.invalid:9"]
        task = {"type": "worker", "index": 0}
        monkeypatch.setenv("TF_CONFIG", json.dumps({"cluster": {"worker": addresses}, "task": task}))
        whole, own, known, absent = check_workers()
    assert whole.text == "worker 0 of 3 by TF_CONFIG" and known == Finding("localhost:9 has a known host")
    assert own.exit_code == absent.exit_code == 69
    assert (
        f"port cannot be used ({os.strerror(errno.EADDRINUSE)}" in own.text and "absent.invalid:9 has no" in absent.text
    )
    monkeypatch.setenv("TF_CONFIG", "{")
    (problem,) = findings_of(check_workers)
    assert (problem.level, problem.exit_code) == ("problem", 2) and problem.text.startswith("TF_CONFIG is not JSON")


@pytest.mark.parametrize(("argv", "code"), [(["--dataset=ring8"], 0), (["--dataset=npz:absent.npz"], 2)])
def test_the_command(argv, code, tmp_path, monkeypatch, capsys):
    from tfgan2 import doctor

    monkeypatch.setattr("tfgan2.checkup.computing._TOLERANCES", {})
    monkeypatch.setattr("tfgan2.checkup.versions.metadata.requires", lambda name: ["keras==3.15.*"])
    assert doctor.main([*argv, f"--workdir={tmp_path}"]) == code
    out = capsys.readouterr().out
    titles = [line for line in out.splitlines() if not line.startswith(" ")]
    assert titles[:-1] == ["Packages", "Processors", "Memory", "GPUs", "Computing", "Folders", "Data", "Workers"]
    assert titles[-1].startswith(f"{int(code > 0)} problem")
    assert ("  ok       ring8: " in out) == (code == 0)


def test_packages_that_cannot_be_imported(monkeypatch, capsys):
    from tfgan2 import doctor

    def fails():
        raise ImportError("libtensorflow_cc.so.2 is missing.")

    monkeypatch.setattr("tfgan2.system.environment.prepare", fails)
    assert doctor.main([]) == 2
    shown = capsys.readouterr()
    assert shown.out.startswith("Packages\n  ok       Python ")
    assert shown.err == (
        "tfgan2: the packages cannot be imported: libtensorflow_cc.so.2 is missing. Correct this first.\n"
    )


def test_unknown_flags_are_usage_errors(capsys):
    from tfgan2 import doctor

    assert doctor.main(["--datset=ring8"]) == 2
    assert "unknown flag --datset; did you mean --dataset?" in capsys.readouterr().err
