"""Pictures within the page: whole if they are small, and never above a size."""

import base64
import io
import re

import numpy as np
from PIL import Image

from tfgan2.page.images import figure, read_pixels

NOISE = np.random.default_rng(0).integers(0, 256, (750, 1000, 3), np.uint8)


def picture(text):
    kind, data = re.search(r'src="data:(.+?);base64,(.+?)"', text).groups()
    return kind, base64.b64decode(data)


def test_a_small_picture_keeps_every_pixel():
    kind, data = picture(figure(NOISE[:50, :60], "a", "b", sharp=True))
    assert kind == "image/png"
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(data))), NOISE[:50, :60])


def test_a_large_picture_is_compressed_or_halved():
    text = figure(NOISE, "a", "<b>")
    kind, data = picture(text)
    assert kind == "image/jpeg" and len(data) <= 450_000
    assert Image.open(io.BytesIO(data)).width in (1000, 500)
    assert 'width="1000" height="750"' in text and "<figcaption>&lt;b&gt;</figcaption>" in text


def test_files_that_are_no_picture(tmp_path):
    (tmp_path / "x.png").write_bytes(b"\x89PNG\r\n\x1a\n cut")
    assert read_pixels(tmp_path / "x.png") is None and read_pixels(tmp_path / "y.png") is None
    Image.new("L", (4, 3), 7).save(tmp_path / "z.png")
    assert read_pixels(tmp_path / "z.png").shape == (3, 4, 3)
