"""Elements: escaped texts and attributes, and documents that a strict parser accepts."""

import pytest
from pages import Page

from tfgan2.page.document import Section, document
from tfgan2.page.elements import Html, commands, element, table

NAMES = ["<b>", "a & b", '"x" onload="alert(1)', "it's", "</style><script>alert(1)</script>", "é ☃"]


def test_texts_are_escaped_and_elements_are_not():
    inner = element("strong", "a<b")
    assert inner == "<strong>a&lt;b</strong>" and isinstance(inner, Html)
    assert element("p", ["x & ", None, inner], class_="c") == '<p class="c">x &amp; <strong>a&lt;b</strong></p>'
    assert element("img", alt='"', data_x=1, src=None) == '<img alt="&quot;" data-x="1">'


@pytest.mark.parametrize("name", NAMES)
def test_names_in_every_place(name):
    content = (
        element("p", name, title=name),
        table(("a", name), [(name, name)]),
        commands([name]),
        element("img", src="data:image/png;base64,", alt=f"a picture of {name}"),
    )
    page = Page(document(name, [element("h1", name)], [Section("one", name, content)]))
    assert (
        page.texts("h1") == page.texts("title") == page.texts("h2") == page.texts("a") == page.texts("code") == [name]
    )
    assert page.all("td") == [({"data-title": name}, name)]
    assert page.all("p") == [({"title": name}, name)]


@pytest.mark.parametrize(
    "fault",
    [
        "<p>a",
        "<p>a</div>",
        "<b>a</b>",
        '<img src="x.png" alt="a picture of this">',
        '<img src="data:image/png;base64," alt="">',
        '<a href="#nowhere">a</a>',
        '<a href="https://example.org">a</a>',
        '<p id="one">a</p>',
        '<p onclick="x">a</p>',
        "<script>a</script>",
    ],
)
def test_the_strict_parser_finds(fault):
    Page(document("a", [element("h1", "a")], [Section("one", "a", (Html("<p>a</p>"),))]))
    with pytest.raises(AssertionError):
        Page(document("a", [element("h1", "a")], [Section("one", "a", (Html(fault),))]))
