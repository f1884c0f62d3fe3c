"""Pieces of Markdown."""

import re


def plain(text):
    """A sentence of a docstring as Markdown: nothing of it is taken for an element or for emphasis."""
    parts = re.split(r"(`[^`]*`)", text)
    escape = str.maketrans({"<": "&lt;", "*": "\\*", "[": "\\["})
    return "".join(part if part.startswith("`") else part.translate(escape) for part in parts)


def page(title, *blocks):
    """A page from its title and its blocks."""
    return "\n\n".join([f"# {title}", *blocks]) + "\n"


def paragraphs(docstring):
    """The paragraphs of a docstring before its sections, each in one line."""
    before = re.split(r"^(?:Args|Returns|Raises|Attributes|Yields):$", docstring, flags=re.MULTILINE)[0]
    return [plain(" ".join(block.split())) for block in before.strip().split("\n\n") if block.strip()]
