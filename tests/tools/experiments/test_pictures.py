"""Pictures of pages: small files with a palette, drawn from samples that are there."""

import io

import numpy as np
import pytest
from PIL import Image


@pytest.fixture
def small_png(tool, monkeypatch):
    module = tool("experiments.small_png")
    monkeypatch.setattr(module, "LARGEST", 5_000)
    return module


def noise(side):
    return np.random.default_rng(0).integers(0, 256, (side, side, 1), np.uint8).repeat(3, axis=2)


def png_of(pixels):
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def opened(path):
    with Image.open(path) as picture:
        picture.load()
    return picture


def test_a_picture_with_few_colors_keeps_its_pixels(small_png, tmp_path):
    pixels = noise(8).repeat(20, axis=0).repeat(20, axis=1)
    small_png.write_png(tmp_path / "a.png", png_of(pixels))
    picture = opened(tmp_path / "a.png")
    assert picture.mode == "P"
    np.testing.assert_array_equal(np.asarray(picture.convert("RGB")), pixels)


def test_a_picture_that_is_too_large_is_made_smaller(small_png, tmp_path):
    pixels = noise(120)
    small_png.write_png(tmp_path / "a.png", png_of(pixels))
    picture = opened(tmp_path / "a.png")
    assert (tmp_path / "a.png").stat().st_size <= small_png.LARGEST
    assert picture.mode == "P" and 60 < picture.width < 120


def test_the_first_picture_that_fits_is_written(small_png, tmp_path):
    path = tmp_path / "a.png"
    small_png.write_first_that_fits(path, (noise(side) for side in (120, 50, 20)))
    assert opened(path).size == (50, 50)
    small_png.write_first_that_fits(path, (noise(side) for side in (120, 110)))
    assert opened(path).width < 110


@pytest.fixture
def drawn(tool, tmp_path, monkeypatch):
    """(samples of the row or None, curves) -> the names of the pictures that an experiment of one row writes."""
    pictures, definition = tool("experiments.pictures"), tool("experiments.definition")
    monkeypatch.setattr(pictures, "RESULTS", tmp_path)
    monkeypatch.setattr(tool("experiments.trained"), "ROOT", tmp_path / "root")

    def draw(samples, curves=None, **more):
        row = definition.Row("Row", "config")
        experiment = definition.of_images("", [row], "", {}, curves=tuple(curves or ()), beside=1)
        if samples is not None:
            kept = pictures.kept_samples_of("name", row)
            kept.parent.mkdir(parents=True, exist_ok=True)
            np.savez(kept, samples=samples, **more)
        run = {"curves": curves} if curves else {}
        pictures.write_all("name", experiment, {"config": {0: run, 1: run}})
        return sorted(path.name for path in tmp_path.glob("*.png"))

    return draw


def test_samples_and_curves(drawn, tmp_path):
    images = np.random.default_rng(0).random((64, 8, 8, 1), np.float32)
    assert drawn(images, {"loss": [[1, 0.5], [2, 0.25]]}, beside=images) == ["name.png", "name_curves.png"]
    # Two panels of 8 x 8 images side by side, each image enlarged.
    assert opened(tmp_path / "name.png").width > 2 * 8 * 64


def test_pictures_stay_where_the_samples_are_not_there(drawn, tmp_path, capsys):
    (tmp_path / "name.png").write_bytes(b"before")
    drawn(None)
    assert (tmp_path / "name.png").read_bytes() == b"before"
    assert "runs/ has no samples of seed 0 of config" in capsys.readouterr().out
