"""Each command once as users run it: a process of its own, in a clean environment, and what it prints to run next."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SETTINGS_OF_THE_TESTS = ("TF_CPP_MIN_LOG_LEVEL", "XLA_FLAGS", "OMP_NUM_THREADS")


def run(*command, shell=False, **variables):
    environment = {name: value for name, value in os.environ.items() if name not in SETTINGS_OF_THE_TESTS} | variables
    return subprocess.run(
        command[0] if shell else [str(word) for word in command],
        shell=shell,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )


def tfgan2(command, *flags, **variables):
    return run(sys.executable, "-m", f"tfgan2.{command}", *flags, **variables)


@pytest.fixture(scope="module")
def trained(fast, tmp_path_factory):
    """(workdir, the finished process) of a run with a flagfile and all that can be set of threads and determinism."""
    folder = tmp_path_factory.mktemp("a process")
    flags = [*fast, "--method=gngan", "--train_steps=20", "--ema_decay=0.9", "--export_at_end"]
    (folder / "tiny.cfg").write_text("# A tiny run.\n" + "\n".join(flags))
    runtime = ("--threads=1", "--deterministic", "--strategy=one")
    return folder / "run", tfgan2("train", f"--flagfile={folder / 'tiny.cfg'}", f"--workdir={folder / 'run'}", *runtime)


def test_train(trained):
    workdir, ended = trained
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith("done: step 20, ")
    # Nothing but progress is on standard error.
    assert ended.stderr and all(line.startswith("step ") for line in ended.stderr.splitlines())
    assert (workdir / "export" / "1" / "saved_model.pb").is_file()


def test_the_commands_of_the_summary(trained, tmp_path):
    _, ended = trained
    tensorboard, saved_model_cli = [line.strip() for line in ended.stdout.splitlines() if line.startswith("    ")]
    inspected = run(f"{tensorboard} --inspect", shell=True)
    assert inspected.returncode == 0, inspected.stderr
    assert "losses/generator" in inspected.stdout
    served = run(f"{saved_model_cli} --outdir {shlex.quote(str(tmp_path))}", shell=True)
    assert served.returncode == 0, served.stderr
    samples = np.load(tmp_path / "samples.npy")
    assert samples.shape == (4, 2) and np.isfinite(samples).all()


def test_the_other_commands(trained, tmp_path):
    """To an ASCII terminal, though tables have ± in them and a folder is called é."""
    workdir, _ = trained
    (tmp_path / "é").mkdir()
    for command, flags, output in (
        ("evaluate", [], workdir / "evaluations" / "grid25-2k" / "20.json"),
        ("sample", [f"--output={tmp_path / 'é' / 'x.npz'}", "--count=4"], tmp_path / "é" / "x.npz"),
    ):
        ended = tfgan2(command, f"--workdir={workdir}", *flags, PYTHONIOENCODING="ascii")
        assert (ended.returncode, ended.stderr) == (0, "")
        assert ended.stdout.splitlines()[-1] == str(output).replace("é", r"\xe9") and output.exists()


def test_a_command_without_standard_streams(trained, tmp_path):
    workdir, _ = trained
    command = shlex.join([sys.executable, "-m", "tfgan2.export", f"--workdir={workdir}", f"--output={tmp_path}"])
    ended = run(f"{command} <&- >&- 2>&-", shell=True)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert (tmp_path / "1" / "saved_model.pb").is_file()
