"""Every reader of .npz files refuses an archive that cannot be decoded, in one sentence and without a traceback."""

import re

import numpy as np
import pytest

from tfgan2.data.images import load_images
from tfgan2.data.points import load_points
from tfgan2.errors import InputError
from tfgan2.evaluation.reference_statistics import read_reference
from tfgan2.evaluation.sample_files import read_samples

READERS = {
    "images": lambda path: load_images(f"npz:{path}"),
    "points": load_points,
    "samples": read_samples,
    "reference": read_reference,
}


def with_password(content):
    """Marks every member of an archive as encrypted, in its own header and in the directory at the end."""
    content = bytearray(content)
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for found in re.finditer(re.escape(signature), bytes(content)):
            content[found.start() + flags] |= 1
    return bytes(content)


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_an_archive_with_a_password_is_refused(reader, tmp_path, monkeypatch):
    monkeypatch.setenv("TFGAN2_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "file.npz"
    np.savez(path, features=np.zeros((4, 2)))
    path.write_bytes(with_password(path.read_bytes()))
    with pytest.raises(InputError, match=r"not a whole \.npz archive of plain arrays \(.*encrypted") as raised:
        reader(path)
    assert str(path) in str(raised.value)
