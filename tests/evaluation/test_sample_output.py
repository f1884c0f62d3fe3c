"""Samples as files: arrays, pictures and folders of images."""

import io
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from tfgan2.data.kinds import IMAGES, POINTS
from tfgan2.errors import InputError
from tfgan2.evaluation.image_grids import square_grid
from tfgan2.evaluation.sample_output import is_folder, write_samples

LEVELS = np.random.default_rng(0).integers(0, 256, (4, 8, 8, 1), np.uint8)
POINTS_MADE = np.random.default_rng(1).normal(size=(30, 2)).astype(np.float32)


class Run:
    """A run without its data. They were deleted."""

    def __init__(self, kind, shape):
        self.facts = SimpleNamespace(kind=kind, shape=shape)

    @property
    def data(self):
        raise InputError("the data are gone.")


@pytest.fixture
def write(tmp_path):
    """(name, kind, samples, options) -> the path of what was written."""

    def write(name, kind, samples, **options):
        output, shape = tmp_path / name, samples.shape[1:]
        write_samples(output, Run(kind, shape), samples, title="mine", picture=square_grid, **options)
        return output

    return write


def test_folders(tmp_path):
    (tmp_path / "images.old").mkdir()
    assert is_folder(tmp_path / "images.old") and is_folder("new") and not is_folder("new.npz")


def test_images(write):
    images = LEVELS / np.float32(255)
    np.testing.assert_array_equal(np.load(write("a.npz", IMAGES, images))["samples"], LEVELS)
    with Image.open(io.BytesIO(write("a.png", IMAGES, images).read_bytes())) as picture:
        np.testing.assert_array_equal(np.asarray(picture), square_grid(LEVELS))
    assert len(list(write("folder", IMAGES, images).glob("*.png"))) == 4


def test_points(write, capsys):
    np.testing.assert_array_equal(np.load(write("a.npz", POINTS, POINTS_MADE))["samples"], POINTS_MADE)
    assert write("a.png", POINTS, POINTS_MADE, real=POINTS_MADE).read_bytes().startswith(b"\x89PNG")
    assert capsys.readouterr().err == ""
    assert write("b.png", POINTS, POINTS_MADE).read_bytes().startswith(b"\x89PNG")
    assert capsys.readouterr().err == "tfgan2: the picture is without real points: the data are gone.\n"


def test_points_make_no_folder(write, tmp_path):
    message = f"--output={tmp_path / 'folder'} is a folder, but points are not images. Name a .png or .npz file."
    with pytest.raises(InputError) as raised:
        write("folder", POINTS, POINTS_MADE)
    assert str(raised.value) == message and not (tmp_path / "folder").exists()
