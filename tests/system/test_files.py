"""Files are complete or absent."""

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


def test_full_disk_leaves_the_earlier_file(tmp_path, full_disk):
    path = tmp_path / "file"
    write_whole(path, b"first")
    with full_disk(10), pytest.raises(StorageError, match=r"file could not be written: File too large\. Free space"):
        write_whole(path, b"second" * 10)
    assert path.read_bytes() == b"first"
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_check_writable_writes_nothing(tmp_path):
    (tmp_path / "file").write_bytes(b"mine")
    (tmp_path / "folder").mkdir()
    check_writable(tmp_path / "file")
    check_writable(tmp_path / "new" / "and newer" / "file")
    for path, reason in (("file/below", "Not a directory"), ("folder", "Is a directory"), ("/proc/x", "")):
        with pytest.raises(StorageError, match=f"could not be written: {reason}"):
            check_writable(tmp_path / path)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "folder"]
    assert (tmp_path / "file").read_bytes() == b"mine"


def test_errors_of_tensorflow():
    with pytest.raises(StorageError, match=r"^W could not be written: no space\. Free space"), storing("W"):
        raise tf.errors.ResourceExhaustedError(None, None, "no space\nat line 7")


def test_the_message_has_a_reason_after_a_long_path():
    with pytest.raises(StorageError, match=r"^W could not be written: /(long/)+w; no space\. Free space"), storing("W"):
        raise tf.errors.ResourceExhaustedError(None, None, f"/{'long/' * 100}w; no space")


def test_other_errors_are_unchanged():
    with pytest.raises(ZeroDivisionError), storing("W"):
        raise ZeroDivisionError
