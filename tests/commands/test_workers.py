"""Runs of two workers: their files, stopping, resuming, the loss of a worker, and errors."""

import json
import signal
import socket
import time
from pathlib import Path

import pytest
from torturing.nursery import tf_configs

CODE = "code = train.main(argv)"
TINY = (
    *("--strategy=multiworker", "--method=standard_gan", "--standard_gan.discriminator_steps=2", "--dataset=grid25"),
    *("--network.hidden_units=8", "--batch_size=16", "--ema_decay=0.9", "--jit=off", "--steps_per_execution=10"),
    *("--log_every=10", "--sample_every=0", "--evaluate_every=20", "--checkpoint_every=20"),
)
LONG = "--train_steps=1000000"
LOST = (
    "tfgan2: another worker of this run ended or cannot be reached. See its output for the reason. "
    "Start all workers again to continue from the last checkpoint."
)
NOTICED = 60  # Seconds until a worker ends after the loss of another worker, as in docs/howto/machines.md.
WORKER_1_FAILS = """
import json, os
from tfgan2.run import session as training
from tfgan2.errors import StorageError
def fail(*arguments):
    raise StorageError("the disk of worker 1 is full.")
if json.loads(os.environ["TF_CONFIG"])["task"]["index"] == 1:
    training.train = fail
code = train.main(argv)
"""


def last_step(workdir):
    path = Path(workdir, "metrics.jsonl")
    lines = path.read_text().splitlines(keepends=True) if path.exists() else []
    return json.loads(lines[-1])["step"] if lines and lines[-1].endswith("\n") else 0


def newest_checkpoint(workdir):
    """The step of the newest checkpoint."""
    return max(int(path.name.removeprefix("step_")) for path in (workdir / "checkpoints").glob("step_*"))


def messages(ended):
    """What is on standard error, beside progress."""
    return [line for line in ended.err.splitlines() if "steps/s" not in line]


@pytest.fixture
def both(start_workers):
    """(flags) -> the two processes of a run."""
    return lambda *argv: start_workers(CODE, [[*TINY, *argv]] * 2)


@pytest.fixture
def continued(both, differing, metrics_of, tmp_path):
    """(workdir, steps) -> trains on to the end, and compares to a run that was never stopped."""

    def continued(workdir, steps):
        begin = f"tfgan2: continues from step {newest_checkpoint(workdir)}"
        for folder, told in ((workdir, [begin]), (tmp_path / "never", [])):
            chief, other = [process.end() for process in both(f"--train_steps={steps}", f"--workdir={folder}")]
            assert (chief.code, messages(chief)) == (0, told) and chief.out.startswith(f"done: step {steps}, ")
            assert other == (0, "", "")
        assert differing(workdir, tmp_path / "never") == []
        assert metrics_of(workdir) == metrics_of(tmp_path / "never")

    return continued


@pytest.mark.parametrize(("number", "told"), [(signal.SIGTERM, 0), (signal.SIGUSR1, 1)])
def test_a_signal_to_one_stops_both_at_one_step(number, told, both, tmp_path):
    workdir = tmp_path / "stopped"
    processes = both(LONG, f"--workdir={workdir}")
    processes[0].wait_for(lambda: last_step(workdir) >= 30)
    processes[told].send(number)
    ended = [process.end() for process in processes]
    step = newest_checkpoint(workdir)
    stopped = f"tfgan2: stopped at step {step} of 1000000; the same command continues from there."
    assert [(one.code, one.out, messages(one)) for one in ended] == [(75, "", [stopped])] * 2
    assert step == last_step(workdir)


@pytest.mark.parametrize("killed", [0, 1])
def test_when_one_is_killed_the_other_ends(killed, both, continued, tmp_path):
    workdir = tmp_path / "killed"
    processes = both(LONG, f"--workdir={workdir}")
    processes[0].wait_for(lambda: last_step(workdir) >= 30)
    sent = time.monotonic()
    processes[killed].send(signal.SIGKILL)
    ended = [process.end() for process in processes]
    assert time.monotonic() - sent < NOTICED
    left = ended[1 - killed]
    assert (ended[killed].code, left.code, left.out) == (-signal.SIGKILL, 69, "")
    assert messages(left)[-1] == LOST and "Traceback" not in left.err
    if killed == 0:
        continued(workdir, last_step(workdir) + 15)


def test_when_one_fails_the_other_ends(start_workers, tmp_path):
    argv = [*TINY, LONG, f"--workdir={tmp_path / 'w'}"]
    chief, other = [process.end() for process in start_workers(WORKER_1_FAILS, [argv] * 2)]
    assert (other.code, messages(other)) == (74, ["tfgan2: the disk of worker 1 is full."])
    assert (chief.code, messages(chief)[-1]) == (69, LOST)


def test_a_batch_that_cannot_be_shared(both, tmp_path):
    argv = ("--train_steps=10", "--batch_size=15", f"--workdir={tmp_path / 'w'}")
    message = "tfgan2: --batch_size=15 cannot be shared by 2 devices; take a multiple of 2, such as 16.\n"
    assert [process.end() for process in both(*argv)] == [(2, "", message)] * 2
    assert not (tmp_path / "w").exists()


def test_workers_with_different_settings(start_workers, tmp_path):
    argvs = [[*TINY, "--train_steps=10", f"--workdir={tmp_path / 'w'}"] for _ in range(2)]
    argvs[1] += ["--standard_gan.loss=hinge", "--seed=1", "--train_steps=20", "--log_every=20"]
    message = (
        "tfgan2: the workers have different settings:\n"
        "  --seed: worker 0 has 0, worker 1 has 1\n"
        "  --schedule_steps: worker 0 has 10, worker 1 has 20\n"
        "  --standard_gan.loss: worker 0 has logistic, worker 1 has hinge\n"
        "  --train_steps: worker 0 has 10, worker 1 has 20\n"
        "Start all workers with the same settings.\n"
    )
    assert [process.end() for process in start_workers(CODE, argvs)] == [(2, "", message)] * 2
    assert not (tmp_path / "w").exists()


def test_workers_that_share_no_folder(call, start_workers, tmp_path):
    alone = ("--strategy=one", "--train_steps=10", "--schedule_steps=20", f"--workdir={tmp_path / '0'}")
    assert call("train", *TINY, *alone).code == 0
    argvs = [[*TINY, "--train_steps=20", "--schedule_steps=20", f"--workdir={tmp_path / name}"] for name in "01"]
    for index, process in enumerate(start_workers(CODE, argvs)):
        message = (
            f"tfgan2: the workers found checkpoints of different steps (10, 0) in --workdir={tmp_path / str(index)}; "
            "it must be one folder that all their machines share."
        )
        ended = process.end()
        assert (ended.code, ended.out, messages(ended)) == (2, "", [message])
    assert not (tmp_path / "1").exists()


@pytest.fixture
def refused(call, monkeypatch, tmp_path):
    """Function that starts one worker alone with TF_CONFIG and flags, and returns its message."""
    monkeypatch.delenv("SLURM_PROCID", raising=False)

    def refused(tf_config, *argv):
        monkeypatch.delenv("TF_CONFIG", raising=False)
        if tf_config is not None:
            monkeypatch.setenv("TF_CONFIG", tf_config)
        ended = call("train", *TINY, "--train_steps=10", "--join_seconds=1", f"--workdir={tmp_path / 'w'}", *argv)
        assert (ended.code, ended.out) == (2, "") and not (tmp_path / "w").exists()
        return ended.err

    return refused


def test_a_worker_without_addresses(refused):
    assert "--strategy=multiworker needs the addresses of the workers. Set TF_CONFIG " in refused(None)
    assert refused("{").startswith("tfgan2: TF_CONFIG is not JSON (")
    assert refused("{}").startswith("tfgan2: TF_CONFIG has no cluster. Example: {")
    assert refused(None, "--cluster=tpu").startswith("tfgan2: --cluster is tpu; it must be dns:SERVICE:COUNT")


def test_missing_workers(refused):
    for index, config in enumerate(tf_configs(2)):
        missing = 1 - index
        assert refused(config).startswith(f"tfgan2: worker {missing} (localhost:")
        assert refused(config).endswith(
            "did not appear within 1 s. Start it, correct TF_CONFIG, or wait longer with --join_seconds.\n"
        )


def test_a_port_in_use(refused):
    config = tf_configs(2)[0]
    port = int(json.loads(config)["cluster"]["worker"][0].rpartition(":")[2])
    with socket.create_server(("", port)):
        assert refused(config) == (
            f"tfgan2: worker 0 cannot listen on port {port} of this machine: Address already in use. "
            "Choose a free port in TF_CONFIG.\n"
        )
