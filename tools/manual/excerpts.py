"""Excerpts of the code in pages: `<!-- code: tfgan2.methods.gngan GNGAN.train_step -->` stands for that function.

`1=generator_loss` after the name puts "Step 1" above the line with this text.
"""

import ast
import re
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_PLACE = re.compile(r"^<!-- code: ([\w.]+) ([\w.]+)((?: \d=\w+)*) -->$", re.MULTILINE)


def filled(markdown):
    """The text with the code in the places of its names.

    Raises:
      KeyError: a module does not define the name, or not one line has the text of a step.
    """
    return _PLACE.sub(lambda place: f"```python\n{marked(source_of(*place.groups()[:2]), place[3])}\n```", markdown)


def marked(source, steps):
    """The source with a comment above the line of each step, given as " 1=TEXT 2=TEXT"."""
    lines = source.splitlines()
    for number, text in (step.split("=") for step in steps.split()):
        places = [place for place, line in enumerate(lines) if text in line]
        if len(places) != 1:
            raise KeyError(f"{len(places)} lines have {text}, the text of step {number}")
        (place,) = places
        indent = lines[place][: -len(lines[place].lstrip())]
        lines.insert(place, f"{indent}# Step {number}")
    return "\n".join(lines)


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
