"""The commands of README.md work in their order."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_commands_after_the_first_block_use_python_of_make_demo(tmp_path):
    blocks = re.findall(
        r"^```sh\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    assert "make demo" in blocks[0] and "python" in blocks[1]
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / ".venv"], check=True, timeout=60)
    script = f"make() {{ echo make $1; }}\n{blocks[0]}\ncommand -v python"
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    ended = subprocess.run(["bash", "-ec", script], cwd=tmp_path, env=environment, capture_output=True, text=True)
    targets = ["make demo", "make check", "make test"]
    assert ended.stdout.splitlines() == [*targets, f"{tmp_path}/.venv/bin/python"], ended.stderr


def test_readme_and_makefile_state_one_size_of_the_installation():
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "Makefile")]
    readme, makefile = (re.search(r"about (\w+) minutes\D*(\d\.\d GB)", text).groups() for text in texts)
    assert readme == makefile
