"""Sets of images by name, and arguments that do not concern them."""

import inspect

import numpy as np
import pytest
from PIL import Image

from tfgan2.data.images import ImageSet, load_images
from tfgan2.data.stacked import load_stacked
from tfgan2.errors import InputError


@pytest.fixture
def folder(tmp_path):
    Image.fromarray(np.zeros((8, 8), np.uint8)).save(tmp_path / "a.png")
    return f"folder:{tmp_path}"


def refusal(name, **arguments):
    with pytest.raises(InputError) as raised:
        load_images(name, **arguments)
    return str(raised.value)


def test_attributes(cache):
    found = load_images("digits", flip=True, cache_dir=str(cache / "elsewhere"))
    assert isinstance(found, ImageSet) and isinstance(found.samples, np.memmap)
    assert (found.name, found.flip, found.dequantize) == ("digits", True, False)
    assert list(cache.iterdir()) == [cache / "elsewhere"]


@pytest.mark.parametrize("name", ["digit", "digits:x", "folder:", "folder", "idx:", "npz:", "tfds:", "x:y", ""])
def test_unknown_names(name):
    expected = {"digits:x": "'digits:x' names no images; the digits are called digits"}.get(
        name, f"{name!r} names no images; give folder:DIR, idx:FOLDER, npz:FILE, digits or tfds:NAME"
    )
    assert refusal(name) == expected


@pytest.mark.parametrize(
    ("option", "value"),
    [("split", "test"), ("data_dir", "x"), ("download", True)],
)
def test_arguments_of_other_sources(folder, option, value):
    for name in (folder, "digits"):
        left_out = f"it must be left out for {name}, which has no such option."
        assert refusal(name, **{option: value}) == f"{option} is {value!r}; {left_out}"
    if option != "split":
        left_out = "it must be left out for idx:x, which has no such option."
        assert refusal("idx:x", **{option: value}) == f"{option} is {value!r}; {left_out}"


def test_max_pixels(folder):
    assert refusal("digits", max_pixels=5) == (
        "max_pixels is 5; it must be left out for digits, which has no such option."
    )
    assert refusal(folder, max_pixels=0) == "max_pixels is 0; it must be at least 1."
    assert load_images(folder, max_pixels=64).samples.shape == (1, 8, 8, 1)


def test_values_are_checked_before_anything_is_read():
    assert refusal("folder:/missing", image_size=2).startswith("image_size is 2; ")
    assert refusal("folder:/missing", channels=2).startswith("channels is 2; ")


@pytest.mark.parametrize("loader", [load_images, load_stacked])
def test_arguments_can_become_flags(loader):
    name, *parameters = inspect.signature(loader).parameters.values()
    assert name.name == "name"
    for parameter in parameters:
        assert parameter.kind is inspect.Parameter.KEYWORD_ONLY
        assert parameter.default is not inspect.Parameter.empty
        assert f"\n  {parameter.name}: " in inspect.getdoc(loader)
