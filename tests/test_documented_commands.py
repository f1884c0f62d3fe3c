"""Every command in README.md and in the pages of the site is one that the program accepts."""

import re

import pytest
from documents import PAGES, ROOT, blocks, commands, text_of

from tfgan2 import flags
from tfgan2.data.synthetic import SOURCES

ANY_TRAINING = (
    *("--method=standard_gan", "--dataset=digits", "--network=sngan_cnn"),
    *("--train_steps=9", "--workdir=runs/x", "--recipe=none"),
)
"""What a recipe chooses. A flag of the command itself counts instead."""

LINES = [
    (page, command, argv)
    for page in ["README.md", "CONTRIBUTING.md", *PAGES]
    for block in blocks(page)
    if block.language == "sh"
    for command, argv in commands(block.text)
]


@pytest.mark.parametrize(("page", "command", "argv"), LINES, ids=lambda value: value if isinstance(value, str) else "")
def test_it_is_accepted(page, command, argv, monkeypatch, tmp_path):
    (tmp_path / "configs").symlink_to(ROOT / "configs")
    monkeypatch.chdir(tmp_path)
    for block in blocks(page):
        if block.note.startswith("file: "):
            (tmp_path / block.note.removeprefix("file: ")).write_text(block.text, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    argv = [text.replace("configs/NAME", "configs/demo") for text in argv if not text.startswith("--budget=")]
    argv = [text if text.startswith("--") else f"--dataset={text}" for text in argv]
    for place in re.findall(r"--flagfile=(?!configs/)(\S+)", " ".join(argv)):
        (tmp_path / place).parent.mkdir(parents=True)
        (tmp_path / place).write_text("--method=gngan\n--dataset=grid25\n--network=mlp\n")
    if command == "train":
        chosen = any(text.startswith(("--flagfile=", "--network=")) for text in argv)
        chosen |= any(text.removeprefix("--dataset=").partition(":")[0] in {*SOURCES, "npz"} for text in argv)
        parts = ["--backbone=invertible_resnet"] if not chosen and "--method=pgmgan" in argv else []
        argv = [*(("--train_steps=9", "--workdir=runs/x") if chosen else ANY_TRAINING), *parts, *argv]
    flags.parse(command, argv)


def test_commands_are_found():
    assert len(LINES) > 50
    text = "X='{}' tfgan2 train --a=1 \\\n  --b=2  # why\npython -m tfgan2.sample --c='x y'\nsource activate\n"
    assert commands(text) == [("train", ["--a=1", "--b=2"]), ("sample", ["--c=x y"])]


def test_tools_that_pages_name_exist():
    named = {name for page in ["README.md", *PAGES] for name in re.findall(r"\btools/[\w/]+\.py\b", text_of(page))}
    assert named and [name for name in named if not (ROOT / name).is_file()] == []
