"""llms.txt: what the library is, and the pages of the site, for readers that are programs."""


def text(about, pages):
    """The file.

    Args:
      about: One sentence about the library.
      pages: The pages of mkdocs, whose titles are known.
    """
    sections = {}
    for page in pages:
        section = page.ancestors[-1].title if page.ancestors else "Start"
        sections.setdefault(section, []).append(f"- [{page.title}]({page.url})")
    blocks = [f"## {section}\n\n" + "\n".join(lines) for section, lines in sections.items()]
    return "\n\n".join(["# tfgan2", f"> {about}", *blocks]) + "\n"
