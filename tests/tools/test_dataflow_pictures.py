"""The pictures of the flow of data: they are up to date, and all that is in them can be read."""

import itertools
import re

import pytest
from documents import text_of


@pytest.fixture
def dataflow(tool):
    return tool("dataflow")


def test_the_pictures_are_up_to_date(dataflow):
    assert dataflow.main(["--check"]) == 0, "run tools/dataflow.py"


def test_boxes_keep_apart_and_hold_their_texts(dataflow):
    for _, nodes, edges in dataflow.FIGURES.values():
        boxes = [dataflow.place(node) for node in nodes.values()]
        for one, other in itertools.combinations(boxes, 2):
            apart = [abs(one[side] - other[side]) >= max(one[side + 2], other[side + 2]) for side in (0, 1)]
            assert any(apart)
        for node in nodes.values():
            assert max(map(len, node.lines)) * 7 < dataflow.place(node)[2] + 14
        assert all(nodes[edge.start].row < nodes[edge.end].row for edge in edges)


def test_a_loss_has_the_number_and_the_networks_of_its_step_in_the_page(dataflow):
    for method, (_, nodes, _) in dataflow.FIGURES.items():
        steps = re.findall(r"^(\d)\. \*\*(.*?)\.?\*\*", text_of(f"docs/explanation/{method}.md"), re.MULTILINE)
        moved = {tuple(node.lines[0].split(": moves ")) for node in nodes.values() if node.kind == "loss"}
        if method == "p2gan":  # The page names players.
            moved = {(number, "Generators" if moves == "G" else "Discriminators") for number, moves in moved}
        assert moved == set(steps)
