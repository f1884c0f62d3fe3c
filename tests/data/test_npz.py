"""Archives of images: what they may hold, what makes them archives of points, and what is refused."""

import numpy as np
import pytest

from tfgan2.data.images import ImageSet, load_images
from tfgan2.data.npz import holds_images
from tfgan2.data.points import PointSet
from tfgan2.data.sources import load
from tfgan2.errors import InputError

IMAGES = np.random.default_rng(0).integers(0, 256, (10, 6, 5, 3), np.uint8)


def save(folder, **arrays):
    np.savez(folder / "file.npz", **arrays)
    return f"npz:{folder / 'file.npz'}"


def test_images(tmp_path):
    found = load_images(save(tmp_path, images=IMAGES, other=np.zeros(3)))
    assert isinstance(found, ImageSet)
    np.testing.assert_array_equal(found.samples, IMAGES)
    assert found.labels is None and found.class_names == ()


@pytest.mark.parametrize("images", [IMAGES[..., 0], IMAGES[..., :1]])
def test_grey_images(tmp_path, images):
    np.testing.assert_array_equal(load_images(save(tmp_path, anything=images)).samples, IMAGES[..., :1])


def test_images_with_opacity(tmp_path):
    images = np.concatenate([IMAGES, np.full((10, 6, 5, 1), 255, np.uint8)], axis=-1)
    images[:, 0, :, 3] = 0
    name = save(tmp_path, images=images)
    np.testing.assert_array_equal(load_images(name, alpha=True).samples[:, 1:], images[:, 1:])
    assert (load_images(name, alpha=True).samples[:, 0] == (255, 255, 255, 0)).all()
    found = load_images(name, background="navy").samples
    np.testing.assert_array_equal(found[:, 1:], IMAGES[:, 1:])
    assert (found[:, 0] == (0, 0, 128)).all()


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_real_numbers(tmp_path, dtype):
    found = load_images(save(tmp_path, images=(IMAGES / 255).astype(dtype)))
    np.testing.assert_array_equal(found.samples, IMAGES)


def test_labels_and_class_names(tmp_path):
    labels = np.arange(10) % 3
    found = load_images(save(tmp_path, images=IMAGES, labels=labels.astype(np.uint8), class_names=["a", "b", "ü"]))
    np.testing.assert_array_equal(found.labels, labels)
    assert found.labels.dtype == np.int32 and found.class_names == ("a", "b", "ü")
    assert load_images(save(tmp_path, images=IMAGES, labels=labels)).class_names == ("0", "1", "2")


def test_preparation(tmp_path):
    found = load_images(save(tmp_path, images=IMAGES), image_size=4, channels=1)
    assert found.samples.shape == (10, 4, 4, 1)


def test_rank_decides_between_points_and_images(tmp_path):
    points = np.ones((4, 2))
    for arrays in ({"points": points}, {"x": points}, {"x": points, "centers": points, "std": 0.1}):
        name = save(tmp_path, **arrays)
        assert not holds_images(name, name[4:])
        assert isinstance(load(name), PointSet)
    for arrays in ({"images": IMAGES}, {"x": IMAGES}, {"x": IMAGES, "labels": np.zeros(10, int)}):
        name = save(tmp_path, **arrays)
        assert holds_images(name, name[4:])
        assert isinstance(load(name, image_size=8), ImageSet)
    name = save(tmp_path, images=IMAGES, points=points)
    assert isinstance(load(name), ImageSet)


def test_points_take_no_arguments_of_images(tmp_path):
    name = save(tmp_path, points=np.ones((4, 2)))
    assert load(name, image_size=None, flip=False).samples.shape == (4, 2)
    with pytest.raises(InputError) as raised:
        load(name, image_size=8)
    assert str(raised.value) == (f"image_size is 8; it must be left out for {name}, which holds points, not images.")


def test_what_is_neither_is_refused_as_points(tmp_path):
    with pytest.raises(InputError, match=r"which array holds the points\? It has \['a', 'b'\]"):
        load(save(tmp_path, a=IMAGES, b=IMAGES))
    with pytest.raises(InputError, match=r"points have shape \(4,\); expected \[count, dimensions\]"):
        load(save(tmp_path, a=np.ones(4)))
    with pytest.raises(InputError, match=r"Object arrays cannot be loaded"):
        load(save(tmp_path, a=np.array([None])))


NAN = np.where(np.arange(10)[:, None, None] == 3, np.nan, 0.5) * np.ones((10, 6, 5))


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        (
            {"images": IMAGES[0, 0]},
            "images have the shape (5, 3); save [count, height, width, channels], none of them 0",
        ),
        (
            {"images": IMAGES[:0]},
            "images have the shape (0, 6, 5, 3); save [count, height, width, channels], none of them 0",
        ),
        (
            {"images": IMAGES[..., :2]},
            "images have 2 channels; save grey ones with 1, RGB ones with 3 or RGBA ones with 4",
        ),
        ({"images": IMAGES.astype(int)}, "images hold int64; save uint8, or real numbers in [0, 1]"),
        ({"images": IMAGES * 1j}, "images hold complex128; save uint8, or real numbers in [0, 1]"),
        ({"images": IMAGES > 9}, "images hold bool; save uint8, or real numbers in [0, 1]"),
        ({"images": IMAGES / 127.5 - 1}, "images are in [-1, 1]; save uint8, or real numbers in [0, 1]"),
        ({"images": IMAGES / 1.0}, "images are in [0, 255]; save uint8, or real numbers in [0, 1]"),
        ({"images": NAN}, "images are in [nan, nan]; save uint8, or real numbers in [0, 1]"),
        (
            {"images": IMAGES, "labels": np.arange(10), "class_names": ["a", "b"]},
            "labels are in [0, 9]; save integers in [0, 1], as there are class_names",
        ),
        ({"images": IMAGES, "class_names": [[1.0]]}, "class_names are float64 [1, 1]; save texts [K]"),
    ],
)
def test_bad_content(tmp_path, arrays, message):
    name = save(tmp_path, **arrays)
    with pytest.raises(InputError) as raised:
        load(name)
    assert str(raised.value) == f"{name}: {message}"


def error_of(name):
    with pytest.raises(InputError) as raised:
        load(name)
    return str(raised.value)


def test_bad_files(tmp_path):
    cannot = "npz:{}: cannot be read ({}); give the path of a readable .npz file"
    missing = tmp_path / "missing.npz"
    assert error_of(f"npz:{missing}") == cannot.format(missing, "No such file or directory")
    assert error_of(f"npz:{tmp_path}") == cannot.format(tmp_path, "Is a directory")
    with pytest.raises(InputError) as raised:
        load_images(f"npz:{missing}")
    assert str(raised.value) == cannot.format(missing, "No such file or directory")


def test_damaged_and_pickled_files(tmp_path):
    name = save(tmp_path, images=IMAGES)
    path = tmp_path / "file.npz"
    whole = path.read_bytes()
    damaged = f"{name}: not a whole .npz archive of plain arrays ("
    path.write_bytes(whole[:400])
    assert error_of(name).startswith(f"{damaged}File is not a zip file); write it with numpy.savez(FILE, images=...), ")
    content = bytearray(whole)
    content[500] ^= 1
    path.write_bytes(content)
    assert error_of(name).startswith(f"{damaged}Bad CRC-32")
    save(tmp_path, images=np.array([None] * 3))
    assert error_of(name) == (
        f"{damaged}Object arrays cannot be loaded when allow_pickle=False); write it with numpy.savez(FILE, "
        "images=...), copy it again if it was cut short; pickled objects are refused"
    )
    save(tmp_path, images=IMAGES, labels=np.array([None] * 10))
    assert error_of(name).startswith(f"{damaged}Object arrays cannot be loaded")


TRAIN, TEST = IMAGES[:6], 255 - IMAGES[:4]
Y = np.arange(6) % 3
LAYOUTS = {
    "keras": {"x_train": TRAIN, "y_train": Y.astype(np.uint8), "x_test": TEST, "y_test": Y[:4]},
    "medmnist": {
        "train_images": TRAIN[..., 0],
        "train_labels": Y[:, None].astype(np.uint8),
        "val_images": TRAIN[:2, ..., 0],
        "val_labels": Y[:2, None],
        "test_images": TEST[..., 0],
        "test_labels": Y[:4, None],
    },
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_known_files_with_splits(tmp_path, layout):
    name = save(tmp_path, **LAYOUTS[layout])
    channels = 1 if layout == "medmnist" else 3
    for arguments in ({}, {"split": "train"}):
        found = load(name, **arguments)
        assert isinstance(found, ImageSet)
        np.testing.assert_array_equal(found.samples, TRAIN[..., :channels])
        assert found.labels.tolist() == Y.tolist() and found.class_names == ("0", "1", "2")
    found = load(name, split="test")
    np.testing.assert_array_equal(found.samples, TEST[..., :channels])
    assert found.labels.tolist() == [0, 1, 2, 0]
    others = {"keras": "test, train", "medmnist": "test, train, val"}[layout]
    with pytest.raises(InputError, match=rf"^split is 'dev'; it must be one of {others} for {name}\.$"):
        load(name, split="dev")


def test_splits_of_other_files(tmp_path):
    name = save(tmp_path, images=IMAGES, x_train=TRAIN)
    assert len(load(name).samples) == 10
    with pytest.raises(InputError, match=rf"^split is 'test'; it must be left out for {name}, which has no splits\.$"):
        load(name, split="test")
    with pytest.raises(
        InputError, match=r"split is 'test'; it must be left out for .*, which holds points, not images"
    ):
        load(save(tmp_path, points=np.ones((4, 2))), split="test")
    # Vectors, with splits or not, are no images.
    assert not holds_images("x", save(tmp_path, x_train=np.ones((4, 2)), x_test=np.ones((4, 2)))[4:])


def test_several_labels_of_an_image(tmp_path, capsys):
    name = save(tmp_path, train_images=TRAIN, train_labels=np.zeros((6, 14), np.uint8))
    assert load(name).labels is None
    assert capsys.readouterr().err == f"{name} is read without classes: train_labels has 14 labels for each image\n"


@pytest.mark.parametrize("labels", [Y.astype(np.uint64), Y.astype(np.float32), Y[:, None], np.full(6, 2**16 - 1)])
@pytest.mark.parametrize("samples", ["images", "points"])
def test_labels_of_any_type(tmp_path, samples, labels):
    arrays = {"images": TRAIN} if samples == "images" else {"points": np.ones((6, 2))}
    found = load(save(tmp_path, **arrays, labels=labels)).labels
    assert found.dtype == np.int32 and found.tolist() == labels.ravel().tolist()


@pytest.mark.parametrize("samples", ["images", "points"])
@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (np.arange(5), "labels are int64 [5]; save integers [6], one for each sample"),
        (np.zeros((6, 2), int), "labels are int64 [6, 2]; save integers [6], one for each sample"),
        (Y + 0.5, "labels are float64 [6]; save integers [6], one for each sample"),
        (Y * np.nan, "labels are float64 [6]; save integers [6], one for each sample"),
        (Y + np.inf, "labels are float64 [6]; save integers [6], one for each sample"),
        (Y > 1, "labels are bool [6]; save integers [6], one for each sample"),
        (Y - 1, "labels are in [-1, 1]; save integers in [0, 65535]"),
        (Y + 2**16 - 1, "labels are in [65535, 65537]; save integers in [0, 65535]"),
        (Y + 2**31, f"labels are in [{2**31}, {2**31 + 2}]; save integers in [0, 65535]"),
        (np.full(6, 2**63, np.uint64), f"labels are in [{2**63}, {2**63}]; save integers in [0, 65535]"),
        (np.full(6, -(2**63)), f"labels are in [{-(2**63)}, {-(2**63)}]; save integers in [0, 65535]"),
        (np.full(6, 1e300), "labels are in [1e+300, 1e+300]; save integers in [0, 65535]"),
    ],
)
def test_labels_out_of_range(tmp_path, samples, labels, message):
    arrays = {"images": TRAIN} if samples == "images" else {"points": np.ones((6, 2))}
    name = save(tmp_path, **arrays, labels=labels)
    with pytest.raises(InputError) as raised:
        load(name)
    assert str(raised.value) == f"{name}: {message}"
