"""Reading of the JSON files in the folder of a run."""

import json


def read_json(path):
    """Returns the content of a file, or None if it is missing or damaged."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
