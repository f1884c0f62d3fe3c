"""README.md and pages of the site, run from top to bottom. A comment before each block gives its short form."""

import re
import shutil

import numpy as np
import pytest
from documents import ROOT, blocks, commands, text_of
from PIL import Image

from tfgan2.diagnosis.checks import CHECKS

TUTORIALS = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs" / "tutorials").glob("*.md"))
OF_A_RUN = ("README.md", "docs/tutorials/serving.md", "docs/howto/serve.md", "docs/reference/files.md")
"""Pages that begin with the run of `make demo`."""
TROUBLE = "docs/howto/trouble.md"
FAST = ("--jit=off", *(f"--{act}_every=0" for act in ("log", "sample", "evaluate", "checkpoint")))
"""What all trainings have, beside the flags of their short form."""


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with the configurations and with pictures."""
    (tmp_path / "configs").symlink_to(ROOT / "configs")
    (tmp_path / "pictures").mkdir()
    random = np.random.default_rng(0)
    for number in range(12):
        Image.fromarray(random.integers(0, 256, (8, 8, 3), np.uint8)).save(tmp_path / "pictures" / f"{number}.png")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("page", TUTORIALS)
def test_shell_blocks_of_tutorials_say_how_they_are_run(page):
    notes = [block.note.partition(":")[0] for block in blocks(page) if block.language == "sh"]
    assert notes and set(notes) <= {"short", "not run"}


@pytest.mark.parametrize("page", sorted({*TUTORIALS, *OF_A_RUN, "docs/howto/data.md"}))
def test_blocks_run(page, place, trained, call):
    if page in OF_A_RUN:
        shutil.copytree(trained.workdir, place / "runs" / "demo")
    names = {}
    for block in blocks(page):
        kind, _, short = block.note.partition(":")
        if kind == "file":
            (place / short.strip()).write_text(block.text, encoding="utf-8")
        elif block.language == "python":
            exec(compile(replaced(block.text, short), page, "exec"), names)
        elif kind == "short":
            lines = commands(block.text)
            for command, argv in lines:
                more = [*(FAST if command == "train" else ()), *(short.split() if command == lines[0][0] else ())]
                ended = call(command, *argv, *more)
                assert ended.code == 0, f"{command} {argv}: {ended.err}"


def replaced(text, changes):
    """A text with changes "old -> new", separated by commas. Each old text must occur."""
    for change in filter(None, changes.split(",")):
        old, new = (part.strip() for part in change.split("->"))
        assert old in text
        text = text.replace(old, new)
    return text


FAULTS = {block.note.partition(": ")[2]: block for block in blocks(TROUBLE) if block.note.startswith("shows: ")}


def test_faults_have_names():
    names = {check.__name__ for checks in CHECKS.values() for check in checks}
    assert set(FAULTS) <= names | {"is not finite"} and len(FAULTS) == 7
    assert names - {"improving"} <= set(re.findall(r"`(\w+)`", text_of(TROUBLE)))


def test_a_loss_that_is_not_finite(place, call):
    ((command, argv),) = commands(FAULTS["is not finite"].text)
    ended = call(command, *argv, *FAST)
    assert ended.code == 3 and "is not finite at step" in ended.err


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        ("generator_won", "the generator has won since step"),
        ("losses_oscillate", "the players' losses swing: since step"),
    ],
)
def test_a_fault_and_its_cure(fault, text, place, call):
    shown = [block for block in blocks(TROUBLE) if block.language == "sh"]
    cure = shown[shown.index(FAULTS[fault]) + 1]
    for block, is_there in ((FAULTS[fault], True), (cure, False)):
        ((command, argv),) = commands(block.text)
        ended = call(command, *argv, "--evaluate_every=0", "--sample_every=0", "--train_steps=600")
        assert ended.code == 0, ended.err
        assert (text in ended.err) is is_there
