"""Arrays in the cache: computed once, whole or absent."""

import re

import numpy as np
import pytest

from tfgan2.data.computed import computed, hash_of
from tfgan2.errors import InputError, StorageError


class Counting:
    def __init__(self):
        self.calls = 0

    def __call__(self):
        self.calls += 1
        return {"a": np.arange(6.0).reshape(2, 3), "b": np.float64(0.5)}


def files(cache):
    return sorted(path.name for path in cache.iterdir())


def test_computed_once(cache):
    compute = Counting()
    for _ in range(2):
        arrays = computed("idx:/a/b", {"x": 1, "y": [2, "z"]}, compute)
        assert sorted(arrays) == ["a", "b"] and arrays["b"] == 0.5
        np.testing.assert_array_equal(arrays["a"], [[0, 1, 2], [3, 4, 5]])
    assert compute.calls == 1
    (name,) = files(cache)
    assert name.startswith("idx-a-b-") and name.endswith(".npz")


def test_another_recipe_is_computed_anew(cache):
    compute = Counting()
    for recipe in ({"x": 1}, {"x": 2}, {"y": 1}):
        computed("a", recipe, compute)
    assert compute.calls == 3 and len(files(cache)) == 3
    computed("a", {"y": 1}, compute, cache_dir=str(cache / "other"))
    assert compute.calls == 4


@pytest.mark.parametrize("damage", [b"", b"no archive", None, "compression"])
def test_a_damaged_file_is_computed_anew(damage, cache):
    compute = Counting()
    computed("a", {}, compute)
    path = cache / files(cache)[0]
    if damage == "compression":  # Its kind is unknown, in the header of each array and in the directory.
        content = path.read_bytes()
        method_of_each = rb"(PK\x03\x04.{4}|PK\x01\x02.{6}).."
        damage = re.sub(method_of_each, lambda found: found[1] + b"c\0", content, flags=re.DOTALL)
    path.write_bytes(path.read_bytes()[:-40] if damage is None else damage)
    for _ in range(2):
        assert computed("a", {}, compute)["b"] == 0.5
    assert compute.calls == 2 and files(cache) == [path.name]


def test_pickled_objects_are_not_read(cache):
    compute = Counting()
    computed("a", {}, compute)
    np.savez(cache / files(cache)[0], a=np.array([None]))
    assert computed("a", {}, compute)["a"].shape == (2, 3)


def test_what_cannot_be_written(cache, full_disk, tmp_path):
    with full_disk(100), pytest.raises(StorageError, match="what is prepared could not be written"):
        computed("a", {}, Counting())
    assert files(cache) == []
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="it must be a folder that may be written to"):
        computed("a", {}, Counting(), cache_dir=str(tmp_path / "file"))


def test_hash_depends_on_everything():
    array = np.arange(6, dtype=np.uint8)
    others = [array.reshape(2, 3), array.astype(np.int8), array[::-1], array[:5]]
    hashes = {hash_of(array), *map(hash_of, others), hash_of(array, array), hash_of(array[:3], array[3:])}
    assert len(hashes) == 7
    assert hash_of(array.reshape(2, 3).T) == hash_of(np.ascontiguousarray(array.reshape(2, 3).T))
    # SHA-256 of "|u1(2,)" and the bytes 7, 8.
    assert hash_of(np.array([7, 8], np.uint8)) == ("a92423a629f0d0f938e8cc983acc5c4e1d812d29a03adbca6ae0a0f8f393830f")
