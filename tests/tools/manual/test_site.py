"""The site: it builds without a warning, its links lead somewhere, and its reference has all that the code has."""

import html.parser
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config

from tfgan2 import __version__
from tfgan2.data.sources import SOURCES
from tfgan2.diagnosis.checks import CHECKS
from tfgan2.evaluation.protocols import PROTOCOLS
from tfgan2.evaluation.scores import SCORES
from tfgan2.methods import METHODS
from tfgan2.networks import BACKBONES, NETWORKS

ROOT = Path(__file__).resolve().parents[3]


class Page(html.parser.HTMLParser):
    """The names, the links and the sources of a page."""

    def __init__(self, path):
        super().__init__()
        self.text = path.read_text(encoding="utf-8")
        self.ids, self.links, self.sources = set(), [], []
        self.feed(self.text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.ids |= {found[name] for name in ("id", "name") if found.get(name)}
        self.links += [found["href"]] if tag == "a" and found.get("href") else []
        self.sources += [found[name] for name in ("src", "srcset") if found.get(name)]
        self.sources += [found["href"]] if tag == "link" and found.get("rel") == "stylesheet" else []


@pytest.fixture(scope="module")
def site(once):
    def make(folder):
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(ROOT)
            patch.setenv("NO_MKDOCS_2_WARNING", "1")
            build(load_config(str(ROOT / "mkdocs.yml"), site_dir=str(folder), strict=True))

    return once("site", make)


@pytest.fixture(scope="module")
def pages(site):
    """Path in the site -> `Page`."""
    return {path.relative_to(site).as_posix(): Page(path) for path in site.rglob("*.html")}


def test_links_lead_somewhere(site, pages):
    broken = []
    for place, page in pages.items():
        for link in [] if place == "404.html" else [*page.links, *page.sources]:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            path = ((site / place).parent / unquote(parts.path)).resolve() if parts.path else site / place
            known = pages.get(path.relative_to(site.resolve()).as_posix()) if path.suffix == ".html" else None
            fragment = unquote(parts.fragment)
            if not path.is_file() or (known and fragment and fragment not in known.ids):
                broken.append((place, link))
    assert broken == [] and len(pages) > 60


def test_it_needs_no_server(pages):
    assert [source for page in pages.values() for source in page.sources if urlsplit(source).netloc] == []


def test_flags(pages, tool):
    named = set().union(*(page.ids for place, page in pages.items() if place.startswith("reference/flags/")))
    assert tool("manual.flags").names() - named == set()


@pytest.mark.parametrize(
    ("place", "names"),
    [
        ("names", [*METHODS, *SOURCES, *NETWORKS, *BACKBONES]),
        ("protocols", PROTOCOLS),
        ("scores", SCORES),
        ("warnings", [check.__name__ for checks in CHECKS.values() for check in checks]),
        ("configurations", sorted(path.stem for path in (ROOT / "configs").glob("*.cfg"))),
        ("exit_codes", ["0", "1", "2", "3", "69", "71", "74", "75"]),
    ],
)
def test_names_of_the_code(pages, place, names):
    text = pages[f"reference/{place}.html"].text
    shown = set(re.findall(r">([\w.:-]+)</(?:code|td)>", text)) | pages[f"reference/{place}.html"].ids
    assert set(names) - shown == set()


def test_every_protocol_that_compares_with_a_paper_exists(tool):
    assert set(tool("manual.measuring").COMPARABLE) <= set(PROTOCOLS)


def test_methods_in_the_api(pages):
    ids = pages["reference/api/methods.html"].ids
    assert [method for method in METHODS.values() if f"{method.__module__}.{method.__name__}" not in ids] == []


def test_version_search_and_list_of_pages(site, pages):
    assert f"tfgan2 {__version__}, Apache-2.0" in pages["index.html"].text
    assert (site / "search" / "search_index.js").is_file()  # which a page opened from a folder can read
    listed = re.findall(r"\]\((.*?)\)", (site / "llms.txt").read_text(encoding="utf-8"))
    assert set(listed) == set(pages) - {"404.html"}


def test_no_page_names_a_place_of_this_machine(pages):
    places = (str(ROOT), f"{Path.home()}/")
    assert [place for place, page in pages.items() if any(name in page.text for name in places)] == []


def test_excerpts(tool):
    excerpts = tool("manual.excerpts")
    shown = excerpts.filled("<!-- code: tfgan2.methods.logan LOGAN.train_step -->\n")
    assert shown.startswith("```python\ndef train_step(self, batch):\n    draws") and shown.endswith("```\n")
    with pytest.raises(KeyError, match=r"tfgan2\.methods\.logan has no LOGAN\.fit"):
        excerpts.source_of("tfgan2.methods.logan", "LOGAN.fit")
    assert excerpts.marked("def f():\n    a = 1\n    b = 2", " 1=a 2=b") == (
        "def f():\n    # Step 1\n    a = 1\n    # Step 2\n    b = 2"
    )
    with pytest.raises(KeyError, match="2 lines have f, the text of step 3"):
        excerpts.marked("f\nf", " 3=f")


def test_names_of_scores_are_written_out(tool):
    names = re.findall(r"^\| (`.*?) \|", tool("manual.measuring").scores().partition("## Groups")[0], re.MULTILINE)
    assert "`modes_of_generator_K`, `modes_of_partition_K`" in names and "`fid`, `fd-NETWORK-DATA`" in names
    assert [name for name in names if re.search(r"[|(.+?]", name)] == []
