"""Documents and pages name files that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted(
    path.relative_to(ROOT)
    for place in ("*.md", "docs/**/*.md", "configs/*.md", "results/*.md")
    for path in ROOT.glob(place)
    if path.name != "CHANGELOG.md"  # It also names files of earlier versions.
)
_OF_THE_REPOSITORY = re.compile(r"`((?:configs|docs|results|tests|tfgan2|tools)/[\w./*]*)")
_MODULE = re.compile(r"`((?:\w+/)+\w+\.py)`")
_LINKED = re.compile(r"\]\((?!https?:|#)([^)#]+)")
_PLACEHOLDER = re.compile(r"[A-Z]{4,}")


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_named_files_exist(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    named = {path for path in _OF_THE_REPOSITORY.findall(text) if not _PLACEHOLDER.search(Path(path).stem)}
    missing = [path for path in named if not any(ROOT.glob(path))]
    # Modules are also named by their place in the package.
    missing += [
        path for path in _MODULE.findall(text) if not any((ROOT / part / path).exists() for part in ("", "tfgan2"))
    ]
    if page.parts[0] != "docs":  # The build of the site checks links there. Some lead to pages that it makes.
        missing += [path for path in _LINKED.findall(text) if not (ROOT / page.parent / path).exists()]
    assert not missing


def test_patterns_find_names():
    found = [
        _OF_THE_REPOSITORY.findall(text) + _LINKED.findall(text) for text in ("`tests/a_b/c.py` says", "[a](b.md#c)")
    ]
    assert found == [["tests/a_b/c.py"], ["b.md"]]
    names = [name for page in PAGES for name in _OF_THE_REPOSITORY.findall((ROOT / page).read_text(encoding="utf-8"))]
    assert len(names) > 80


def test_numbers_of_the_summary_are_those_of_the_pages():
    """Each mean with its spread in the top table of results/README.md stands in the page of its row or one above."""
    rows = (ROOT / "results" / "README.md").read_text(encoding="utf-8").partition("## All pages")[0].splitlines()
    found, page = 0, ""
    for row in (row for row in rows if row.startswith("| **")):
        if place := re.search(r"\[Page\]\((\w+\.md)\)", row):
            page = (ROOT / "results" / place[1]).read_text(encoding="utf-8").replace("\n  ", " ")
        ours = row.split("|")[3]
        numbers = re.findall(r"\d+\.\d+ ± \d+\.\d+", ours)
        assert [number for number in numbers if number not in page] == [], row
        found += len(numbers)
    assert found > 12
