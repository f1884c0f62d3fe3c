"""Files are whole or absent."""

import pytest
import tensorflow as tf

from tfgan2.errors import StorageError
from tfgan2.system.files import check_writable, storing, write_whole


def test_writes_and_replaces(tmp_path):
    path = tmp_path / "new" / "file"
    write_whole(path, b"first")
    write_whole(path, b"second")
    assert path.read_bytes() == b"second"
    assert [p.name for p in path.parent.iterdir()] == ["file"]


def test_full_disk_leaves_what_was_there(tmp_path, full_disk):
    path = tmp_path / "file"
    write_whole(path, b"first")
    with full_disk(10), pytest.raises(StorageError, match=r"file could not be written: File too large\. Make room"):
        write_whole(path, b"second" * 10)
    assert path.read_bytes() == b"first"
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_whether_a_file_can_be_written_is_known_before(tmp_path):
    (tmp_path / "file").write_bytes(b"mine")
    (tmp_path / "folder").mkdir()
    check_writable(tmp_path / "file")
    check_writable(tmp_path / "new" / "and newer" / "file")
    for path, reason in (("file/below", "Not a directory"), ("folder", "Is a directory"), ("/proc/x", "")):
        with pytest.raises(StorageError, match=f"could not be written: {reason}"):
            check_writable(tmp_path / path)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "folder"]
    assert (tmp_path / "file").read_bytes() == b"mine"


def test_errors_of_tensorflow_too():
    with pytest.raises(StorageError, match=r"^W could not be written: no space\. Make room"), storing("W"):
        raise tf.errors.ResourceExhaustedError(None, None, "no space\nat line 7")


def test_a_reason_after_a_long_path_is_told():
    with pytest.raises(StorageError, match=r"^W could not be written: /(long/)+w; no space\. Make room"), storing("W"):
        raise tf.errors.ResourceExhaustedError(None, None, f"/{'long/' * 100}w; no space")


def test_other_errors_pass():
    with pytest.raises(ZeroDivisionError), storing("W"):
        raise ZeroDivisionError
