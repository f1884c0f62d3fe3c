"""The page of all configurations, from the headers and the flags of configs/."""

import re

import configurations

from manual.texts import page

_GROUPS = {
    "demo": "Demonstration",
    "gngan": "GN-GAN",
    "distgan": "Dist-GAN",
    "rumi": "Rumi-GAN",
    "p2gan": "P2GAN",
    "logan": "LOGAN",
    "pgmgan": "PGMGAN",
    "pictures": "Own pictures",
    "r3gan": "R3GAN",
}
_OTHERS = "Baselines"


def pages():
    """Path -> text."""
    return {"reference/configurations.md": configurations_page()}


def configurations_page():
    groups = {title: [] for title in (*_GROUPS.values(), _OTHERS)}
    for name in configurations.names():
        groups[_GROUPS.get(name.partition("_")[0], _OTHERS)].append(name)
    parts = []
    for title, names in groups.items():
        parts += [f"## {title}", *map(_section, names)]
    return page(
        "Configurations",
        "A configuration is a file of flags for one experiment. `--flagfile=configs/NAME.cfg` reads it, and a flag "
        "after it counts instead. *Published* is what the paper prints. *Ours* is what differs from the paper. "
        "*Measured* is what we ran.",
        *parts,
    )


def _section(name):
    fields = configurations.fields(name)
    facts = "\n".join(
        f"- **{field}:** {_linked(fields[field])}" for field in ("Paper", "Published", "Ours", "Time", "Measured")
    )
    commands = "\n".join(fields["Command"])
    flags = configurations.CONFIGS.joinpath(f"{name}.cfg").read_text(encoding="utf-8").partition("\n\n")[2].strip()
    parts = [f"### {name}", _linked(configurations.title(name)), facts, f"```sh\n{commands}\n```"]
    if variants := fields.get("Variants"):
        parts.append(_folded("Variants", "\n".join(variants)))
    return "\n\n".join([*parts, _folded("Flags", flags)])


def _folded(title, text):
    lines = "\n".join(f"    {line}" for line in text.splitlines())
    return f'??? note "{title}"\n\n    ```text\n{lines}\n    ```'


def _linked(text):
    """Flags as code, and links to the configurations and pages that a text names."""
    text = re.sub(r"(?<!\S)(--\w+(?:\.\w+)*(?:=[\w.,:/]*\w)?)", r"`\1`", text)
    text = re.sub(r"\bconfigs/(\w+)\.cfg", r"[\1](#\1)", text)
    return re.sub(r"\bresults/(\w+)\.md", _of_results, text)


def _of_results(place):
    name = place[1]
    return "[results](../results/index.md)" if name == "README" else f"[{name}](../results/{name}.md)"
