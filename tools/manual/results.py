"""The pages of results/, with the changelog, the notes for contributors and those on security, as files of the site."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_PAGES = {
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "results/README.md": "results/index.md",
}
"""File of the repository -> its path in the site."""


def files():
    """Path in the site -> file of the repository."""
    found = {ROOT / name: path for name, path in _PAGES.items()}
    for path in sorted((ROOT / "results").iterdir()):
        if path.suffix in (".md", ".png") and path.name != "README.md":
            found[path] = f"results/{path.name}"
    return {place: path for path, place in found.items()}


def text_of(place):
    """The Markdown of one of these pages, with links that hold in the site."""
    text = files()[place].read_text(encoding="utf-8")
    if "/" not in place:
        text = re.sub(r"\]\(docs/", "](", text)
        text = text.replace("](README.md", "](index.md").replace(
            "](LICENSE)", "](https://www.apache.org/licenses/LICENSE-2.0)"
        )
    return text
