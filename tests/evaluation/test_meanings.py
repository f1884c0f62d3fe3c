"""The meanings of scores: one for each in the README, with the same best value."""

import re
from pathlib import Path

from tfgan2.evaluation.meanings import meaning_of

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")


def test_every_score_of_the_readme_has_a_meaning():
    table = re.search(r"^\| score \| meaning \| best \|\n\|.*\n((?:\|.*\n)+)", README, re.MULTILINE)[1]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    scores = {name: best for names, _, best in rows for name in re.findall(r"`([\w-]+)`", names)}
    assert len(scores) > 25
    found = {name: meaning_of(name) for name in scores}
    assert {name: meaning.best for name, meaning in found.items()} == scores
    assert all(meaning.text.endswith(".") for meaning in found.values())


def test_unknown_scores():
    assert meaning_of("my_score") == ("", "") and meaning_of("precision_2") == ("", "")
