"""tfgan2.completion: what a shell completes."""

import shutil
import subprocess

import pytest

from tfgan2 import completion
from tfgan2.flags.run_flags import RUN_FLAGS

ASKS = """
source /dev/stdin <<< "$SCRIPT"
COMP_WORDS=(tfgan2 {words}); COMP_CWORD={place}
_tfgan2
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.fixture(scope="module")
def scripts():
    """Shell -> what the command prints for it."""
    return {"bash": completion._bash(), "fish": completion._fish()}


def completed(script, *words):
    code = ASKS.format(words=" ".join(f"'{word}'" for word in words), place=len(words))
    ended = subprocess.run(["bash", "-c", code], env={"SCRIPT": script}, capture_output=True, text=True, check=True)
    return ended.stdout.split()


def test_bash_completes_commands_and_their_flags(scripts):
    assert completed(scripts["bash"], "e") == ["evaluate", "export"]
    assert completed(scripts["bash"], "export", "--fo") == ["--format="]
    assert completed(scripts["bash"], "train", "--gngan.nei") == ["--gngan.neighbor_weight="]
    assert completed(scripts["bash"], "sample", "--gngan.nei") == []


def test_fish_names_every_flag_of_every_command(scripts):
    lines = scripts["fish"].splitlines()
    for command, own in RUN_FLAGS.items():
        start = f"complete -c tfgan2 -n '__fish_seen_subcommand_from {command}' -l "
        named = {line.removeprefix(start).partition(" ")[0] for line in lines if line.startswith(start)}
        assert {argument.name for argument in own} <= named
    assert all(line.count("'") - line.count("\\'") in (2, 4) for line in lines)
    if shell := shutil.which("fish"):
        subprocess.run([shell, "--no-execute"], input=scripts["fish"], text=True, check=True)


@pytest.mark.parametrize(
    ("argv", "code", "text"),
    [
        (["zsh"], 0, "bashcompinit\n_tfgan2() {"),
        (["--help"], 0, "  tfgan2 completion fish > ~/.config/fish/completions/tfgan2.fish"),
        ([], 2, "'nothing' is not a shell; give one of bash, zsh, fish"),
        (["bash", "zsh"], 2, "'bash zsh' is not a shell"),
    ],
)
def test_the_command(argv, code, text, call):
    ended = call("completion", *argv)
    assert ended.code == code and text in (ended.err if code else ended.out)
