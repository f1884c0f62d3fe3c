"""What must be equal in the folders of two runs, and what a killed run may have left."""

import collections
import json
import os
import re
import struct

import numpy as np
import tensorflow as tf

from torturing.judge import Wrong

_ARCHIVE = "_CHECKPOINTABLE_OBJECT_GRAPH"
_OF_A_FOLDER = re.compile(r"(cache/folder-.*)-[0-9a-f]{20}")  # The cache of a folder has its name by its path.
_OF_THE_CLOCK = ("speed/", "_hparams_/session_start_info")  # Beginnings of TensorBoard's tags.


def contents(folder) -> dict:
    """Path -> what must be equal, for all that is whole by its name. Hidden files and folders are passed over.

    A checkpoint is the bytes of its arrays, a log its lines without times, and a link its target.
    """
    found, events, here = {}, collections.defaultdict(set), os.fsencode(folder)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if any(part.startswith(".") for part in name.parts):
            continue
        if path.is_symlink():
            found[str(name)] = os.readlink(path)
        elif path.is_dir():
            if path.name.startswith("step_"):
                found[str(name)] = _arrays(path / "state")
        elif path.suffix == ".index" and not path.parent.name.startswith("step_"):
            found[str(name)] = _arrays(path.with_suffix(""))
        elif path.name.startswith("events.out"):
            events[str(name.parent)] |= set(_points(path))
        elif path.name == "metrics.jsonl":
            found[str(name)] = _lines(path)
        elif not path.name.startswith(("state.", "variables.data", "fingerprint")) and path.suffix != ".pb":
            of_this_place = path.name == "entry.json"  # It has the path and the times of the pictures.
            found[_OF_A_FOLDER.sub(r"\1", str(name))] = b"" if of_this_place else path.read_bytes().replace(here, b"")
    return found | {name: sorted(points) for name, points in events.items()}


def check_equal(found, expected, passing_over=()):
    """Raises `Wrong` for what is missing, too much or different. Both are `contents`."""
    for name in sorted(found.keys() | expected.keys()):
        if name.endswith(passing_over):
            continue
        if name not in found or name not in expected:
            raise Wrong(f"{name} is {'missing' if name in expected else 'too much'}")
        if found[name] != expected[name]:
            raise Wrong(f"{name} differs{_difference(found[name], expected[name])}")


def check_whole(found, possible):
    """Raises `Wrong` if a killed run has left something that was at no time of a whole run, under the name of that."""
    for name, content in found.items():
        if isinstance(content, list):  # Of a log, a part is right: a line more at each time.
            if not any(set(content) <= set(each.get(name, ())) for each in possible):
                raise Wrong(f"{name} has lines of no whole run")
        elif all(each.get(name) != content for each in possible):
            raise Wrong(f"{name} is at no time of a whole run as the killed run has left it")


def _difference(found, expected):
    """What a person sees first."""
    if isinstance(found, dict):
        names = [name for name in sorted(found | expected) if found.get(name) != expected.get(name)]
        return f" in {len(names)} of {len(found | expected)} arrays, such as {names[0]}"
    if isinstance(found, list):
        more, less = (sorted(set(one) - set(other))[:2] for one, other in ((found, expected), (expected, found)))
        return f": only in it {more}, lacking {less}"
    return f", {len(found)} and {len(expected)} bytes" if isinstance(found, bytes) else f": {found}, not {expected}"


def _arrays(prefix):
    try:
        reader = tf.train.load_checkpoint(str(prefix))
        names = reader.get_variable_to_shape_map().keys() - {_ARCHIVE}
        return {name: np.asarray(reader.get_tensor(name)).tobytes() for name in names}  # Some are texts.
    except (tf.errors.OpError, ValueError, IndexError) as error:
        return {f"cannot be read: {error}": b""}


def _lines(path):
    found = []
    for text in path.read_bytes().splitlines(keepends=True):
        if text.endswith(b"\n"):
            line = json.loads(text)
            line.pop("wall_time")
            line["values"].pop("steps_per_second", None)
            found.append(json.dumps(line))
    return found


def _points(path):
    """Step, tag and value of each whole record of an event file."""
    data, start = path.read_bytes(), 0
    while start + 12 <= len(data):
        (size,) = struct.unpack_from("<Q", data, start)
        if (end := start + size + 16) > len(data):
            return
        event = tf.compat.v1.Event.FromString(data[start + 12 : end - 4])
        for value in event.summary.value:
            if not value.tag.startswith(_OF_THE_CLOCK):
                yield f"{event.step} {value.tag} {value.tensor.SerializeToString()!r}"
        start = end
