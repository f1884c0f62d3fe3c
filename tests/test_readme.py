"""README.md is short, and its commands and code work in their order."""

import os
import re
import subprocess
import sys

from documents import ROOT, blocks, text_of

README = "README.md"


def test_it_is_short():
    assert len(text_of(README).splitlines()) <= 120


def test_commands_after_the_first_block_use_python_of_make_demo(tmp_path):
    shell = [block.text for block in blocks(README) if block.language == "sh"]
    assert "make demo" in shell[0] and shell[1].startswith("tfgan2 train folder:DIR")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / ".venv"], check=True, timeout=60)
    make = "make() { echo make $1; }"
    script = "\n".join([make, shell[0], shell[2], "command -v python"])
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    ended = subprocess.run(["bash", "-ec", script], cwd=tmp_path, env=environment, capture_output=True, text=True)
    targets = ["make demo", "make check", "make test"]
    assert ended.stdout.splitlines() == [*targets, f"{tmp_path}/.venv/bin/python"], ended.stderr


def test_readme_and_makefile_state_one_size_of_the_installation():
    texts = [text_of(name) for name in (README, "Makefile")]
    readme, makefile = (re.search(r"about (\w+) minutes\D*(\d\.\d GB)", text).groups() for text in texts)
    assert readme == makefile


def test_the_targets_of_make_that_it_names_exist():
    named = set(re.findall(r"`?make (\w+)", text_of(README)))
    targets = set(re.findall(r"^(\w+):", text_of("Makefile"), re.MULTILINE))
    assert {"demo", "docs", "check", "test"} <= named <= targets


def test_every_method_has_a_row():
    from tfgan2.methods import METHODS

    rows = re.findall(r"^\| .*$", text_of(README), re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert named == set(METHODS)


def test_its_picture_is_made_by_a_tool():
    assert "results/front.png" in text_of("tools/front_picture.py") and (ROOT / "results/front.png").is_file()
