"""The cache of prepared images: when it is used, and that no reader ever meets a part of an entry."""

import json
import os
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tfgan2.data.cache import prepared
from tfgan2.data.reading import Contents, Item, Source
from tfgan2.data.resizing import BadImage, Preparation
from tfgan2.errors import InputError, StorageError

PIXELS = np.random.default_rng(0).integers(0, 256, (40, 8, 8), np.uint8)


class Counting:
    """A source of 40 grey images that counts how often it is opened."""

    def __init__(self, *, fingerprint="a", count=40, labels=True, load=None):
        self.opened = 0
        self.source = Source((fingerprint,), self.open)
        self._count = count
        self._labels = labels
        self._load = load or (lambda row: Image.fromarray(PIXELS[row % 40]))

    def open(self):
        self.opened += 1
        items = (
            Item(f"image {row}", lambda row=row: self._load(row), row % 3 if self._labels else None)
            for row in range(self._count)
        )
        return Contents(self._count, 1, (), items)


def prepare(counting, name="numbers", **arguments):
    return prepared(name, counting.source, Preparation(**arguments))


def entries(cache):
    return sorted(path for path in cache.iterdir())


def test_made_once_and_then_opened(cache):
    counting = Counting()
    first, second = prepare(counting), prepare(counting)
    assert counting.opened == 1 and len(entries(cache)) == 1
    for entry in (first, second):
        assert isinstance(entry.images, np.memmap)
        np.testing.assert_array_equal(entry.images, PIXELS[..., None])
        np.testing.assert_array_equal(entry.labels, np.arange(40) % 3)
        assert entry.class_names == ("0", "1", "2") and entry.left_out == {}


def test_what_an_entry_holds(cache):
    prepare(Counting(), name="folder:/some/where", image_size=16)
    (path,) = entries(cache)
    assert path.name.startswith("folder-some-where-")
    assert sorted(file.name for file in path.iterdir()) == ["entry.json", "images.npy", "labels.npy"]
    record = json.loads((path / "entry.json").read_text())
    assert record["name"] == "folder:/some/where" and record["preparation"]["image_size"] == 16
    assert np.load(path / "images.npy").shape == (40, 16, 16, 1)


def test_without_labels(cache):
    entry = prepare(Counting(labels=False))
    assert entry.labels is None and entry.class_names == ()
    assert not (entries(cache)[0] / "labels.npy").exists()


def test_what_makes_another_entry(cache):
    prepare(Counting())
    for options in ({"image_size": 8}, {"channels": 3}, {"crop_box": (0, 0, 8, 8)}, {"resize": "box"}):
        counting = Counting()
        prepare(counting, **options)
        assert counting.opened == 1
    other = Counting(fingerprint="b")
    prepare(other)
    assert other.opened == 1 and len(entries(cache)) == 6


def test_writing_to_the_images_changes_no_file(cache):
    prepare(Counting()).images[:] = 0
    np.testing.assert_array_equal(prepare(Counting()).images, PIXELS[..., None])


def test_where_the_cache_is(tmp_path, monkeypatch):
    counting = Counting()
    monkeypatch.setenv("HOME", str(tmp_path))
    prepared("x", counting.source, Preparation(), cache_dir="~/mine")
    assert len(entries(tmp_path / "mine")) == 1 and not (tmp_path / "cache").exists()
    monkeypatch.delenv("TFGAN2_CACHE")
    prepare(counting)
    assert len(entries(tmp_path / ".cache" / "tfgan2")) == 1


@pytest.mark.parametrize("file", ["images.npy", "labels.npy", "entry.json"])
@pytest.mark.parametrize("damage", ["cut", "missing"])
def test_damaged_entries_are_made_anew(cache, file, damage):
    prepare(Counting())
    path = entries(cache)[0] / file
    if damage == "cut":
        os.truncate(path, path.stat().st_size - 30)
    else:
        path.unlink()
    counting = Counting()
    np.testing.assert_array_equal(prepare(counting).images, PIXELS[..., None])
    assert counting.opened == 1 and len(entries(cache)) == 1


@pytest.mark.parametrize("file", ["images.npy", "labels.npy"])
def test_an_entry_with_an_open_bracket_in_its_header_is_made_anew(cache, file):
    prepare(Counting())
    path = entries(cache)[0] / file
    path.write_bytes(path.read_bytes().replace(b"), }", b"(, }", 1))
    counting = Counting()
    np.testing.assert_array_equal(prepare(counting).images, PIXELS[..., None])
    assert counting.opened == 1


@pytest.mark.parametrize("ending", [KeyboardInterrupt, MemoryError, InputError])
def test_nothing_half_written_stays(cache, ending):
    def load(row):
        if row == 30:
            raise ending("stopped")
        return Image.fromarray(PIXELS[row])

    with pytest.raises(ending, match="stopped"):
        prepare(Counting(load=load))
    assert entries(cache) == []


def test_remains_of_killed_processes_are_removed_after_a_day(cache):
    for name, age in (("old", 25), ("young", 23), ("busy", 25)):
        folder = cache / f".unfinished-{name}"
        folder.mkdir(parents=True)
        (folder / "images.npy").write_bytes(b"x")
        then = time.time() - age * 3600
        if name != "busy":
            os.utime(folder / "images.npy", (then, then))
        os.utime(folder, (then, then))
    prepare(Counting())
    remains = [path.name for path in entries(cache) if path.name.startswith(".")]
    assert remains == [".unfinished-busy", ".unfinished-young"]


def test_processes_at_the_same_time(cache):
    barrier = threading.Barrier(4)

    def load(row):
        if row == 0:
            barrier.wait(60)  # until all of them write
        return Image.fromarray(PIXELS[row])

    found, sources = [], [Counting(load=load) for _ in range(4)]
    threads = [threading.Thread(target=lambda source=source: found.append(prepare(source))) for source in sources]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [source.opened for source in sources] == [1] * 4
    assert len(found) == 4 and len(entries(cache)) == 1
    for entry in found:
        np.testing.assert_array_equal(entry.images, PIXELS[..., None])


def test_images_that_cannot_be_used_are_left_out():
    def load(row):
        if row % 2:
            raise BadImage(f"is odd ({row})")
        return Image.fromarray(PIXELS[row])

    for _ in range(2):
        entry = prepare(Counting(load=load))
        np.testing.assert_array_equal(entry.images, PIXELS[::2, ..., None])
        np.testing.assert_array_equal(entry.labels, np.arange(0, 40, 2) % 3)
        assert entry.left_out == {f"image {row}": f"is odd ({row})" for row in range(1, 40, 2)}


def test_no_images_at_all(cache):
    with pytest.raises(InputError) as raised:
        prepare(Counting(count=0))
    assert str(raised.value) == "numbers has no image that can be read"
    assert entries(cache) == []


def test_the_order_is_kept_over_many_threads(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 8)

    def load(row):
        time.sleep(0.0002 * (row % 7))
        return Image.fromarray(np.full((4, 4), row % 251, np.uint8))

    entry = prepare(Counting(count=1000, load=load))
    np.testing.assert_array_equal(entry.images[:, 0, 0, 0], np.arange(1000) % 251)


def test_folders_that_cannot_be_a_cache(tmp_path):
    file = tmp_path / "file"
    file.write_text("x")
    for folder, reason in ((file, "File exists"), (file / "below", "Not a directory")):
        with pytest.raises(InputError) as raised:
            prepared("x", Counting().source, Preparation(), cache_dir=str(folder))
        assert str(raised.value) == (
            f"cache_dir is {str(folder)!r}; it must be a folder that may be written to ({reason}). The environment "
            "variable TFGAN2_CACHE names it, too."
        )


def test_full_disk(cache, full_disk):
    with full_disk(20_000), pytest.raises(StorageError) as raised:  # A file of 40 * 32 * 32 bytes is larger.
        prepare(Counting(), image_size=32)
    assert str(raised.value) == (
        f"{cache}: what is prepared could not be written (File too large); make room, or name a folder on another disk "
        "by --data.cache_dir"
    )
    assert entries(cache) == []


def test_entries_that_cannot_be_put_in_their_place(cache, monkeypatch):
    def rename(path, target):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(StorageError, match=r"could not be written \(Input/output error\)"):
        prepare(Counting())
    assert entries(cache) == []
