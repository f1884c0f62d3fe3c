"""A finding about a run: what is wrong, and what to do."""

from typing import NamedTuple


class Finding(NamedTuple):
    """What a check found.

    Attributes:
      name: Name of the finding.
      text: What is wrong, with its numbers.
      advice: What the user can do, one or more sentences.
      level: "warning", or "note" for what is no fault.
    """

    name: str
    text: str
    advice: str
    level: str = "warning"
