"""Folders of single images: their own pixels, all of them or none, and nothing of others touched."""

import numpy as np
import pytest
from PIL import Image

from tfgan2.errors import InputError, StorageError
from tfgan2.evaluation.image_folders import check_folder, write_images


@pytest.mark.parametrize(("channels", "mode"), [(1, "L"), (3, "RGB"), (4, "RGBA")])
@pytest.mark.parametrize(("count", "last"), [(1, "0.png"), (10, "9.png"), (11, "10.png")])
def test_every_image_has_its_file(count, last, channels, mode, tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (count, 5, 7, channels)).astype(np.uint8)
    write_images(tmp_path / "new" / "folder", images)
    paths = sorted((tmp_path / "new" / "folder").iterdir())
    assert len(paths) == count and paths[-1].name == last
    for path, image in zip(paths, images, strict=True):
        with Image.open(path) as found:
            assert (found.format, found.mode) == ("PNG", mode)
            np.testing.assert_array_equal(np.asarray(found).reshape(image.shape), image)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["folder"]


def test_folders_that_are_taken(tmp_path):
    images = np.zeros((2, 4, 4, 1), np.uint8)
    (tmp_path / "empty").mkdir()
    write_images(tmp_path / "empty", images)
    (tmp_path / "file").write_text("mine")
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "0.png").write_text("mine")
    for name, message in (("empty", "holds files"), ("thesis", "holds files"), ("file", "is a file")):
        for function in (lambda path: write_images(path, images), check_folder):
            with pytest.raises(InputError, match=f"^--output={tmp_path / name} {message}"):
                function(tmp_path / name)
    assert (tmp_path / "thesis" / "0.png").read_text() == "mine"


def test_all_or_nothing(tmp_path, full_disk):
    images = np.random.default_rng(0).integers(0, 256, (3, 64, 64, 3)).astype(np.uint8)
    images[0] = 0  # a small file, which can be written
    with full_disk(1000), pytest.raises(StorageError, match="images could not be written"):
        write_images(tmp_path / "images", images)
    assert list(tmp_path.iterdir()) == []
