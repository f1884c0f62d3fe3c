"""IDX files: what they hold, and how damaged ones are refused."""

import gzip
import struct

import numpy as np
import pytest

from tfgan2.data.images import load_images
from tfgan2.errors import InputError

IMAGES = np.random.default_rng(0).integers(0, 256, (50, 6, 5), np.uint8)
LABELS = (np.arange(50) % 7).astype(np.uint8)


def idx(array, magic=None):
    magic = bytes([0, 0, 8, array.ndim]) if magic is None else magic
    return magic + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def write(folder, name, content, compress=True):
    path = folder / (f"{name}.gz" if compress else name)
    path.write_bytes(gzip.compress(content) if compress else content)
    return path


@pytest.fixture(params=[True, False], ids=["gzip", "plain"])
def compress(request):
    return request.param


@pytest.fixture
def folder(tmp_path, compress):
    path = tmp_path / "idx"
    path.mkdir()
    write(path, "train-images-idx3-ubyte", idx(IMAGES), compress)
    write(path, "train-labels-idx1-ubyte", idx(LABELS), compress)
    write(path, "t10k-images-idx3-ubyte", idx(255 - IMAGES[:9]), compress)
    return path


def load(folder, **arguments):
    return load_images(f"idx:{folder}", **arguments)


def refusal(folder, **arguments):
    with pytest.raises(InputError) as raised:
        load(folder, **arguments)
    return str(raised.value)


def test_images_and_labels(folder):
    found = load(folder)
    np.testing.assert_array_equal(found.samples, IMAGES[..., None])
    np.testing.assert_array_equal(found.labels, LABELS)
    assert found.labels.dtype == np.int32 and found.class_names == tuple("0123456")
    np.testing.assert_array_equal(load(folder, split="train").samples, found.samples)


def test_the_other_split_and_no_labels(folder):
    found = load(folder, split="test")
    np.testing.assert_array_equal(found.samples, 255 - IMAGES[:9, :, :, None])
    assert found.labels is None and found.class_names == ()


def test_resized_and_coloured(folder):
    found = load(folder, image_size=12, channels=3)
    assert found.samples.shape == (50, 12, 12, 3)
    np.testing.assert_array_equal(found.samples[..., 0], found.samples[..., 2])


def test_many_more_images_than_are_read_at_once(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (9, 1024, 1024), np.uint8)  # 4 images of 1 MiB each at once
    write(tmp_path, "train-images-idx3-ubyte", idx(images), compress=False)
    write(tmp_path, "train-labels-idx1-ubyte", idx(LABELS[:9]), compress=False)
    found = load(tmp_path)
    np.testing.assert_array_equal(found.samples[..., 0], images)
    np.testing.assert_array_equal(found.labels, LABELS[:9])


def test_what_is_missing(tmp_path):
    assert refusal(tmp_path / "none") == (
        f"idx:{tmp_path}/none: there is no folder {tmp_path}/none; name the one with the IDX files"
    )
    assert refusal(tmp_path) == (
        f"idx:{tmp_path}: {tmp_path} has no train-images-idx3-ubyte or -ubyte.gz; name the right one"
    )
    assert refusal(tmp_path, split="valid") == f"split is 'valid'; it must be one of train, test for idx:{tmp_path}."


SHORT = "holds {} of the 1500 bytes that its header announces; copy it again"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "begins with 0x, not 0x00000803, so it is not such an IDX file of bytes"),
        (b"\x00\x00\x08", "begins with 0x000008, not 0x00000803, so it is not such an IDX file of bytes"),
        (b"GIF89a" * 9, "begins with 0x47494638, not 0x00000803, so it is not such an IDX file of bytes"),
        (idx(LABELS), "begins with 0x00000801, not 0x00000803, so it is not such an IDX file of bytes"),
        (idx(IMAGES, b"\0\0\x0d\3"), "begins with 0x00000d03, not 0x00000803, so it is not such an IDX file of bytes"),
        (idx(IMAGES)[:15], "is cut short within its header; copy it again"),
        (idx(IMAGES)[:16], SHORT.format(0)),
        (idx(IMAGES)[:-1], SHORT.format(1499)),
        (idx(IMAGES) + b"x", "continues after the 1500 bytes that its header announces; copy it again"),
        (
            idx(IMAGES[:0]),
            "claims the shape (0, 6, 5); no size may be 0, and an image has at most 1048576 pixels",
        ),
        (
            b"\0\0\x08\3" + b"\xff" * 12 + b"x" * 99,
            "claims the shape (4294967295, 4294967295, 4294967295); no size may be 0, and an image has at most "
            "1048576 pixels",
        ),
        (
            b"\0\0\x08\3" + struct.pack(">3I", 2**32 - 1, 4, 4) + b"x" * 99,
            "holds 99 of the 68719476720 bytes that its header announces; copy it again",
        ),
    ],
)
def test_damaged_images(folder, compress, cache, content, message):
    (folder / "train-labels-idx1-ubyte").unlink(missing_ok=True)
    (folder / "train-labels-idx1-ubyte.gz").unlink(missing_ok=True)
    path = write(folder, "train-images-idx3-ubyte", content, compress)
    assert refusal(folder) == f"{path} {message}"
    assert list(cache.iterdir()) == []


def test_damaged_compression(tmp_path):
    path = write(tmp_path, "train-images-idx3-ubyte", idx(IMAGES))
    whole = path.read_bytes()
    path.write_bytes(whole[:500])
    assert refusal(tmp_path).startswith(f"{path} is cut short or damaged (Compressed file ended before")
    path.write_bytes(whole[:-8] + bytes(8))
    assert refusal(tmp_path).startswith(f"{path} is cut short or damaged (CRC check failed")
    path.write_bytes(whole[:10] + b"\xff" * 20 + whole[30:])
    assert refusal(tmp_path).startswith(f"{path} is cut short or damaged (Error -3 while decompressing data")
    path.unlink()
    path.mkdir()
    assert "has no train-images-idx3-ubyte" in refusal(tmp_path)


def test_labels_that_do_not_fit(folder, compress):
    path = write(folder, "train-labels-idx1-ubyte", idx(LABELS[:49]), compress)
    images = path.with_name(path.name.replace("labels-idx1", "images-idx3"))
    assert refusal(folder) == f"{images} has 50 images, but {path} 49 labels"
    write(folder, "train-labels-idx1-ubyte", idx(LABELS)[:-2], compress)
    assert refusal(folder) == f"{path} holds 48 of the 50 bytes that its header announces; copy it again"
    write(folder, "train-labels-idx1-ubyte", idx(LABELS) + b"x", compress)
    assert refusal(folder) == f"{path} continues after the 50 bytes that its header announces; copy it again"
