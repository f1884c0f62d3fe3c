"""Warnings of a real run about a generator that does not learn, and the end of a flat run or at a score."""

import json

import numpy as np
import pytest

FLAGS = (
    *("--method=standard_gan", "--dataset=ring8", "--network.hidden_units=16", "--batch_size=16", "--jit=off"),
    *("--steps_per_execution=50", "--log_every=50", "--sample_every=0", "--checkpoint_every=0"),
)


def lines_of(workdir, kind):
    lines = map(json.loads, (workdir / "metrics.jsonl").read_text().splitlines())
    return [line for line in lines if line["kind"] == kind]


@pytest.fixture(scope="module")
def idle(call, tmp_path_factory):
    """A run that ends because it is flat. The learning rate of its generator is nearly 0."""
    workdir = tmp_path_factory.mktemp("idle") / "run"
    argv = [*FLAGS, "--optimizer.generator.learning_rate=1e-9", "--optimizer.learning_rate=0.005", "--ema_decay=0.9"]
    argv += ["--evaluate_every=50", "--stop_when=flat", "--export_at_end", f"--workdir={workdir}"]
    return argv, workdir, call("train", *argv, "--train_steps=5000")


def test_a_generator_that_does_not_learn_has_lost(idle):
    _, workdir, ended = idle
    assert ended.code == 0, ended.err
    (warning,) = [line for line in ended.err.splitlines() if line.startswith("warning: the discriminator has won")]
    assert "--optimizer.discriminator.learning_rate" in warning
    (line,) = [line for line in lines_of(workdir, "warning") if line["values"]["name"] == "discriminator_won"]
    assert line["values"]["active"] and line["values"]["text"] in warning and 500 <= line["step"] <= 2000


def test_a_flat_run_ends_as_at_its_last_step_and_stays_ended(idle, call):
    argv, workdir, ended = idle
    step = lines_of(workdir, "evaluation")[-1]["step"]
    assert 2000 <= step < 5000
    assert ended.out.startswith(f"done: step {step}, ")
    assert "  flat since step " in ended.out and "ended before step 5000; --stop_when=never trains on" in ended.out
    assert [path.name for path in (workdir / "export").iterdir()] == ["1"]
    assert [path.name for path in (workdir / "checkpoints").iterdir()] == [f"step_{step:08d}"]
    before = (workdir / "metrics.jsonl").read_bytes()
    again = call("train", *argv, "--train_steps=5000")
    assert again.code == 0 and again.out.startswith(f"done: step {step}, ")
    assert (workdir / "metrics.jsonl").read_bytes() == before
    assert [path.name for path in (workdir / "export").iterdir()] == ["1"]
    # More steps with --stop_when=never continue the run.
    more = call("train", *argv, f"--train_steps={step + 50}", "--stop_when=never", "--evaluate_every=0")
    assert more.code == 0 and more.out.startswith(f"done: step {step + 50}, "), more.err


def test_nothing_to_be_flat(call, tmp_path):
    np.savez(tmp_path / "points.npz", points=np.random.default_rng(0).normal(size=(50, 2)))
    flags = [*FLAGS[:1], f"--dataset=npz:{tmp_path / 'points.npz'}", *FLAGS[2:], "--train_steps=50"]
    ended = call("train", *flags, "--stop_when=flat", f"--workdir={tmp_path / 'w'}")
    assert ended.code == 2 and not (tmp_path / "w").exists()
    assert ended.err.splitlines()[-1].endswith(
        "--stop_when=flat needs evaluations, and nothing is measured during training on "
        f"npz:{tmp_path / 'points.npz'}; add --evaluate_metrics, or take --stop_when=never."
    )


def test_a_run_ends_at_a_score_and_stays_ended(call, tmp_path):
    argv = [*FLAGS, "--evaluate_every=50", f"--workdir={tmp_path / 'w'}"]
    condition = "--stop_when=registered_points >= 0"
    for _ in range(2):
        ended = call("train", *argv, "--train_steps=500", condition)
        assert ended.code == 0 and ended.out.startswith("done: step 50, "), ended.err
        assert ended.out.count(": registered_points>=0 is reached.\n") == 1
        assert "ended before step 500; --stop_when=never trains on" in ended.out
    (note,) = lines_of(tmp_path / "w", "warning")
    assert (note["step"], note["values"]["name"]) == (50, "score_reached")
    assert f"{condition}\n" in (tmp_path / "w" / "flags.cfg").read_text()
    more = call("train", *argv, "--train_steps=100", "--stop_when=never", "--evaluate_every=0")
    assert more.code == 0 and more.out.startswith("done: step 100"), more.err


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("recall>0.5", "--stop_when=recall>0.5: recall is not measured during training on ring8; there are registered"),
        ("recall", "--stop_when is recall; it must be never, flat, or a score, one of >= <= > < and a finite number."),
    ],
)
def test_a_score_that_cannot_end_a_run(call, tmp_path, condition, message):
    ended = call("train", *FLAGS, "--train_steps=50", f"--stop_when={condition}", f"--workdir={tmp_path / 'w'}")
    assert ended.code == 2 and not (tmp_path / "w").exists()
    assert f"tfgan2: {message}" in ended.err
