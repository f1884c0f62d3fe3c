"""Resuming: killed, stopped, damaged or lengthened, a run ends with the very bits of one that was never stopped."""

import json
import re
import shutil
import signal
import time
from pathlib import Path

import numpy as np
import pytest

from tfgan2.callbacks.stop import SIGNALS
from tfgan2.methods.base.game import Game
from tfgan2.run import loop

METHODS = {
    "off": ["--method=standard_gan", "--jit=off"],
    "on": ["--method=standard_gan", "--network.spectral_norm=true", "--jit=on"],
}


def last_line(workdir):
    """The last whole line of metrics.jsonl, if there is any."""
    path = Path(workdir, "metrics.jsonl")
    lines = path.read_text().splitlines(keepends=True) if path.exists() else []
    return json.loads(lines[-1]) if lines and lines[-1].endswith("\n") else None


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_stopped_by_a_signal(number, start, call, fast, differing, metrics_of, tmp_path):
    argv = ["--method=standard_gan", *fast, "--sample_every=0", "--evaluate_every=0", "--checkpoint_every=100000"]
    stopped, never = tmp_path / "stopped", tmp_path / "never"
    process = start(*argv, "--train_steps=1000000", f"--workdir={stopped}")
    process.wait_for(lambda: last_line(stopped))
    sent = time.monotonic()
    process.send(number)
    ended = process.end()
    assert time.monotonic() - sent < 5
    assert (ended.code, ended.out) == (75, "")
    (checkpoint,) = (stopped / "checkpoints").iterdir()
    step = int(checkpoint.name.removeprefix("step_"))
    assert step == last_line(stopped)["step"] and step % 10 == 0
    message = f"tfgan2: stopped at step {step} of 1000000; the same command continues from there."
    assert [line for line in ended.err.splitlines() if "steps/s" not in line] == [message]

    if number != signal.SIGTERM:  # What follows is the same for all.
        return
    steps = f"--train_steps={step + 15}"
    for workdir in (stopped, never):
        ended = call("train", *argv, steps, f"--workdir={workdir}")
        assert ended.code == 0, ended.err
    assert differing(stopped, never) == []
    assert metrics_of(stopped) == metrics_of(never)


HANG_UP_BEFORE_ALL_IS_SAVED = """
import os, signal
from tfgan2.callbacks.saving import Checkpoints
save = Checkpoints.on_train_end
def save_later(saving, logs=None):
    os.kill(os.getpid(), signal.SIGHUP)
    save(saving, logs)
Checkpoints.on_train_end = save_later
"""


def test_a_closed_terminal_hangs_up_twice(start, fast, tmp_path):
    argv = ["--method=standard_gan", *fast, "--sample_every=0", "--evaluate_every=0", "--checkpoint_every=0"]
    process = start(*argv, "--train_steps=1000000", f"--workdir={tmp_path}/w", before=HANG_UP_BEFORE_ALL_IS_SAVED)
    process.wait_for(lambda: last_line(tmp_path / "w"))
    process.send(signal.SIGHUP)
    assert process.end().code == 75
    (checkpoint,) = (tmp_path / "w" / "checkpoints").iterdir()
    assert checkpoint.name == f"step_{last_line(tmp_path / 'w')['step']:08d}"


def test_under_nohup_it_goes_on(start, fast, tmp_path):
    argv = ["--method=standard_gan", *fast, "--sample_every=0", "--evaluate_every=0", "--train_steps=1000000"]
    ignore = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)"
    process = start(*argv, f"--workdir={tmp_path}/w", before=ignore)
    step = process.wait_for(lambda: last_line(tmp_path / "w"))["step"]
    process.send(signal.SIGHUP)
    assert process.wait_for(lambda: last_line(tmp_path / "w")["step"] > step + 100)
    process.send(signal.SIGTERM)
    assert process.end().code == 75


def test_a_longer_run_equals_one_that_was_as_long_from_the_start(call, fast, differing, tmp_path):
    # 25 and 45 are no multiples of the 10 steps of an execution; the schedule spans 60 steps in both runs.
    argv = [*METHODS["off"], *fast, "--sample_every=0", "--evaluate_every=0", "--optimizer.schedule=cosine"]
    argv += ["--ema_decay=0.9", "--schedule_steps=60", "--optimizer.learning_rate=0.01"]
    grown, long = tmp_path / "grown", tmp_path / "long"
    for steps in (25, 45):
        ended = call("train", *argv, f"--train_steps={steps}", f"--workdir={grown}")
        assert ended.code == 0, ended.err
        assert ("tfgan2: continues from step 25\n" in ended.err) == (steps == 45)
    assert "--train_steps=45\n" in (grown / "flags.cfg").read_text()
    assert call("train", *argv, "--train_steps=45", f"--workdir={long}").code == 0
    assert differing(grown, long) == []


@pytest.mark.parametrize("jit", ["off", "on"])
def test_slow_steps_make_chunks_shorter_and_change_nothing_else(jit, call, fast, differing, tmp_path, monkeypatch):
    argv = [*METHODS[jit], *fast, "--sample_every=0", "--evaluate_every=0", "--train_steps=40"]
    usual, short = tmp_path / "usual", tmp_path / "short"
    chunks = []
    train_chunk = Game.train_chunk

    def recording(game, iterator, steps):
        chunks.append(steps)
        return train_chunk(game, iterator, steps)

    monkeypatch.setattr(Game, "train_chunk", recording)
    assert call("train", *argv, f"--workdir={usual}").code == 0
    assert chunks == {"off": [1, 1, 8, 10, 10, 10], "on": [10, 10, 10, 10]}[jit]
    chunks.clear()
    monkeypatch.setattr(loop, "_LONGEST_CHUNK", 0.0)
    assert call("train", *argv, f"--workdir={short}").code == 0
    # The first chunk is not judged by, since it is traced.
    assert chunks == {"off": [1] * 40, "on": [10, 10, *[1] * 20]}[jit]
    assert differing(short, usual) == []


def damage(checkpoint):
    path = checkpoint / "state.data-00000-of-00001"
    path.write_bytes(path.read_bytes()[:100])


def test_a_damaged_checkpoint_is_passed_over(trained, trained_copy, call, differing, metrics_of):
    damage(trained_copy / "checkpoints" / "step_00000045")
    ended = call("train", *trained.argv, f"--workdir={trained_copy}")
    assert ended.code == 0, ended.err
    assert f"the checkpoint {trained_copy / 'checkpoints' / 'step_00000045'} is damaged" in ended.out
    assert differing(trained_copy, trained.workdir) == []
    assert metrics_of(trained_copy) == metrics_of(trained.workdir)
    # The damaged one has been replaced.
    ended = call("sample", f"--workdir={trained_copy}", f"--output={trained_copy / 'x.npz'}")
    assert (ended.code, ended.out, ended.err) == (0, f"{trained_copy / 'x.npz'}\n", "")


def test_nothing_but_damaged_checkpoints(trained, trained_copy, call, tree):
    for checkpoint in (trained_copy / "checkpoints").iterdir():
        damage(checkpoint)
    before = tree(trained_copy)
    for command, flags in (("train", trained.argv), ("evaluate", []), ("sample", ["--output=x.npz"]), ("export", [])):
        ended = call(command, *flags, f"--workdir={trained_copy}")
        assert ended.code == 2
        assert " has no readable checkpoint (tried steps: 45, 40, 20). Restore" in ended.err
        assert "start again in a new workdir" in ended.err and "Traceback" not in ended.err
    assert tree(trained_copy) == before


def test_a_start_that_was_cut_off_at_once(trained, call, tmp_path):
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / ".flags.cfg.unfinished").write_text("--method=gn")
    argv = [*trained.argv[:-1], "--method=standard_gan", "--train_steps=10", "--sample_every=0"]
    ended = call("train", *argv, f"--workdir={tmp_path / 'w'}")
    assert ended.code == 0, ended.err


def test_a_loss_that_is_not_finite(call, fast, state_of, metrics_of, tmp_path):
    # Without a penalty and by plain gradient descent the critic's score grows until it overflows; after how many steps,
    # and which value is seen first, differs between processors.
    argv = ["--method=standard_gan", "--standard_gan.loss=wasserstein", *fast, "--sample_every=0", "--train_steps=400"]
    argv += [
        "--evaluate_every=0",
        "--network.output_activation=tanh",
        "--optimizer.name=sgd",
        "--optimizer.learning_rate=0.3",
    ]
    ended = call("train", *argv, f"--workdir={tmp_path / 'w'}")
    assert ended.code == 3
    message = re.fullmatch(r"tfgan2: \w+/\w+ is not finite at step (\d+)\.", ended.err.splitlines()[-1])
    assert message, ended.err
    finite = int(message[1]) - 1
    assert 40 <= finite < 120
    assert "Traceback" not in ended.err
    assert {path.name for path in (tmp_path / "w" / "checkpoints").iterdir()} == {
        f"step_{step:08}"
        for step in range(20, finite + 1, 20)[-3:]  # the newest three are kept
    }
    assert all(np.isfinite(value).all() for value in state_of(tmp_path / "w").values())
    assert metrics_of(tmp_path / "w")[-1]["step"] == finite // 10 * 10
    # The same command comes to the same end; the checkpoint still serves.
    before = shutil.copytree(tmp_path / "w", tmp_path / "before")
    again = call("train", *argv, f"--workdir={tmp_path / 'w'}")
    assert (again.code, again.err.splitlines()[-1]) == (3, ended.err.splitlines()[-1])
    assert metrics_of(tmp_path / "w") == metrics_of(before)
    assert call("sample", f"--workdir={tmp_path / 'w'}", f"--output={tmp_path / 'x.npz'}").code == 0
    assert np.isfinite(np.load(tmp_path / "x.npz")["samples"]).all()


def test_a_learning_rate_beyond_reason(call, fast, tmp_path):
    argv = ["--method=gngan", *fast, "--train_steps=40", "--sample_every=0", "--optimizer.learning_rate=1e30"]
    ended = call("train", *argv, f"--workdir={tmp_path / 'w'}")
    assert ended.code == 3
    last = ended.err.splitlines()[-1]
    assert last.startswith("tfgan2: ") and last.endswith(" is not finite at step 0.")
    assert not (tmp_path / "w" / "checkpoints").exists()
    # Without a checkpoint nothing is lost by a start with other flags.
    argv[-1] = "--optimizer.learning_rate=0.001"
    ended = call("train", *argv, f"--workdir={tmp_path / 'w'}")
    advice = "It has no checkpoint yet. Delete the folder to start with these flags, or name a new workdir."
    assert (ended.code, ended.err.splitlines()[-1]) == (2, advice)
    (tmp_path / "w" / "stages").mkdir()
    ended = call("train", *argv, f"--workdir={tmp_path / 'w'}")
    assert ended.code == 2 and ". Delete all files in it except stages to start" in ended.err
