"""Sweeps with Optuna: ranges, the best trial, early stops, failures, and a sweep that goes on."""

import json
import sys

import optuna
import pytest

from tfgan2.errors import InputError, Interrupted, NonFiniteError

PYTHON = sys.executable
SCRIPT = """#!{python}
import json, os, sys, time
flags = dict(argument.removeprefix("--").split("=", 1) for argument in sys.argv[3:])
workdir, rate = flags["workdir"], float(flags["rate"])
code, *scores = {behaviour}(rate)
os.makedirs(workdir, exist_ok=True)
with open(os.path.join(workdir, "starts"), "a") as file:
    file.write("x")
with open(os.path.join(workdir, "metrics.jsonl"), "w", buffering=1) as file:
    for step, score in enumerate(scores, 1):
        file.write(json.dumps({{"step": step, "kind": "evaluation", "values": {{"score": score}}}}) + "\\n")
if code == "wait":
    time.sleep(60)
if code:
    print("tfgan2: the reason", file=sys.stderr)
sys.exit(code)
"""


@pytest.fixture
def sweep(tool, tmp_path, monkeypatch):
    """Function that runs a sweep whose trainings are a small program: rate -> (exit code, score, score, ...)."""
    module = tool("sweep")
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    monkeypatch.setattr(module, "_POLL_S", 0.01)

    def sweep(behaviour, *flags, direction="maximize"):
        program = tmp_path / "program"
        program.write_text(SCRIPT.format(python=PYTHON, behaviour=behaviour))
        program.chmod(0o755)
        monkeypatch.setattr(module.sys, "executable", str(program))
        argv = [f"--workdir={tmp_path / 'sweep'}", f"--{direction}=score", "--try=rate=0.5..1.0", *flags]
        module.main([*argv, "--", "--steps=3"])
        return (tmp_path / "sweep" / "trials.csv").read_text().splitlines()

    return sweep


@pytest.mark.parametrize("direction", ["maximize", "minimize"])
def test_the_best_trial_is_first(sweep, direction):
    head, *rows = sweep("(lambda rate: (0, 7.0, rate))", "--trials=4", direction=direction)
    scores = [float(row.split(",")[1]) for row in rows]
    assert head == "trial,score,rate" and len(scores) == 4
    assert scores == sorted(scores, reverse=direction == "maximize")
    assert scores == pytest.approx([float(row.split(",")[2]) for row in rows], rel=1e-5)


def test_a_sweep_goes_on_and_a_finished_one_trains_nothing(sweep, tmp_path):
    first = sweep("(lambda rate: (0, rate))", "--trials=2")
    more = sweep("(lambda rate: (0, rate))", "--trials=3")
    assert set(first) < set(more) and len(more) == 4
    sweep("(lambda rate: (2,))", "--trials=3")
    assert [path.read_text() for path in tmp_path.glob("sweep/trial_*/starts")] == ["x"] * 3


def test_a_stopped_sweep_takes_its_trial_up_again(sweep, tmp_path, monkeypatch, tool):
    module, poll = tool("sweep"), tool("sweep").time.sleep

    def stop(seconds):
        if list(tmp_path.glob("sweep/trial_1/metrics.jsonl")):
            raise Interrupted("stopped")
        poll(seconds)

    monkeypatch.setattr(module.time, "sleep", stop)
    with pytest.raises(Interrupted):
        sweep(
            "(lambda rate: ('wait' if os.path.exists(os.path.dirname(workdir) + '/trials.csv') else 0, rate))",
            "--trials=2",
        )
    monkeypatch.setattr(module.time, "sleep", poll)
    rows = sweep("(lambda rate: (0, rate))", "--trials=2")[1:]
    assert sorted(row.split(",")[0] for row in rows) == ["trial_0", "trial_1"]
    assert (tmp_path / "sweep" / "trial_1" / "starts").read_text() == "xx"


def test_a_bad_trial_is_stopped(sweep):
    bad = "(lambda rate: ('wait', 0.0, 0.0) if len(os.listdir(os.path.dirname(workdir))) > 14 else (0, 1.0, 1.0))"
    rows = sweep(bad, "--trials=8")[1:]
    assert sum("stopped at step" in row for row in rows) >= 1
    assert rows[0].split(",")[1] == "1"


def test_a_failed_trial_is_told_and_the_sweep_goes_on(sweep):
    rows = sweep("(lambda rate: (3, rate) if workdir.endswith('0') else (0, rate))", "--trials=2")[1:]
    assert rows[1].startswith("trial_0,failed at step 1 with ") and "; see its log" in rows[1]


def test_no_trial_has_a_score(sweep):
    with pytest.raises(NonFiniteError, match=r"no trial of 2 has a score; see .*trials\.md"):
        sweep("(lambda rate: (3,))", "--trials=2")


def test_a_wrong_flag_ends_the_sweep(sweep):
    with pytest.raises(InputError, match="trial_0: the reason"):
        sweep("(lambda rate: (2,))")


def test_a_sweep_with_another_task(sweep):
    sweep("(lambda rate: (0, rate))", "--trials=1")
    with pytest.raises(InputError, match="has a sweep with other direction; give it another --workdir"):
        sweep("(lambda rate: (0, rate))", "--trials=2", direction="minimize")
    with pytest.raises(InputError, match="has a sweep with other ranges; give it another --workdir"):
        sweep("(lambda rate: (0, rate))", "--trials=2", "--try=width=1..3")


@pytest.mark.parametrize(
    ("text", "flag", "kind"),
    [
        ("optimizer.learning_rate=1e-4..1e-2,log", "optimizer.learning_rate", ("FloatDistribution", 1e-4, 1e-2, True)),
        ("--gngan.slope_weight=0..1.5", "gngan.slope_weight", ("FloatDistribution", 0.0, 1.5, False)),
        ("batch_size=32..256,log", "batch_size", ("IntDistribution", 32, 256, True)),
        ("shift=-2..2", "shift", ("IntDistribution", -2, 2, False)),
    ],
)
def test_ranges(tool, text, flag, kind):
    found, distribution = tool("sweep").range_of(text)
    values = (distribution.low, distribution.high, distribution.log)
    assert (found, (type(distribution).__name__, *values)) == (flag, kind)


def test_choices(tool):
    flag, distribution = tool("sweep").range_of("network=mlp,pgmgan_mlp")
    assert (flag, distribution.choices) == ("network", ("mlp", "pgmgan_mlp"))


@pytest.mark.parametrize("text", ["rate", "rate=", "=1..2", "rate=2..1", "rate=0..1,log", "rate=a..b", "rate=0..inf"])
def test_wrong_ranges(tool, text):
    with pytest.raises(InputError, match="--try="):
        tool("sweep").range_of(text)


@pytest.mark.parametrize("argv", [["--trials=0", "--try=a=1..2"], []])
def test_wrong_arguments(tool, argv, tmp_path):
    with pytest.raises(InputError):
        tool("sweep").main([f"--workdir={tmp_path / 'sweep'}", "--minimize=score", *argv])
    assert not (tmp_path / "sweep").exists()


def test_a_training(tool, tmp_path):
    """One real training, whose score stands in the table, and whose folder TensorBoard can read."""
    tiny = ("--method=standard_gan", "--dataset=ring8", "--network.hidden_units=8", "--train_steps=2", "--jit=off")
    argv = [f"--workdir={tmp_path}", "--trials=1", "--maximize=coverage/registered_modes", "--try=batch_size=8,16"]
    tool("sweep").main([*argv, "--", *tiny, "--evaluate_every=2", "--sample_every=0", "--steps_per_execution=2"])
    lines = [json.loads(line) for line in (tmp_path / "trial_0" / "metrics.jsonl").read_text().splitlines()]
    (score,) = [line["values"]["coverage/registered_modes"] for line in lines if line["kind"] == "evaluation"]
    assert f"| trial_0 | {score:g} |" in (tmp_path / "trials.md").read_text()
    assert list((tmp_path / "trial_0" / "tensorboard").iterdir())
