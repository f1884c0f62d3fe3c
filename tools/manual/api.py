"""The pages of the API: names of modules and classes, which mkdocstrings fills in from their docstrings."""

import tfgan2
from manual.texts import page

_PACKAGES = {
    "losses": "Losses are pure functions of tensors. Each has its formula and its source in its docstring.",
    "metrics": "Metrics are functions of NumPy arrays.",
    "layers": "Layers for networks, and functions of tensors.",
    "networks": "A family of networks has a method for each network. `generator(sample_shape)` is one.",
}


def pages(root):
    """Path -> text.

    Args:
      root: Path of the package.
    """
    places = tfgan2._PUBLIC
    base = ("Game", "GenerativeGame")
    methods = [name for name, place in places.items() if ".methods." in place and name not in base]
    found = {
        "reference/api/run.md": page(
            "A trained run",
            "`import tfgan2` imports nothing heavy. TensorFlow is imported at the first use of a name.",
            *_directives(["tfgan2.run.restore"], members=True),
        ),
        "reference/api/methods.md": page(
            "Methods",
            "Each method is a `keras.Model`. Its constructor takes networks, then keyword-only settings.",
            *_directives([f"{places[name]}.{name}" for name in methods]),
        ),
        "reference/api/base.md": page(
            "Base classes",
            "A method of your own extends `tfgan2.GenerativeGame`.",
            *_directives([f"{places[name]}.{name}" for name in base], members=True, inherited=True),
        ),
    }
    for package, about in _PACKAGES.items():
        modules = sorted(path.stem for path in (root / package).glob("*.py") if path.stem != "__init__")
        found[f"reference/api/{package}.md"] = page(
            package.capitalize(),
            about,
            *_directives([f"tfgan2.{package}.{module}" for module in modules], members=True),
        )
    return found


def _directives(names, *, members=False, inherited=False):
    options = f"    options:\n      members: {'null' if members else '[]'}"
    options += "\n      inherited_members: true" if inherited else ""
    return [f"::: {name}\n{options}" for name in names]
