"""Facts about the data of a run. With them a run can be sampled and exported without its data.

They also show whether the data have changed when a run resumes.
"""

import hashlib
import json
from typing import NamedTuple

import numpy as np

from tfgan2.data.computed import hash_of
from tfgan2.data.kinds import KINDS, Kind
from tfgan2.data.scaling import Scaling
from tfgan2.system.file_versions import check_version, versioned

FILE = "data.json"
"""File of the facts in the folder of a run."""


class SetFacts(NamedTuple):
    """Facts about one dataset of a run.

    Attributes:
      count: Number of samples.
      shape: Shape of a sample.
      class_names: Class names by label.
      digest: SHA-256 of samples and labels, hexadecimal.
      held_out: Number of samples that training does not see.
      held_out_digest: SHA-256 of their rows, hexadecimal. Empty without any.
    """

    count: int
    shape: tuple[int, ...]
    class_names: tuple[str, ...]
    digest: str
    held_out: int = 0
    held_out_digest: str = ""


class Facts(NamedTuple):
    """Facts about all data of a run.

    Attributes:
      kind: The kind of the samples.
      scaling: Maps data units to the range of the networks and back.
      trained_classes: Labels of the training data.
      sampled_classes: Labels that are sampled by default. Empty means all.
      sets: Flag, such as "--dataset" -> `SetFacts`.
    """

    kind: Kind
    scaling: Scaling
    trained_classes: tuple[int, ...]
    sampled_classes: tuple[int, ...]
    sets: dict[str, SetFacts]

    @property
    def shape(self):
        """Shape of a sample."""
        return self.sets["--dataset"].shape

    @property
    def class_names(self):
        """Class names by label. Empty without labels."""
        return self.sets["--dataset"].class_names


def facts_of_set(data):
    """The `SetFacts` of a `DataSet`."""
    labels = np.empty(0, np.int32) if data.labels is None else data.labels
    found = SetFacts(data.size, data.shape, tuple(data.class_names), data.digest or hash_of(data.samples, labels))
    if data.held_out is None:
        return found
    return found._replace(held_out=len(data.held_out), held_out_digest=hash_of(data.held_out))


def difference(before, now):
    """Lists differences between the datasets of two `Facts`, one line each.

    Trained classes are not compared, because they follow from the flags.
    """
    lines = []
    for flag in before.sets | now.sets:
        old, new = before.sets.get(flag), now.sets.get(flag)
        if old is None or new is None:
            lines.append(f"{flag}: {'was not given' if old is None else 'is not given now'}")
        elif (old.count, old.shape) != (new.count, new.shape):
            lines.append(f"{flag}: was {_size(before, old)}, now {_size(now, new)}")
        elif old.digest != new.digest:
            classes = ", and other classes" if old.class_names != new.class_names else ""
            lines.append(f"{flag}: {_size(before, old)} as before, with other content or in another order{classes}")
        elif old.held_out_digest != new.held_out_digest:
            counts = f"{old.held_out:,} samples were held out, and {new.held_out:,} are now"
            lines.append(f"{flag}: {counts}{', but others' * (old.held_out == new.held_out)}")
    return lines


def to_json(facts):
    """Converts `Facts` to JSON as bytes, with a checksum."""
    sets = {flag: one._asdict() for flag, one in facts.sets.items()}
    content = facts._asdict() | {"kind": facts.kind.name, "scaling": facts.scaling._asdict(), "sets": sets}
    return (json.dumps(versioned(FILE, {"sha256": _checksum(content), "data": content}), indent=1) + "\n").encode()


def from_json(data, path=FILE):
    """Converts the bytes of `to_json` back to `Facts`.

    Args:
      data: The bytes.
      path: Path of their file, for messages.

    Raises:
      InputError: The file has a newer version.
      ValueError: The bytes are damaged or have another form.
    """
    try:
        record = json.loads(data)
        check_version(FILE, path, record)
        content = record["data"]
        if record["sha256"] != _checksum(content):
            raise ValueError("its checksum is wrong")
        sets = {
            flag: SetFacts(**one | {name: tuple(one[name]) for name in ("shape", "class_names")})
            for flag, one in content["sets"].items()
        }
        classes = {name: tuple(content[name]) for name in ("trained_classes", "sampled_classes")}
        kind, scaling = KINDS[content["kind"]], Scaling(**content["scaling"])
        return Facts(**content | classes | {"kind": kind, "scaling": scaling, "sets": sets})
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"it has another form: {error!r}") from error


def _checksum(content):
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _size(facts, one):
    return f"{one.count:,} {facts.kind.name} of {' x '.join(map(str, one.shape))}"
