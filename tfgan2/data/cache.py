"""The cache of decoded images. Images are decoded once, and later runs open memory-mapped arrays.

An entry is a folder. Its name is a hash of the source and the preparation of the images. It has `images.npy`,
`entry.json` and, if there are labels, `labels.npy`. An entry is complete or absent, so processes can share a cache.
"""

import hashlib
import json
import shutil
from typing import NamedTuple

import numpy as np

from tfgan2.data.archives import DAMAGE
from tfgan2.data.cache_folders import cache_folder, plain_name, unfinished_folder
from tfgan2.data.filling import fill
from tfgan2.data.survey import Survey
from tfgan2.system.file_versions import VERSIONS
from tfgan2.system.files import read_json

_KIND = "prepared images"


class Entry(NamedTuple):
    """Prepared images.

    Attributes:
      images: uint8 [n, height, width, channels], memory-mapped. Changes are visible in this process only.
      labels: int32 [n], or None if an image has no label.
      class_names: Class names by label.
      left_out: Name -> reason, for images that cannot be used.
      digest: SHA-256 of the images and labels, hexadecimal.
      survey: The `Survey` of the images.
      label_fault: A clause that says why there are no labels although some images have one. Empty otherwise.
    """

    images: np.ndarray
    labels: np.ndarray | None
    class_names: tuple[str, ...]
    left_out: dict[str, str]
    digest: str
    survey: Survey
    label_fault: str


def prepared(name, source, preparation, *, cache_dir=None) -> Entry:
    """Returns the prepared images of a source from the cache. If they are not there, decodes them with a progress bar.

    Args:
      name: Name of the source, for messages and the folder of the entry.
      source: A `Source`.
      preparation: A `Preparation`.
      cache_dir: Folder of the cache. None takes $TFGAN2_CACHE or, without it, ~/.cache/tfgan2.

    Raises:
      InputError: The cache cannot be used, or the entry has a newer version. No image can be read, or sizes differ and
        `preparation` sets no size.
      StorageError: The entry cannot be written, for example on a full disk. No incomplete entry stays.
    """
    folder = cache_folder(cache_dir)
    path = folder / f"{plain_name(name)}-{_key(source, preparation)}"
    entry = _opened(path)
    if entry is None:
        with unfinished_folder(folder) as unfinished:
            fill(unfinished, name, source, preparation)
            _publish(unfinished, path)
        entry = _opened(path)
    return entry


def _key(source, preparation):
    text = json.dumps([VERSIONS[_KIND], source.fingerprint, preparation._asdict()])
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def _opened(path):
    """The entry in a folder, or None if it is absent or damaged."""
    record = read_json(_KIND, path / "entry.json")
    try:
        # Mode "c" is copy on write. TensorFlow would copy read-only memory.
        images = np.load(path / "images.npy", mmap_mode="c")
        labels = np.load(path / "labels.npy") if record["has_labels"] else None
        others = {field: record[field] for field in ("left_out", "digest", "label_fault")}
        survey = Survey(**record["survey"])
        survey = survey._replace(sides=tuple(survey.sides))
        return Entry(images, labels, tuple(record["class_names"]), survey=survey, **others)
    except (OSError, KeyError, TypeError, *DAMAGE):
        return None


def _publish(unfinished, path):
    if path.exists() and _opened(path) is None:
        shutil.rmtree(path)
    try:
        unfinished.rename(path)
    except OSError:
        # Another process was faster and has written an equal entry.
        if _opened(path) is None:
            raise
