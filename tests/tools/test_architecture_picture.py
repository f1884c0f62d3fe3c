"""The picture of the packages is that of their imports."""

import pytest


@pytest.fixture
def architecture(tool):
    return tool("architecture")


def test_the_picture_is_up_to_date(architecture):
    assert architecture.PICTURE.read_text(encoding="utf-8") == architecture.picture(), "run tools/architecture.py"


def test_an_edge_that_others_imply_is_left_out(architecture):
    graph = {"a": {"b", "c"}, "b": {"c"}, "c": set(), "d": {"c"}}
    assert architecture.reduced(graph) == {"a": {"b"}, "b": {"c"}, "c": set(), "d": {"c"}}
    assert architecture.rows_of(graph) == [["a", "d"], ["b"], ["c"]]
