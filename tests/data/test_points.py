"""Files of points: what they may hold, and how others are refused."""

import math
import zipfile

import numpy as np
import pytest

from tfgan2.data.points import load_points
from tfgan2.data.sources import load
from tfgan2.data.synthetic import grid25
from tfgan2.errors import InputError


def save(folder, **arrays):
    np.savez(folder / "file.npz", **arrays)
    return folder / "file.npz"


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.int64, np.uint8, ">f8"])
def test_load_points(tmp_path, dtype):
    path = save(tmp_path, anything=np.array([[1, 2, 3], [4, 5, 6]], dtype))
    data = load_points(path)
    assert data.name == f"npz:{path}" and data.samples.dtype == np.float32
    assert data.samples.tolist() == [[1, 2, 3], [4, 5, 6]]
    assert data.centers is None and data.std is None


def test_load_points_with_modes(tmp_path):
    points, centers = np.ones((4, 2)), np.array([[0.0, 1.0]])
    data = load_points(str(save(tmp_path, points=points, centers=centers, std=0.5, other=np.zeros(3))))
    assert data.samples.shape == (4, 2) and data.centers.tolist() == [[0, 1]] and data.std == 0.5
    data = load_points(save(tmp_path, x=points, centers=centers))
    assert data.centers.tolist() == [[0, 1]] and data.std is None


def test_load_points_of_the_home_folder(tmp_path, monkeypatch):
    save(tmp_path, points=GOOD)
    monkeypatch.setenv("HOME", str(tmp_path))
    data = load("npz:~/file.npz")
    assert (data.name, data.samples.tolist()) == ("npz:~/file.npz", GOOD.tolist())


def test_load_points_written_from_a_source(tmp_path):
    grid = grid25(points_per_mode=2)
    loaded = load_points(save(tmp_path, points=grid.samples, centers=grid.centers, std=grid.std))
    np.testing.assert_array_equal(loaded.samples, grid.samples)
    np.testing.assert_array_equal(loaded.centers, grid.centers)
    assert loaded.std == grid.std


GOOD = np.ones((4, 2))
NAN_ROWS = np.array([[0, 1], [math.nan, 1], [2, math.inf], [math.nan, math.nan]])


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"a": GOOD, "b": GOOD}, "which array holds the points? It has ['a', 'b']; call the one to train on 'points'"),
        ({"centers": GOOD}, "which array holds the points? It has ['centers']; call the one to train on 'points'"),
        ({}, "which array holds the points? It has []; call the one to train on 'points'"),
        ({"a": np.ones(4)}, "points have shape (4,); expected [count, dimensions], neither of them 0"),
        ({"a": np.ones((4, 2, 1))}, "points have shape (4, 2, 1); expected [count, dimensions], neither of them 0"),
        ({"a": np.ones((0, 2))}, "points have shape (0, 2); expected [count, dimensions], neither of them 0"),
        ({"a": np.ones((4, 0))}, "points have shape (4, 0); expected [count, dimensions], neither of them 0"),
        ({"a": NAN_ROWS}, "3 of 4 rows of points are not finite as float32; remove or correct these rows"),
        ({"a": [[1e300], [1.0]]}, "1 of 2 rows of points are not finite as float32; remove or correct these rows"),
        ({"a": GOOD * 1j}, "points hold complex128; save real numbers, such as float32"),
        ({"a": [["x"]]}, "points hold <U1; save real numbers, such as float32"),
        (
            {"a": GOOD, "centers": NAN_ROWS},
            "3 of 4 rows of centers are not finite as float64; remove or correct these rows",
        ),
        ({"a": GOOD, "centers": np.ones((4, 3))}, "centers have 3 dimensions and the points 2; give both the same"),
        ({"a": GOOD, "centers": GOOD, "std": 0.0}, "std is 0.0; give one finite number above 0"),
        ({"a": GOOD, "centers": GOOD, "std": [0.1]}, "std is [0.1]; give one finite number above 0"),
        ({"a": GOOD, "centers": GOOD, "std": "x"}, "std is 'x'; give one finite number above 0"),
        ({"a": GOOD, "std": 0.1}, "std came without centers; add the means of the modes as 'centers'"),
        ({"a": GOOD, "labels": [0, 1, 2]}, "labels are int64 [3]; save integers [4], one for each sample"),
        ({"a": GOOD, "labels": [0, 1, 2, -1]}, "labels are in [-1, 2]; save integers in [0, 65535]"),
    ],
)
def test_load_points_bad_content(tmp_path, arrays, message):
    path = save(tmp_path, **arrays)
    with pytest.raises(InputError) as raised:
        load_points(path)
    assert str(raised.value) == f"npz:{path}: {message}"


def truncated(path, keep):
    path.write_bytes(path.read_bytes()[:keep])


def test_load_points_bad_files(tmp_path):
    cannot = "npz:{}: cannot be read ({}); give the path of a readable .npz file"
    damaged = "npz:{}: not a whole .npz archive of plain arrays ({}); write it with numpy.savez(FILE, points=...), "

    def error_of(path):
        with pytest.raises(InputError) as raised:
            load_points(path)
        return str(raised.value)

    missing = tmp_path / "missing.npz"
    assert error_of(missing) == cannot.format(missing, "No such file or directory")
    assert error_of(tmp_path) == cannot.format(tmp_path, "Is a directory")

    text = tmp_path / "text.npz"
    text.write_text("0.5 0.5\n")
    assert error_of(text).startswith(damaged.format(text, "File is not a zip file"))
    text.write_bytes(b"")
    assert error_of(text).startswith(damaged.format(text, "File is not a zip file"))
    single = tmp_path / "single.npy"
    np.save(single, GOOD)
    assert error_of(single).startswith(damaged.format(single, "File is not a zip file"))

    path = save(tmp_path, points=np.ones((1000, 2)))
    truncated(path, 9000)
    assert error_of(path).startswith(damaged.format(path, "File is not a zip file"))
    assert error_of(path).endswith("copy it again if it was cut short; pickled objects are refused")

    path = save(tmp_path, points=np.ones((1000, 2)))
    content = bytearray(path.read_bytes())
    content[8000] ^= 1
    path.write_bytes(content)
    assert "Bad CRC-32" in error_of(path)

    path = save(tmp_path, points=np.array([{"a": 1}], dtype=object))
    assert "(Object arrays cannot be loaded when allow_pickle=False)" in error_of(path)

    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("notes.txt", "no array")
    assert error_of(path) == f"npz:{path}: points hold |S8; save real numbers, such as float32"


def test_object_arrays_that_are_not_needed_do_not_matter(tmp_path):
    path = save(tmp_path, points=GOOD, notes=np.array([None], dtype=object))
    assert load_points(path).samples.shape == (4, 2)
