"""Hooks of mkdocs: they add the pages that are made from the code and from results/, notebooks, and llms.txt."""

from pathlib import Path

from manual import api, configurations_page, excerpts, flags, llms, measuring, notebooks, results, runs
from mkdocs.structure.files import File

import tfgan2

ROOT = Path(__file__).resolve().parent.parent


def on_config(config):
    config.copyright = f"tfgan2 {tfgan2.__version__}, Apache-2.0"
    (section,) = (item["Results"] for item in config.nav if "Results" in item)
    pages = (place for place in results.files() if place.startswith("results/") and place.endswith(".md"))
    section += [page for page in pages if page not in section]
    return config


def on_files(files, config):
    generated = {
        **flags.pages(),
        **measuring.pages(),
        **runs.pages(),
        **configurations_page.pages(),
        **api.pages(ROOT / "tfgan2"),
    }
    for place, text in generated.items():
        files.append(File.generated(config, place, content=text))
    for path in sorted((ROOT / "docs" / "tutorials").glob("*.md")):
        text = notebooks.notebook(path.read_text(encoding="utf-8"))
        files.append(File.generated(config, f"notebooks/{path.stem}.ipynb", content=text))
    for place, path in results.files().items():
        made = {"content": results.text_of(place)} if path.suffix == ".md" else {"abs_src_path": str(path)}
        files.append(File.generated(config, place, **made))
    return files


def on_page_markdown(markdown, page, **_):
    section, _, name = page.file.src_uri.rpartition("/")
    if section == "tutorials":
        markdown += f"\n\n[This page as a notebook](../notebooks/{name.removesuffix('.md')}.ipynb)\n"
    return excerpts.filled(markdown)


def on_env(env, config, files):
    # Now all pages have their titles.
    pages = [file.page for file in files.documentation_pages()]
    text = llms.text(config.site_description, pages)
    Path(config.site_dir).mkdir(parents=True, exist_ok=True)
    Path(config.site_dir, "llms.txt").write_text(text, encoding="utf-8")
    return env
