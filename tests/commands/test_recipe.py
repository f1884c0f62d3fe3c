"""`tfgan2 train folder:DIR` alone, and the same again."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tfgan2 import __main__, train
from tfgan2.flags.run_flags import RUN_FLAGS
from tfgan2.recipe import command
from tfgan2.recipe.machine import Machine
from tfgan2.recipe.timing import Pace

TINY = ("--network.width_multiplier=0.05", "--network.latent_dim=4", "--data.image_size=8", "--jit=off")
STEPS = ("--train_steps=4", "--batch_size=4")


@pytest.fixture(scope="module")
def root(call, tmp_path_factory):
    """A folder of pictures and the run that the recipe trained on them. Not to be written to."""
    root = tmp_path_factory.mktemp("recipe")
    (root / "pets").mkdir()
    random = np.random.default_rng(0)
    for number in range(12):
        Image.fromarray(random.integers(0, 256, (40, 30, 4), np.uint8)).save(root / "pets" / f"{number}.png")
    (root / "pets" / "12.png").write_bytes((root / "pets" / "0.png").read_bytes())
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        patch.setenv("TFGAN2_CACHE", str(root / "cache"))
        ended = call("train", "folder:pets", *TINY, *STEPS)
    assert ended.code == 0, ended.err
    return root, ended


@pytest.fixture
def there(root, monkeypatch):
    monkeypatch.chdir(root[0])
    monkeypatch.setenv("TFGAN2_CACHE", str(root[0] / "cache"))
    return root[0]


def test_what_is_printed(root):
    lines = root[1].err.splitlines()
    assert "tfgan2: folder:pets: 13 pictures with a shorter side of 30 pixels, in colour, no classes, " in root[1].err
    counts = "13 not square, so cut to their centre, 13 with transparent pixels, 1 the same as an earlier one"
    assert counts in root[1].err
    assert root[1].err.count("13 of 13 images have transparent pixels.") == 1
    assert "tfgan2: recipe pictures_standard_gan; a flag that you give counts instead:" in lines
    assert "tfgan2: all flags are in runs/pets/flags.cfg; the same command continues the run" in lines
    told = [line for line in lines if line.startswith("  --")]
    assert 6 <= len(told) <= 14 and not any("image_size" in line or "latent_dim" in line for line in told)


def test_what_is_kept(there):
    flagfile = (there / "runs/pets/flags.cfg").read_text()
    assert {"--network=sngan_cnn", "--standard_gan.loss=hinge", "--data.image_size=8"} <= set(flagfile.split("\n"))
    assert "--recipe" not in flagfile and "--budget" not in flagfile
    record = json.loads((there / "runs/pets/choices.json").read_text())
    assert record["budget"] is None and record["survey"]["dataset"]["duplicates"] == 1
    assert {"flag": "ema_decay", "text": "0.9", "reason": "4 steps are few"} in record["choices"]
    pictures = {path.name for path in (there / "runs/pets/samples").glob("step_*.png")}
    assert {"step_0000000.png", "step_0000004.png"} <= pictures


def test_the_same_command_continues_with_the_same_flags(there, call):
    before = (there / "runs/pets/flags.cfg").read_text()
    ended = call("train", "folder:pets", *TINY, *STEPS)
    assert ended.code == 0 and "tfgan2: the run in runs/pets continues with its flags" in ended.err
    assert call("train", "folder:pets").code == 0
    assert (there / "runs/pets/flags.cfg").read_text() == before


def test_another_value_of_a_flag_is_refused(there, call):
    ended = call("train", "folder:pets", *TINY, *STEPS, "--standard_gan.loss=logistic")
    assert ended.code == 2
    assert "--workdir=runs/pets is a run with other flags:\n  --standard_gan.loss: was hinge, now logistic" in ended.err
    ended = call("train", "folder:pets", "--budget=2h")
    assert ended.code == 2
    assert "--budget=2h is for a new run, and --workdir=runs/pets is a run without a budget; leave " in ended.err


def test_its_flags_repeat_the_run(there, call, differing, tmp_path):
    ended = call("train", "--flagfile=runs/pets/flags.cfg", f"--workdir={tmp_path / 'again'}")
    assert ended.code == 0, ended.err
    assert differing("runs/pets", tmp_path / "again") == []


def test_the_explicit_form(there, call):
    ended = call("train", "--dataset=folder:pets", "--recipe=pictures", *TINY, *STEPS, "--workdir=x", "--dry_run")
    assert ended.code == 0 and "--standard_gan.loss=hinge" in ended.out
    ended = call("train", "folder:pets", "--recipe=none", *TINY, *STEPS, "--workdir=x")
    assert ended.code == 2 and "--method is missing" in ended.err
    assert not (there / "x").exists()


def test_a_budget_is_printed_with_an_estimate(there, capsys, monkeypatch):
    machine = Machine(cores=2, gpus=0, bfloat16=False)
    paces = lambda settings: {"main": Pace(4.0, 0.02)}  # noqa: E731
    argv = ["folder:pets", *TINY, "--workdir=new"]
    settings, files = command.settings_of([*argv, "--budget=30m"], paces_of=paces, machine=machine)
    assert settings.train_steps == 84_000
    told = capsys.readouterr().err
    assert re.search(
        r"estimate: 30 min of training, for a budget of 30m \(84,000 steps of 20 ms; 4 s to compile\)", told
    )
    record = json.loads(files["choices.json"])
    assert record["budget"] == "30m" and record["seconds"]["main"] == pytest.approx(1785, abs=5)
    settings, _ = command.settings_of(argv, paces_of=paces, machine=machine)
    assert settings.train_steps == 160_000 and "for a budget of 1h" in capsys.readouterr().err
    # The run exists already.
    Path("new").mkdir()
    Path("new/flags.cfg").write_text(settings.text())
    Path("new/choices.json").write_bytes(files["choices.json"])
    for same in ("30m", "0.5h"):
        again = [*argv, f"--budget={same}"]
        assert command.settings_of(again, paces_of=None, machine=machine)[0].train_steps == 160_000
    assert train.main([*argv, "--budget=2h"]) == 2
    assert capsys.readouterr().err.splitlines()[-1] == (
        "tfgan2: --budget=2h is for a new run, and --workdir=new is a run with the budget 30m; leave the "
        "budget out to continue this run, or name a new workdir"
    )
    Path("new/choices.json").write_text("[]")  # Damaged. The former budget is not known then.
    assert command.settings_of([*argv, "--budget=2h"], paces_of=None, machine=machine)[0].train_steps == 160_000


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (
            ("folder:pets", "--budget=soon"),
            "--budget is soon; it must be a duration from 1s to 1000h, in hours, minutes or seconds. Try 30m, 2h, ",
        ),
        (("folder:pets", "--budget=30m", "--train_steps=5"), "--budget=30m and --train_steps=5 are both given, and "),
        (("--dataset=folder:pets", "--budget=30m"), "--budget=30m is for a recipe; add --recipe=pictures, or give "),
        (("--recipe=pictures",), "the pictures are missing; name their folder, for example: tfgan2 train folder:DIR"),
        (("--recipe=pictures", "--dataset=ring8"), "--recipe=pictures is for images, and ring8 has points; leave it"),
        (("folder:nowhere",), "folder:nowhere cannot be read ("),
        (("folder:pets", "--strategy=multiworker"), "a recipe measures the speed in one process; give --train_steps "),
        (("folder:pets", "--method=rumi", *STEPS), "--method=rumi learns from negatives, too; name them by "),
        (("ring8",), "--method, --train_steps, --workdir are missing"),
    ],
)
def test_what_is_refused(argv, message, there, call, tmp_path):
    ended = call("train", *argv, *(TINY if "folder:pets" in argv else ()), *(("--workdir=y",) * (len(argv) > 1)))
    assert (ended.code, ended.out) == (2, "")
    assert f"tfgan2: {message}" in ended.err
    assert not (there / "y").exists()


def test_commands_by_one_name(there, capsys):
    assert list(__main__.COMMANDS) == [*RUN_FLAGS, "completion"]
    assert __main__.main(["train", "folder:pets", "--method=nothing"]) == 2
    assert "--method=nothing is unknown" in capsys.readouterr().err
    assert __main__.main(["sample", "--help"]) == 0
    assert "Flags of tfgan2.sample" in capsys.readouterr().out
    for asking in ("--help", "-h", "help"):
        assert __main__.main([asking]) == 0
        assert "Trains a model, or continues its training: tfgan2 train folder:DIR" in capsys.readouterr().out
    assert __main__.main(["--version"]) == 0
    assert re.fullmatch(r"tfgan2 \d+\.\d+\.\d+\S*\n", capsys.readouterr().out)
    for argv, message in (
        (["trian"], "'trian' is not a command; give one of train, sample, evaluate, "),
        ([], "the command is missing; give one of "),
    ):
        assert __main__.main(argv) == 2
        assert capsys.readouterr().err.startswith(f"tfgan2: {message}")
