"""Notebooks of the tutorials. The Markdown of a page is the source: its texts and blocks become cells."""

import json
import re

_BLOCK = re.compile(r"(?:^<!-- ([^\n]*?) -->\n)?^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[([^\]]*)\]\((?!https?:)[^)]+\)")


def notebook(markdown):
    """A page as the text of an .ipynb file (nbformat 4.5).

    A block of Python is a cell. A block of the shell is a cell with %%bash, and one with a note "file: NAME" a cell
    that writes this file. What the tests of the pages do not run stays a text, because it needs more than the library.
    Links to other pages lose their target, as a notebook is read elsewhere.
    """
    cells, end = [], 0
    for block in _BLOCK.finditer(markdown):
        note, language, text = block.groups()
        kind, _, name = (note or "").partition(": ")
        head = {"python": "", "sh": "%%bash\n"}.get(language)
        head = f"%%writefile {name}\n" if kind == "file" else head
        if head is None or kind == "not run":
            continue
        cells += [_text(markdown[end : block.start()]), _code(head + text)]
        end = block.end()
    cells = [cell for cell in [*cells, _text(markdown[end:])] if "".join(cell["source"]).strip()]
    cells = [{"id": f"cell-{number}", **cell} for number, cell in enumerate(cells)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return json.dumps(
        {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}, indent=1
    )


def _text(markdown):
    markdown = re.sub(r"^<!-- .*? -->\n", "", markdown, flags=re.MULTILINE)
    return {"cell_type": "markdown", "metadata": {}, "source": _LINK.sub(r"\1", markdown).strip().splitlines(True)}


def _code(text):
    source = text.rstrip("\n").splitlines(keepends=True)
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}
