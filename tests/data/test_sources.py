"""Datasets by name: built-in ones with their arguments, files, folders, and names that do not exist."""

import inspect

import numpy as np
import pytest
from PIL import Image

from tfgan2.data import synthetic
from tfgan2.data.images import ImageSet, load_images
from tfgan2.data.sources import (
    RUNTIME_ARGUMENTS,
    SOURCES,
    absolute,
    factory_of,
    load,
    names_images,
    without_folder,
    without_place,
)
from tfgan2.data.stacked import load_stacked
from tfgan2.errors import InputError


def arguments_of(factory):
    keyword_only = inspect.Parameter.KEYWORD_ONLY
    return [p for p in inspect.signature(factory).parameters.values() if p.kind is keyword_only]


@pytest.mark.parametrize("name", synthetic.SOURCES)
def test_points(name):
    found, expected = load(name, seed=3), SOURCES[name](seed=3)
    assert found.name == name
    np.testing.assert_array_equal(found.samples, expected.samples)


def test_arguments_are_handed_on():
    assert load("grid25", points_per_mode=4, std=0.01).samples.shape == (100, 2)
    assert load("digits", image_size=12, channels=3).samples.shape == (1797, 12, 12, 3)
    assert load("stacked:digits", count=7, image_size=12).samples.shape == (7, 12, 12, 3)


def test_files(tmp_path):
    points = np.arange(6, dtype=np.float32).reshape(3, 2)
    np.savez(tmp_path / "a:b.npz", points=points)
    np.testing.assert_array_equal(load(f"npz:{tmp_path}/a:b.npz").samples, points)
    with pytest.raises(InputError, match=r"^std is 1.0; it must be left out for npz:.*/a:b.npz, which holds points"):
        load(f"npz:{tmp_path}/a:b.npz", std=1.0)


def test_names_of_images(tmp_path):
    np.savez(tmp_path / "points.npz", points=np.zeros((3, 2)))
    np.savez(tmp_path / "images.npz", images=np.zeros((3, 4, 4), np.uint8))
    (tmp_path / "text.npz").write_text("text")
    images = ["digits", "static_background", "stacked:digits", "folder:x", "idx:x", "tfds:x", "mnist"]
    others = ["grid25", "swiss_roll", "unknown", f"npz:{tmp_path}/none.npz", f"npz:{tmp_path}/text.npz"]
    assert all(map(names_images, [*images, f"npz:{tmp_path}/images.npz"]))
    assert not any(map(names_images, [*others, f"npz:{tmp_path}/points.npz"]))


def test_folders(tmp_path):
    Image.new("RGB", (6, 6)).save(tmp_path / "x.png")
    found = load(f"folder:{tmp_path}", flip=True)
    assert isinstance(found, ImageSet) and found.name == f"folder:{tmp_path}" and found.flip


@pytest.mark.parametrize("name", SOURCES)
def test_every_source_can_be_described(name):
    factory = SOURCES[name]
    assert inspect.getdoc(factory).partition("\n")[0].endswith(".")
    for parameter in arguments_of(factory):
        assert parameter.default is not inspect.Parameter.empty
        assert f"\n  {parameter.name}: " in inspect.getdoc(factory)


@pytest.mark.parametrize(
    ("name", "loader"),
    [
        ("folder:x", load_images),
        ("idx:x", load_images),
        ("npz:x", load_images),
        ("tfds:x", load_images),
        ("digits", load_images),
        ("mnist", load_images),
        ("imagenet_resized/32x32", load_images),
        ("cifar10:3.0.2", load_images),
        ("stacked:mnist", load_stacked),
    ],
)
def test_factories_have_the_arguments_of_their_loader(name, loader):
    assert arguments_of(factory_of(name)) == arguments_of(loader)
    assert set(RUNTIME_ARGUMENTS) <= {argument.name for argument in arguments_of(loader)}


def test_families_are_described_by_what_they_are():
    assert factory_of("folder:x").__doc__.startswith("Images of any size; sub-folders are classes.\n")
    assert SOURCES["folder:DIR"].__doc__ == factory_of("folder:x").__doc__
    assert factory_of("mnist").__doc__.startswith("60,000 handwritten digits")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("grid52", "did you mean grid25? "),
        ("rings8", "did you mean ring8? "),
        ("cifar100", "did you mean cifar10? "),
        ("fashionmnist", "did you mean fashion_mnist? "),
        ("qqq", ""),
        ("grid25:x", "did you mean grid25? "),
        ("digits:x", "did you mean digits? "),
    ],
)
def test_unknown(name, hint):
    with pytest.raises(InputError) as error:
        load(name)
    accepted = (
        "there are grid25, ring8, ring10, ring16, modes1d, blobs, swiss_roll, digits, static_background, mnist, "
        "fashion_mnist, cifar10, stl10, celeb_a, imagenet_resized, imagenet2012, npz:FILE, folder:DIR, idx:FOLDER, "
        "tfds:NAME, stacked:SOURCE, module:function"
    )
    assert str(error.value) == f"--dataset={name} is unknown; {hint}{accepted}"


@pytest.mark.parametrize("name", ["npz:", "folder:", "idx:", "tfds:", "stacked:"])
def test_families_need_a_place(name):
    with pytest.raises(InputError, match=f"^--dataset={name} is unknown; "):
        load(name)


def test_paths_without_a_kind(tmp_path):
    (tmp_path / "pictures").mkdir()
    (tmp_path / "digits").mkdir()
    (tmp_path / "digits" / "train-images-idx3-ubyte.gz").touch()
    (tmp_path / "a.png").touch()
    for name, hint in {
        "pictures": "did you mean folder:{}? there are grid25",
        "digits": "did you mean idx:{}? there are grid25",
        "points.npz": "did you mean npz:{}? there are grid25",
        "a.png": "a folder of images is folder:DIR, an archive npz:FILE; there are grid25",
        "nowhere": "there is no folder {}; there are grid25",
    }.items():
        with pytest.raises(InputError) as raised:
            factory_of(f"{tmp_path}/{name}")
        expected = f"--dataset={tmp_path}/{name} is unknown; {hint.format(f'{tmp_path}/{name}')}"
        assert str(raised.value).startswith(expected)


def test_commas_in_the_names_of_a_list():
    with pytest.raises(InputError, match=r"is unknown; a comma within a name is written \\,; there are grid25"):
        factory_of("b", flag="auxiliary_dataset")


@pytest.mark.parametrize("change", [absolute, without_folder, without_place])
def test_places_of_files(change, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    path = {absolute: f"{tmp_path}/a/b", without_folder: "b", without_place: ""}[change]
    for kind in ("folder", "idx", "npz", "stacked:idx"):
        assert change(f"{kind}:a/../a/b") == f"{kind}:{path}"
    for name in ("grid25", "tfds:mnist", "stacked:digits", None, ()):
        assert change(name) == name
    assert change(("folder:a/b", "ring8")) == (f"folder:{path}", "ring8")
