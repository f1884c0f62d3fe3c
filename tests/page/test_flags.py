"""Flags and commands on the page: what differs from the defaults, the reasons of a recipe, and quoted names."""

import json
import shlex

import pytest
from page_subjects import stub

from tfgan2.page.flags import commands_of, evaluation_of, flags_of


def flags(folder):
    """The elements: a sentence, the table of changed flags, and all others."""
    return flags_of(folder, stub(folder).settings)


def test_flags_that_differ_come_first(tmp_path):
    text, changed, others = flags(tmp_path)
    assert text == f"<p>These {changed.count('<tr>') - 1} flags differ from their defaults.</p>"
    for flag in ("method", "dataset", "network", "backbone", "train_steps", "workdir"):
        assert f">--{flag}</th>" in changed and f">--{flag}</th>" not in others
    for flag in ("seed", "batch_size", "schedule_steps"):
        assert f">--{flag}</th>" in others and f">--{flag}</th>" not in changed
    assert "Chosen by the recipe" not in changed + others


def test_the_reasons_of_a_recipe(tmp_path):
    choices = [
        {"flag": "network", "text": "pgmgan_mlp", "reason": "for <points>"},
        {"flag": "seed", "text": "0", "reason": ""},
        {"flag": "batch_size", "text": "77", "reason": "replaced by now"},
    ]
    (tmp_path / "choices.json").write_text(json.dumps({"choices": choices}))
    _, changed, others = flags(tmp_path)
    assert "<strong>Chosen by the recipe: for &lt;points&gt;.</strong>" in changed
    assert "Chosen" not in others
    for damaged in ("cut", "[]"):
        (tmp_path / "choices.json").write_text(damaged)
        assert "Chosen" not in flags(tmp_path)[1]


@pytest.mark.parametrize("name", ["a b", "it's", "$(x)"])
def test_commands_quote_the_folder(name, tmp_path):
    folder = tmp_path / name
    assert shlex.split(evaluation_of(folder)) == ["python", "-m", "tfgan2.evaluate", f"--workdir={folder}"]
    assert "--train_steps=18" in "".join(commands_of(folder, stub(folder).settings))
