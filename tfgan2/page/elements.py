"""HTML elements as texts. Every text that is not an element is escaped, such as the name of a folder."""

from html import escape

_VOID = ("img", "meta")  # Elements without an end tag.


class Html(str):
    """A text that is HTML already."""

    __slots__ = ()


def element(tag, *children, **attributes):
    """Returns an element as `Html`.

    Args:
      tag: Name of the element.
      children: Texts, elements, or iterables of them. A text that is not `Html` is escaped. None is left out.
      attributes: Name -> value. A trailing _ of a name is removed, so `class_` is the attribute class, and other _
        become a hyphen. The values are escaped. An attribute that is None is left out.
    """
    given = "".join(
        f' {name.removesuffix("_").replace("_", "-")}="{escape(str(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    return Html(f"<{tag}{given}>" if tag in _VOID else f"<{tag}{given}>{joined(children)}</{tag}>")


def joined(children):
    """Returns several children of `element` as one `Html`."""
    return Html("".join(map(_html, children)))


def table(head, rows, *, class_=None):
    """Returns a table. On a narrow page its cells stand below each other, each with the title of its column.

    Args:
      head: Titles of the columns.
      rows: Lists of cells. The first cell of a row is its title.
      class_: Class of the table, or None.
    """
    titles = element("tr", (element("th", title, scope="col") for title in head))

    def cells(row):
        named = zip(head[1:], row[1:], strict=True)
        return element("th", row[0], scope="row"), (element("td", cell, data_title=title) for title, cell in named)

    body = (element("tr", cells(row)) for row in rows)
    whole = element("table", element("thead", titles), element("tbody", body), class_=class_)
    return element("div", whole, class_="wide", tabindex="0", role="region", aria_label=f"Table of {head[0]}")


def commands(lines):
    """Returns command lines as a block of code."""
    return element("pre", element("code", "\n".join(lines)), tabindex="0")


def _html(child):
    if child is None:
        return ""
    if isinstance(child, str):
        return child if isinstance(child, Html) else escape(child)
    return joined(child)
