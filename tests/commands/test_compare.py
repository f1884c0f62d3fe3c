"""tfgan2.compare: rows of runs are trained, measured, kept and compared, and runs that exist are read."""

import csv
import json
import shutil

import pytest
from pages import Page

from tfgan2.experiment.making import record_of
from tfgan2.experiment.processes import Processes
from tfgan2.system import checkpoints

FAST = (
    "--set=dataset=modes1d,network.hidden_units=4,batch_size=16,steps_per_execution=10,log_every=10,sample_every=0,"
    "checkpoint_every=10,evaluate_every=10,train_steps=20"
)
ROWS = ("--row=a GAN: --method=standard_gan", "--row=b|c: --method=standard_gan --standard_gan.loss=hinge")


@pytest.fixture(scope="module")
def started(call):
    """The commands that ran, each in this process instead of one of its own."""
    commands = []

    def run(self, command, argv):
        commands.append((command, *argv))
        # TensorFlow has its threads already.
        ended = call(command, *(text for text in argv if not text.startswith("--threads=")))
        return ended.code, ended.err

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Processes, "run", run)
        patch.setattr(Processes, "in_parallel", lambda self, tasks, jobs: [task() for task in tasks])
        yield commands


@pytest.fixture(scope="module")
def compared(started, call, tmp_path_factory):
    folder = tmp_path_factory.mktemp("compared")
    argv = (*ROWS, FAST, "--seeds=2", f"--output={folder}")
    ended = call("compare", *argv)
    assert ended.code == 0, ended.err
    return folder, argv, ended


def test_every_row_is_trained_and_measured_with_every_seed(compared, started):
    folder, _, ended = compared
    runs = [f"{row}/seed_{seed}" for row in ("a_GAN", "b_c") for seed in (0, 1)]
    assert [command for command, *_ in started[:8]] == ["train", "evaluate"] * 4
    for run in runs:
        assert checkpoints.saved_steps(folder / "runs" / run / "checkpoints")[-1] == 20
    lines = ended.out.splitlines()
    assert lines[0] == "| score | a GAN (2 runs) | b\\|c (2 runs) | real data | best |"
    assert any(line.startswith("| registered_points | ") and " (p " in line for line in lines)
    assert lines[-4:] == [str(folder / name) for name in ("compare.html", "compare.md", "summary.csv", "runs.csv")]
    assert "a GAN, seed 0: trained" in ended.err and "b|c, seed 1: measured" in ended.err


def test_the_numbers_are_those_of_the_records(compared):
    folder, _, _ = compared
    with open(folder / "runs.csv", newline="") as file:
        found = {(line["row"], int(line["seed"]), line["score"]): float(line["value"]) for line in csv.DictReader(file)}
    record = json.loads((folder / "runs/b_c/seed_1/evaluations/modes1d-2k/20.json").read_text())
    assert {name: found["b|c", 1, name] for name in record["values"]} == record["values"]
    with open(folder / "summary.csv", newline="") as file:
        lines = {(line["row"], line["score"]): line for line in csv.DictReader(file)}
    line = lines["b|c", "sliced_wasserstein"]
    values = [found["b|c", seed, "sliced_wasserstein"] for seed in (0, 1)]
    assert float(line["mean"]) == pytest.approx(sum(values) / 2) and line["runs"] == "2"
    assert float(line["p"]) >= 1 / 3 and lines["a GAN", "sliced_wasserstein"]["p"] == ""


def test_the_pages_show_scores_curves_samples_and_commands(compared):
    folder, _, _ = compared
    page = Page((folder / "compare.html").read_text())
    assert {"Scores", "Curves", "Samples", "Meaning of the scores", "Rows"} <= set(page.texts("h2"))
    text = (folder / "compare.md").read_text()
    pictures = {path.name for path in (folder / "pictures").iterdir()}
    assert {"samples_a_GAN.png", "samples_b_c.png", "registered_modes.svg"} <= pictures
    assert all(f"](pictures/{name})" in text for name in pictures)
    assert "smallest possible p 0.33" in text and "--standard_gan.loss=hinge" in text


def test_runs_that_exist(compared, started, call, tmp_path):
    folder, _, _ = compared
    count, workdirs = len(started), [folder / "runs/b_c" / f"seed_{seed}" for seed in (1, 0)]
    given = ",".join(map(str, [*workdirs, folder / "runs/a_GAN/seed_0"]))
    ended = call("compare", f"--workdirs={given}", f"--output={tmp_path}")
    assert ended.code == 0, ended.err
    assert "| score | b_c (2 runs) | a_GAN (1 run) | real data | best |" in ended.out and len(started) == count
    assert "There is no test" in ended.out and f"# {workdirs[0]}" in (tmp_path / "compare.md").read_text()


def test_scores_of_truncated_latents_do_not_count(compared, started, call, tmp_path):
    workdir = tmp_path / "run"
    shutil.copytree(compared[0] / "runs/b_c/seed_1", workdir)
    assert call("evaluate", f"--workdir={workdir}", "--truncation=0.5").code == 0
    ended = call("compare", f"--workdirs={workdir}", f"--output={tmp_path / 'out'}")
    assert ended.code == 0 and started[-1][0] == "evaluate", ended.err
    record = json.loads((workdir / "evaluations/modes1d-2k/20.json").read_text())
    assert "latents" not in record["protocol"]


def test_the_same_command_makes_only_what_is_missing_and_counts_runs_that_diverge(copy, call, monkeypatch):
    folder, argv, answers, commands = copy
    answers["train"] = (3, "tfgan2: generator/loss is not finite at step 12.\n")
    answers["evaluate"] = (0, "")
    monkeypatch.setattr("tfgan2.experiment.making.record_of", _after(commands))
    ended = call("compare", *argv)
    assert ended.code == 0, ended.err
    assert commands == [("evaluate", f"{folder}/runs/a_GAN/seed_1"), ("train", f"{folder}/runs/b_c/seed_0")]
    assert "| b\\|c (1 run, 1 not finite) |" in ended.out
    assert "b|c, seed 0: generator/loss is not finite at step 12." in ended.err


@pytest.mark.parametrize(("code", "ended_with"), [(2, 2), (74, 74), (75, 75), (-9, 69)])
def test_a_command_that_fails(code, ended_with, copy, call):
    folder, argv, answers, _ = copy
    answers["evaluate"] = (code, "tfgan2: the disk is full\n")
    ended = call("compare", *argv)
    assert ended.code == ended_with and "the disk is full" in ended.err
    assert f"a GAN, seed 1: tfgan2 evaluate ended with exit code {code}. Correct what it says" in ended.err
    assert not (folder / "compare.html").exists()


def test_a_run_that_is_not_finished_is_named(copy, call):
    folder, *_ = copy
    flags = folder / "runs/b_c/seed_1/flags.cfg"
    flags.write_text(flags.read_text().replace("--train_steps=20", "--train_steps=3000"))
    ended = call("compare", f"--workdirs={flags.parent}", f"--output={folder}")
    assert ended.code == 0 and "b_c, seed 1 was measured at step 20 of 3,000." in ended.out


def test_runs_that_are_named_twice_or_as_a_row(copy, call):
    folder, argv, *_ = copy
    run = folder / "runs/a_GAN/seed_0"
    ended = call("compare", f"--workdirs={run},{run}", f"--output={folder}")
    assert ended.code == 2 and f"--workdirs has {run} twice; name each run once" in ended.err
    ended = call("compare", *argv, "--row=a_GAN: --method=standard_gan", f"--workdirs={run}")
    assert ended.code == 2 and "another row is called a_GAN, too" in ended.err
    ended = call("compare", argv[2], "--row=a_GAN: --method=standard_gan", f"--workdirs={run}", f"--output={folder}")
    assert ended.code == 2 and "--row and --workdirs both have a row called a_GAN" in ended.err


def test_nothing_to_compare_if_every_loss_is_not_finite(copy, call):
    folder, argv, answers, _ = copy
    shutil.rmtree(folder / "runs")
    answers["train"] = (3, "tfgan2: generator/loss is not finite at step 12.\n")
    ended = call("compare", *argv)
    assert ended.code == 3 and "the loss of every run became infinite or NaN" in ended.err


def test_runs_that_were_measured_differently(copy, call):
    folder, *_ = copy
    path = folder / "runs/b_c/seed_1/evaluations/modes1d-2k/20.json"
    record = json.loads(path.read_text())
    path.write_text(json.dumps(record | {"protocol": record["protocol"] | {"radius": 9}}))
    ended = call("compare", f"--workdirs={folder}/runs/b_c/seed_1,{folder}/runs/a_GAN/seed_0", f"--output={folder}")
    assert ended.code == 2 and "b_c, seed 1 and a_GAN, seed 0 were measured in different ways" in ended.err


@pytest.fixture
def copy(compared, tmp_path, monkeypatch):
    """A copy of the comparison that lacks a record and a checkpoint, and commands that give prepared answers."""
    folder, (*argv, _), _ = compared
    shutil.copytree(folder / "runs", tmp_path / "runs")
    shutil.rmtree(tmp_path / "runs/a_GAN/seed_1/evaluations")
    shutil.rmtree(tmp_path / "runs/b_c/seed_0/checkpoints/step_00000020")
    answers, commands = {}, []

    def run(self, command, argv):
        commands.append((command, *(text.partition("=")[2] for text in argv if text.startswith("--workdir="))))
        return answers[command]

    monkeypatch.setattr(Processes, "run", run)
    return tmp_path, [*argv, f"--output={tmp_path}"], answers, commands


def _after(commands):
    """`record_of` as if the evaluation had written a record."""

    def found(trial, settings):
        record = record_of(trial, settings)
        is_new = ("evaluate", str(trial.workdir)) in commands
        return record_of(trial._replace(workdir=trial.workdir.with_name("seed_0")), settings) if is_new else record

    return found


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        ([], "give a --row for each method, or --workdirs of runs; for example"),
        (["--row=GAN:"], "--row=GAN: is neither a configuration"),
        (["--row=a: --dataset='x"], "--row=a: --dataset='x: No closing quotation; close the quotation marks"),
        ([FAST, ROWS[0], ROWS[0]], "another row is called a GAN, too"),
        (["--row=a: --method=standard_gan --seed=3"], "--seed is not a flag of a row; leave it out"),
        (["--row=a: --method=standard_gn"], "--row=a: --method=standard_gn: --method=standard_gn is unknown; did you"),
        (["--row=configs/gan_gird25.cfg"], "there is no flagfile configs/gan_gird25.cfg; did you mean"),
        (["--workdirs=nowhere"], "nowhere is not a run"),
        (["--row=-x: --method=standard_gan"], "--row=-x: --method=standard_gan is neither a configuration"),
    ],
)
def test_refused(argv, message, call, tmp_path):
    ended = call("compare", *argv, f"--output={tmp_path / 'new'}")
    assert (ended.code, ended.out) == (2, "") and message in ended.err
    assert not (tmp_path / "new").exists()
