"""The notebooks have the blocks of the tutorials in their order, which test_documented_runs.py runs."""

import json

import pytest
from documents import PAGES, blocks, text_of

TUTORIALS = [page for page in PAGES if page.startswith("docs/tutorials/")]


@pytest.mark.parametrize("page", TUTORIALS)
def test_a_notebook_has_the_blocks_that_run(page, tool):
    made = json.loads(tool("manual.notebooks").notebook(text_of(page)))
    assert (made["nbformat"], made["nbformat_minor"]) == (4, 5)
    cells = made["cells"]
    assert len({cell["id"] for cell in cells}) == len(cells)
    wanted = []
    for block in blocks(page):
        kind, _, name = block.note.partition(":")
        if kind == "file":
            wanted.append(f"%%writefile {name.strip()}\n{block.text}")
        elif block.language == "python":
            wanted.append(block.text)
        elif kind == "short":
            wanted.append(f"%%bash\n{block.text}")
    code = ["".join(cell["source"]) + "\n" for cell in cells if cell["cell_type"] == "code"]
    assert code == wanted and code
    assert cells[0]["cell_type"] == "markdown" and "".join(cells[0]["source"]).startswith("# ")
    for cell in cells:
        assert cell["cell_type"] == "code" or "<!--" not in "".join(cell["source"])


def test_links_keep_their_words_and_what_is_not_run_stays_a_text(tool):
    text = (
        "See [files](../reference/files.md#a) and [x](https://x.y).\n\n![A plot](p.png)\n\n"
        "<!-- not run: it needs docker -->\n```sh\ndocker run x\n```\n"
    )
    (cell,) = json.loads(tool("manual.notebooks").notebook(text))["cells"]
    assert "".join(cell["source"]) == ("See files and [x](https://x.y).\n\nA plot\n\n```sh\ndocker run x\n```")
