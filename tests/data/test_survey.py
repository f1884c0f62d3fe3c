"""The survey of images, and the look at their size before they are decoded."""

import numpy as np
import pytest
from PIL import Image

from tfgan2.data import folder as folder_module
from tfgan2.data.first_look import typical_side
from tfgan2.data.images import load_images
from tfgan2.data.stacked import load_stacked
from tfgan2.data.survey import Survey, survey_of
from tfgan2.errors import InputError

RANDOM = np.random.default_rng(0)


def random_image(height, width, channels=3):
    shape = (height, width) if channels == 1 else (height, width, channels)
    return Image.fromarray(RANDOM.integers(0, 256, shape, np.uint8))


@pytest.fixture
def folder(tmp_path):
    """Ten pictures, some of them unusual, and a text file."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(4):
        random_image(20, 20).save(folder / f"{number}.png")
    random_image(30, 90).save(folder / "4.png")
    random_image(40, 43).save(folder / "5.png")
    random_image(50, 50, 1).save(folder / "6.png")
    random_image(60, 60, 4).save(folder / "7.png")
    Image.new("RGB", (70, 70), "#ff0000").save(folder / "8.png")
    (folder / "9.png").write_bytes((folder / "0.png").read_bytes())
    (folder / "notes.txt").write_text("no picture")
    return folder


def test_survey_of_a_folder(folder):
    # The shorter sides are 20 five times, 30, 40, 50, 60 and 70.
    expected = Survey(
        count=10, left_out=1, sides=(20, 20, 20, 60, 70), oblong=1, grey=1, transparent=1, blank=1, duplicates=1
    )
    for _ in range(2):  # When the images are decoded, and from the cache.
        survey = load_images(f"folder:{folder}", image_size=16, skip_corrupt=True).survey
        assert survey == expected


def test_grey_is_what_the_networks_see(folder):
    assert load_images(f"folder:{folder}", image_size=16, skip_corrupt=True, channels=1).survey.grey == 10


def test_survey_of_images_in_memory():
    images = np.stack([np.asarray(random_image(8, 12)) for _ in range(3)])
    images[2] = images[0]
    assert survey_of(images) == Survey(3, 0, (8,) * 5, oblong=3, grey=0, transparent=0, blank=0, duplicates=1)
    assert survey_of(images[:0]).sides == (0,) * 5


def test_stacked_images_have_one():
    assert load_stacked("stacked:digits", count=50).survey.count == 50


def test_typical_side_without_decoding(folder, monkeypatch):
    def refuse(*_):
        raise AssertionError("decoded")

    monkeypatch.setattr(folder_module, "upright", refuse)
    with pytest.raises(AssertionError, match="decoded"):
        load_images(f"folder:{folder}", image_size=8)
    assert typical_side(f"folder:{folder}", image_size=8) == 30
    assert typical_side(f"folder:{folder}", crop_box=(0, 0, 12, 14)) == 12


def test_typical_side_of_other_sources(tmp_path):
    assert typical_side("digits") == typical_side("stacked:digits") == 8
    np.savez(tmp_path / "images.npz", images=np.zeros((5, 9, 7), np.uint8))
    assert typical_side(f"npz:{tmp_path / 'images.npz'}") == 7


def test_a_folder_without_images(tmp_path):
    (tmp_path / "notes.txt").write_text("none")
    with pytest.raises(InputError, match=r"has no image that can be read; name a folder with images$"):
        typical_side(f"folder:{tmp_path}")
