"""Excerpts of the code in pages: `<!-- code: tfgan2.methods.gngan GNGAN.train_step -->` stands for that function."""

import ast
import re
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_PLACE = re.compile(r"^<!-- code: ([\w.]+) ([\w.]+) -->$", re.MULTILINE)


def filled(markdown):
    """The text with the code in the places of its names.

    Raises:
      KeyError: a module does not define the name.
    """
    return _PLACE.sub(lambda place: f"```python\n{source_of(*place.groups())}\n```", markdown)


def source_of(module, name):
    """The source of a function or class by its qualified name in a module."""
    text = (ROOT / (module.replace(".", "/") + ".py")).read_text(encoding="utf-8")
    node = ast.parse(text)
    for part in name.split("."):
        found = [child for child in node.body if getattr(child, "name", None) == part]
        if not found:
            raise KeyError(f"{module} has no {name}")
        (node,) = found
    return textwrap.dedent("\n".join(text.splitlines()[node.lineno - 1 : node.end_lineno]))
