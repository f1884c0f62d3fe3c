"""Hints for misspelt names."""

import difflib


def did_you_mean(name: str, names, mark: str = "") -> str:
    """Returns the question "did you mean NAME? " for a similar name, or an empty text.

    A mark, such as "--", precedes the name. Names are also similar if they differ only by a group before a dot.
    """
    names = list(names)
    tail = name.rpartition(".")[2]
    same = [candidate for candidate in names if candidate.endswith(f".{name}") or candidate == tail]
    near = same[:1] or difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    return f"did you mean {mark}{near[0]}? " if near else ""
