"""Every reader of .npz files refuses an archive that cannot be decoded, in one sentence and without a traceback."""

import io
import re
import zipfile

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


def marked(content, offset, value):
    """Sets a byte of every member of an archive, in its own header and in the directory at the end."""
    content = bytearray(content)
    for signature, later in ((b"PK\x03\x04", 0), (b"PK\x01\x02", 2)):
        for found in re.finditer(re.escape(signature), bytes(content)):
            content[found.start() + offset + later] = value
    return bytes(content)


def with_open_bracket(content):
    """The array of an archive has a bracket in its header that is never closed. The checksum is right."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        (name,) = old.namelist()
        new.writestr(name, old.read(name).replace(b"(4, 2), }", b"(4, 2(, }"))
    return buffer.getvalue()


DAMAGES = {
    "encrypted": lambda content: marked(content, 6, 1),
    "compression": lambda content: marked(content, 8, 99),
    "EOF in multi-line statement|was never closed": with_open_bracket,
}


@pytest.mark.parametrize("words", DAMAGES)
@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_an_archive_that_cannot_be_decoded_is_refused(reader, words, tmp_path, monkeypatch):
    monkeypatch.setenv("TFGAN2_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "file.npz"
    np.savez(path, features=np.zeros((4, 2)))
    path.write_bytes(DAMAGES[words](path.read_bytes()))
    with pytest.raises(InputError, match=rf"not a whole \.npz archive of plain arrays \(.*({words})") as raised:
        reader(path)
    assert str(path) in str(raised.value)
