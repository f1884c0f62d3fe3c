"""The code blocks of README.md and of the site's pages, and the commands in them."""

import re
import shlex
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md"))
COMMANDS = ("train", "evaluate", "sample", "compare", "export", "report", "doctor")


class Block(NamedTuple):
    """A code block.

    Attributes:
      language: "sh", "python", and so on.
      text: What is in it.
      note: The comment in the line before it, such as "short: --train_steps=4", or an empty text.
    """

    language: str
    text: str
    note: str


def text_of(page):
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page):
    """The blocks of a page, by its path in the repository."""
    found = re.findall(r"(?:^<!-- ([^\n]*?) -->\n)?^```(\w+)\n(.*?)^```$", text_of(page), re.MULTILINE | re.DOTALL)
    return [Block(language, text, note) for note, language, text in found]


def commands(text):
    """The command lines of tfgan2 in a block of the shell: pairs (command, its arguments)."""
    lines = text.replace("\\\n", " ").splitlines()
    found = []
    for line in lines:
        words = shlex.split(line, comments=True)
        start = re.search(r"(?:^|\s)(?:python -m )?tfgan2[ .](\w+)", " ".join(words))
        if start and start[1] in COMMANDS:
            place = next(index for index, word in enumerate(words) if word in (start[1], f"tfgan2.{start[1]}"))
            found.append((start[1], [word for word in words[place + 1 :] if word not in ("&", "done;", "wait")]))
    return found
