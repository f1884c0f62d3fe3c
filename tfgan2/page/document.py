"""The whole HTML document. It has no script, and its policy forbids requests to any other place."""

from typing import NamedTuple

from tfgan2.page.elements import Html, element, joined
from tfgan2.page.style import STYLE

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


class Section(NamedTuple):
    """A section of the page.

    Attributes:
      name: Name of the section in links, letters only.
      title: Its heading.
      content: Its elements.
    """

    name: str
    title: str
    content: tuple


def document(title, head, sections):
    """Returns the document as text.

    Args:
      title: Title of the page, a text.
      head: Elements above the list of sections.
      sections: The `Section`s.
    """
    links = element("ul", (element("li", element("a", section.title, href=f"#{section.name}")) for section in sections))
    body = [
        element("header", head),
        element("nav", links, aria_label="Sections"),
        element("main", map(_section, sections)),
    ]
    meta = [
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", title),
        element("style", Html(f"\n{STYLE}\n")),
    ]
    html = element("html", element("head", _lines(meta)), element("body", _lines(body)), lang="en")
    return f"<!DOCTYPE html>\n{html}\n"


def _section(section):
    heading = element("h2", section.title, id=section.name)
    return element("section", _lines([heading, *section.content]), aria_labelledby=section.name)


def _lines(children):
    return joined(Html(f"\n{joined([child])}") for child in children)
