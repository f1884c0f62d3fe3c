"""A strict reader of HTML pages: balanced tags, unique names, no other files, texts in place of pictures."""

import base64
import re
import xml.etree.ElementTree
from html.parser import HTMLParser

VOID = {"img", "meta"}
ALLOWED = {
    *("html", "head", "meta", "title", "style", "body", "header", "nav", "main", "section", "h1", "h2", "h3"),
    *("p", "ul", "li", "a", "dl", "dt", "dd", "figure", "figcaption", "img", "div", "table", "thead", "tbody"),
    *("tr", "th", "td", "pre", "code", "strong", "details", "summary"),
}
"""The elements of a page. So an element of a name that was not escaped is a fault, as is a script."""


class Page(HTMLParser):
    """The content of a page. Each fault fails the test.

    Attributes:
      elements: Triples (tag, attributes as a dict, text within it), in the order of their ends.
    """

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        assert text.startswith("<!DOCTYPE html>\n<html")
        self.elements, self._open = [], []
        self.feed(text)
        self.close()
        assert self._open == []
        self._check()

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert tag in ALLOWED and len(names) == len(set(names))
        assert not any(name.startswith("on") for name in names)
        self._open.append((tag, dict(attrs), []))
        if tag in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        opened, attributes, texts = self._open.pop()
        assert opened == tag
        self.elements.append((tag, attributes, "".join(texts)))

    def handle_data(self, data):
        for _, _, texts in self._open:
            texts.append(data)

    def all(self, tag):
        """Pairs (attributes, text) of the elements with a tag."""
        return [(attributes, text) for name, attributes, text in self.elements if name == tag]

    def texts(self, tag):
        """The texts of the elements with a tag."""
        return [text for _, text in self.all(tag)]

    def section(self, name):
        """The whole text of a section, or None."""
        found = [text for attributes, text in self.all("section") if attributes["aria-labelledby"] == name]
        return found[0] if found else None

    def pictures(self, kind):
        """The bytes of the pictures of a kind, such as "image/png"."""
        heads = ((attributes["src"].partition(",")) for attributes, _ in self.all("img"))
        return [base64.b64decode(data) for head, _, data in heads if head == f"data:{kind};base64"]

    def _check(self):
        names = [attributes["id"] for _, attributes, _ in self.elements if "id" in attributes]
        assert len(names) == len(set(names))
        links = [attributes["href"] for attributes, _ in self.all("a")]
        assert links and all(link[0] == "#" and link[1:] in names for link in links)
        for attributes, _ in self.all("img"):
            assert re.match(r"data:image/(png|jpeg|svg\+xml);base64,", attributes["src"])
            assert len(attributes["alt"].split()) > 3
        others = {"src", "srcset", "action", "poster", "data"}
        assert not any(others & attributes.keys() for tag, attributes, _ in self.elements if tag != "img")
        (style,) = self.texts("style")
        assert not re.search(r"url\(|@import|</", style)
        for drawn in self.pictures("image/svg+xml"):
            root = xml.etree.ElementTree.fromstring(drawn)
            targets = [value for node in root.iter() for key, value in node.attrib.items() if key.endswith("href")]
            assert all(target.startswith("#") for target in targets)
            assert not re.search(rb"url\((?!#)|@import|<script", drawn)
        assert len(self.texts("h1")) == len(self.texts("title")) == 1
