"""Folders of images: sizes, modes, orientations, classes, and files that are no images."""

import io
import os
import random
import re
import zlib

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngImageFile, PngInfo

from tfgan2.data.images import load_images, without_messages
from tfgan2.data.resizing import FILTERS
from tfgan2.data.selection import select
from tfgan2.errors import InputError, StorageError

RANDOM = np.random.default_rng(0)


def random_image(height=12, width=12, channels=3):
    shape = (height, width) if channels == 1 else (height, width, channels)
    return Image.fromarray(RANDOM.integers(0, 256, shape, np.uint8))


def save(folder, name, image=None, **options):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    (random_image() if image is None else image).save(path, **options)
    return path


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "images"
    path.mkdir()
    return path


def load(folder, **arguments):
    return load_images(f"folder:{folder}", **arguments)


def refusal(folder, **arguments):
    with pytest.raises(InputError) as raised:
        load(folder, **arguments)
    return str(raised.value)


def test_all_formats_in_the_order_of_their_names(folder):
    expected = []
    for name in ("a.bmp", "b.gif", "c.jpg", "d.jp2", "e.PNG", "f.ppm", "g.tiff", "h.webp", "no_suffix"):
        options = {"no_suffix": {"format": "PNG"}, "h.webp": {"lossless": True}}.get(name, {})
        image = random_image().quantize(200) if name == "b.gif" else random_image()
        path = save(folder, name, image, **options)
        expected.append(np.asarray(Image.open(path).convert("RGB")))
    found = load(folder)
    assert found.name == f"folder:{folder}"
    assert found.samples.shape == (9, 12, 12, 3) and found.samples.dtype == np.uint8
    np.testing.assert_array_equal(found.samples, expected)
    assert found.labels is None and found.class_names == ()
    assert (found.flip, found.dequantize) == (False, False)


def test_mixed_sizes_and_modes(folder):
    save(folder, "grey.png", random_image(40, 30, 1))
    save(folder, "palette.png", random_image(9, 9).quantize(16))
    save(folder, "colour.jpg", random_image(300, 200))
    save(folder, "cmyk.jpg", random_image(64, 64).convert("CMYK"))
    save(folder, "transparent.png", random_image(17, 31, 4))
    save(folder, "deep.png", Image.fromarray(RANDOM.integers(0, 65536, (50, 20), np.uint16)))
    save(folder, "bilevel.png", random_image(33, 33, 1).convert("1"))
    for channels in (None, 1, 3):
        found = load(folder, image_size=16, channels=channels, flip=True, dequantize=True)
        assert found.samples.shape == (7, 16, 16, channels or 3)
        assert found.samples.reshape(7, -1).std(axis=1).min() > 1
        assert (found.flip, found.dequantize) == (True, True)


def test_grey_images_have_one_channel(folder):
    save(folder, "a.png", random_image(channels=1))
    save(folder, "b.jpg", random_image(channels=1))
    save(folder, "c.png", Image.fromarray(RANDOM.integers(0, 65536, (12, 12), np.uint16)))
    assert load(folder).samples.shape == (3, 12, 12, 1)
    save(folder, "d.png")
    assert load(folder).samples.shape == (4, 12, 12, 3)
    assert load(folder, channels=1).samples.shape == (4, 12, 12, 1)


def test_sixteen_bits_become_eight(folder):
    save(folder, "a.png", Image.fromarray(np.array([[0, 257, 256 * 256 - 1, 12850]] * 4, np.uint16)))
    assert load(folder).samples[0, 0, :, 0].tolist() == [0, 1, 255, 50]


@pytest.mark.parametrize(
    ("background", "colour"), [("white", [255] * 3), ("navy", [0, 0, 128]), ("#0180fE", [1, 128, 254])]
)
def test_transparent_pixels_show_the_background(folder, background, colour, capsys):
    pixels = np.full((4, 4, 4), (10, 20, 30, 0), np.uint8)
    pixels[0, 0, 3] = 255
    save(folder, "a.png", Image.fromarray(pixels))
    save(folder, "b.png", Image.fromarray(pixels[..., 0]), transparency=10)
    save(folder, "opaque.png", random_image(4, 4, 4).convert("RGB").convert("RGBA"))
    for _ in range(2):
        found = load(folder, background=background).samples
        assert found[0, 0, 0].tolist() == [10, 20, 30] and found[0, 0, 1].tolist() == colour
        assert found[1, 0, 0].tolist() == colour
        assert capsys.readouterr().err == (
            f"folder:{folder}: 2 of 3 images have transparent pixels. The background shows there: "
            f"--data.background={background}.\n"
        )
    grey = load(folder, background=background, channels=1).samples
    assert grey[0, 0, 1].tolist() == [round(np.dot(colour, [0.299, 0.587, 0.114]))]


@pytest.mark.parametrize("background", ["", "reddish", "#fff", "#12345g", "#1234567"])
def test_backgrounds_that_are_no_colour(folder, background):
    save(folder, "a.png")
    accepted = "it must be random, the name of a colour such as white or navy, or #RRGGBB, such as #808080."
    assert refusal(folder, background=background) == f"background is {background!r}; {accepted}"


def test_random_backgrounds(folder):
    for number in range(4):
        save(folder, f"{number}.png", Image.fromarray(np.full((4, 4, 4), (10, 20, 30, 0), np.uint8)))
    first, again, other = (load(folder, background="random", background_seed=seed).samples for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert (first == first[:, :1, :1]).all() and len(np.unique(first[:, 0, 0], axis=0)) == 4
    assert (first[:, 0, 0] != other[:, 0, 0]).any(axis=1).all()
    save(folder, "9.png", random_image(4, 4))  # Images after the others change none of them.
    np.testing.assert_array_equal(load(folder, background="random", background_seed=3).samples[:4], first)
    accepted = "it must be 0 with background=white, where nothing is drawn."
    assert refusal(folder, background_seed=3) == f"background_seed is 3; {accepted}"


def test_the_opacity_is_kept(folder, capsys):
    pixels = np.full((8, 8, 4), (10, 20, 30, 0), np.uint8)
    pixels[:2, :2] = (200, 100, 50, 255)
    pixels[2:4, :2, 3] = 128
    save(folder, "a.png", Image.fromarray(pixels))
    save(folder, "b.png", Image.fromarray(pixels[..., 0]), transparency=10)
    save(folder, "c.png", random_image(8, 8, 1))
    found = load(folder, alpha=True, background="#ff8000")
    assert found.samples.shape == (3, 8, 8, 4) and found.background == "#ff8000"
    expected = np.where(pixels[..., 3:] > 0, pixels, (255, 128, 0, 0))
    np.testing.assert_array_equal(found.samples[0], expected)
    assert found.samples[1, 0, 0].tolist() == [200, 200, 200, 255]
    assert found.samples[1, 7, 7].tolist() == [255, 128, 0, 0] and (found.samples[2, ..., 3] == 255).all()
    assert found.transparency == (
        "2 of 3 images have transparent pixels. The fourth channel is the opacity. Fully transparent pixels have the "
        "colour --data.background=#ff8000."
    )
    assert capsys.readouterr().err == f"folder:{folder}: {found.transparency}\n"


def test_hidden_colours_do_not_bleed_into_others(folder):
    pixels = np.zeros((8, 8, 4), np.uint8)
    pixels[:, :4] = (200, 100, 50, 255)
    pixels[:, 5:] = (0, 255, 0, 0)
    save(folder, "a.png", Image.fromarray(pixels))
    for options in ({}, {"antialias": False}):
        found = load(folder, alpha=True, image_size=4, **options).samples[0]
        assert (found[found[..., 3] == 0] == (255, 255, 255, 0)).all() and (found[..., 3] == 0).any()
        assert np.abs(found[found[..., 3] > 0][:, :3].astype(int) - (200, 100, 50)).max() <= 4


def test_an_opacity_that_cannot_be_kept(folder):
    save(folder, "a.png")
    assert refusal(folder, alpha=True) == (
        f"alpha is True; it must be false for folder:{folder}, where no image has an alpha channel."
    )
    assert refusal(folder, alpha=True, background="random") == (
        "background is 'random'; it must be one colour with alpha=true, where no image lies on a background."
    )
    assert refusal(folder, alpha=True, channels=3) == (
        "channels is 3; it must be None with alpha=true, where images have 3 channels of colour and one of opacity."
    )


def with_metadata(suffix, image):
    """The file of an image with EXIF, a profile and XMP, and the places of their bytes."""
    exif, profile, xmp = Image.Exif(), b"P" * 40 + random.Random(0).randbytes(500), b"<x:xmpmeta>" + b"X" * 200
    exif[0x010E] = "D" * 200
    file = io.BytesIO()
    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", "X" * 200, zip=True)
    info.add_text("Title", "T" * 200, zip=True)
    options = {"png": {"pnginfo": info}, "tiff": {"tiffinfo": {270: "D" * 200}}}.get(suffix, {"xmp": xmp})
    options |= {"icc_profile": profile} | ({} if suffix == "tiff" else {"exif": exif.tobytes()})
    format_name = {"jpg": "JPEG"}.get(suffix, suffix.upper())
    image.save(file, format_name, **options, **({"lossless": True} if suffix == "webp" else {}))
    content = file.getvalue()
    if suffix == "png":
        places, place = [], 8
        while place < len(content):
            size, kind = int.from_bytes(content[place : place + 4]), content[place + 4 : place + 8]
            # With the checksum.
            places += range(place + 8, place + 12 + size) if kind not in (b"IHDR", b"IDAT", b"IEND") else ()
            place += 12 + size
        return content, places
    starts = {content.find(part): part for part in (exif.tobytes()[6:], profile, xmp, b"D" * 200)}
    return content, [place for start, part in starts.items() if start >= 0 for place in range(start, start + len(part))]


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "tiff", "avif"])
def test_metadata_are_not_pixels(folder, suffix, capfd):
    image = random_image(16, 16)
    content, places = with_metadata(suffix, image)
    assert len(places) > 500
    for number in range(60):
        damaged, chance = bytearray(content), random.Random(number)
        for place in chance.sample(places, [1, 5, 50][number % 3]):
            damaged[place] = chance.randrange(256)
        (folder / f"{number}.{suffix}").write_bytes(damaged)
    images = load(folder).samples
    whole = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))
    assert len(images) == 60
    # A damaged orientation, if any, turns the image.
    same = [np.array_equal(found, whole) for found in images]
    assert np.mean(same) > 0.95
    assert capfd.readouterr() == ("", "")


def test_an_orientation_survives_other_damage(folder):
    exif = Image.Exif()
    exif[0x0112] = 3
    exif[0x010E] = "D" * 200
    info = PngInfo()
    info.add_text("Title", "T" * 200, zip=True)
    image = random_image(10, 8)
    path = save(folder, "a.png", image, exif=exif, pnginfo=info)
    content = path.read_bytes()
    path.write_bytes(content.replace(b"Title", b"title"))  # a wrong checksum
    np.testing.assert_array_equal(load(folder).samples[0], np.asarray(image)[::-1, ::-1])


def test_damaged_pixels_of_a_png_stay_damaged(folder):
    save(folder, "a.png")
    path = save(folder, "b.png", random_image(30, 30))
    content = bytearray(path.read_bytes())
    content[content.index(b"IDAT") + 200] ^= 255
    path.write_bytes(content)
    assert "\n  b.png is " in refusal(folder)


def test_as_many_pixels_as_are_admitted(folder, monkeypatch, capfd):
    # Pillow's own limit would warn at 90 million pixels and refuse 180 million.
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    save(folder, "a.png", random_image(64, 64))
    assert load(folder, max_pixels=64 * 64).samples.shape == (1, 64, 64, 3)
    assert Image.MAX_IMAGE_PIXELS == 1000 and capfd.readouterr().err == ""
    assert "a.png has 64 x 64 pixels, more than max_pixels, 4095" in refusal(folder, max_pixels=64 * 64 - 1)


# Where the corners of the image "12 / 34" appear after the camera's orientation is undone.
@pytest.mark.parametrize(
    ("orientation", "upright"),
    [(1, "1234"), (2, "2143"), (3, "4321"), (4, "3412"), (5, "1324"), (6, "3142"), (7, "4231"), (8, "2413")],
)
@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tiff"])
def test_orientation(folder, orientation, upright, suffix):
    values = {"1": 0, "2": 80, "3": 160, "4": 240}
    stored = np.kron(np.array([[0, 80], [160, 240]], np.uint8), np.ones((8, 16), np.uint8))  # 16 x 32
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"lossless": True} if suffix == "webp" else {"quality": 100} if suffix == "jpg" else {}
    save(folder, f"a.{suffix}", Image.fromarray(stored).convert("RGB"), exif=exif, **options)
    found = load(folder).samples[0, :, :, 0].astype(int)
    assert found.shape == ((32, 16) if orientation > 4 else (16, 32))
    corners = [found[0, 0], found[0, -1], found[-1, 0], found[-1, -1]]
    assert corners == pytest.approx([values[corner] for corner in upright], abs=3)


def test_center_and_size(folder):
    image = random_image(40, 30)
    save(folder, "a.png", image)
    for resize, resampling in FILTERS.items():
        expected = image.crop((0, 5, 30, 35)).resize((10, 10), resampling)
        np.testing.assert_array_equal(load(folder, image_size=10, resize=resize).samples[0], expected)
    expected = image.resize((10, 10), FILTERS["bilinear"])
    np.testing.assert_array_equal(load(folder, image_size=10, crop="none").samples[0], expected)
    expected = np.asarray(image)[2:22, 3:28]
    np.testing.assert_array_equal(load(folder, crop_box=(2, 3, 20, 25)).samples[0], expected)


def test_first_frame_counts(folder):
    first, second = random_image(), random_image()
    save(folder, "a.tiff", first, save_all=True, append_images=[second])
    np.testing.assert_array_equal(load(folder).samples, [np.asarray(first)])


def test_subfolders_are_classes(folder):
    for name in ("dogs/b.png", "cats/z.png", "dogs/deep/er/a.png", "cats/y.png", "birds/1.png"):
        save(folder, name)
    found = load(folder)
    assert found.class_names == ("birds", "cats", "dogs")
    assert found.labels.dtype == np.int32 and found.labels.tolist() == [0, 1, 1, 2, 2]
    np.testing.assert_array_equal(found.samples[4], np.asarray(Image.open(folder / "dogs/deep/er/a.png")))


def test_classes_and_images_are_in_natural_order(folder):
    names = [
        "1/2.png",
        "1/10.png",
        "1/a1b2.png",
        "1/a1b10.png",
        "2/x.png",
        "10/x.png",
        "11/x.png",
        "cat/x.png",
        "٣/x.png",
    ]
    for index, name in enumerate(names):
        save(folder, name, Image.new("L", (4, 4), index))
    found = load(folder)
    assert found.class_names == ("1", "2", "٣", "10", "11", "cat")
    assert found.labels.tolist() == [0, 0, 0, 0, 1, 2, 3, 4, 5]
    assert found.samples[:, 0, 0, 0].tolist() == [0, 1, 2, 3, 4, 8, 5, 6, 7]
    save(folder, "01/x.png")  # as large as 1, and yet another one
    assert load(folder, image_size=4).class_names == ("01", "1", "2", "٣", "10", "11", "cat")


def test_names_that_are_not_utf_8(folder):
    for name in (b"\xe4/\xf6.png", b"b/\xff.png", "ü/1.png".encode()):
        save(folder, os.fsdecode(name))
    assert load(folder).class_names == ("b", "ü", r"\xe4")
    (folder / os.fsdecode(b"b/\xfe.png")).write_text("x")
    assert "1 of 4 files cannot be used:\n  b/\udcfe.png is not an image" in refusal(folder)


@pytest.mark.parametrize(
    ("strays", "fault"),
    [
        (["stray.png"], "stray.png has no class"),
        (["cats.png", "stray.png"], "cats.png, stray.png have no class"),
        ([f"{number}.png" for number in range(12)], "0.png, 1.png, 2.png and 9 others have no class"),
    ],
)
def test_images_beside_the_classes_are_named(folder, capsys, strays, fault):
    for name in ("dogs/b.png", "cats/z.png", *strays):
        save(folder, name)
    for _ in range(2):
        found = load(folder)
        assert found.labels is None and found.class_names == () and len(found.samples) == 2 + len(strays)
        assert found.label_fault == fault
        assert capsys.readouterr().err == f"folder:{folder} is read without classes: {fault}\n"
    accepted = f"empty for folder:.*, which has no classes, as {fault}. Sort images"
    with pytest.raises(InputError, match=rf"^positive_classes is \(1,\); it must be {accepted}"):
        select(found, 0, positive_classes=(1,))


def test_notes_beside_the_classes_do_not_matter(folder):
    for name in ("cats/y.png", "dogs/b.png"):
        save(folder, name)
    (folder / "README").write_text("x")
    found = load(folder, skip_corrupt=True)
    assert found.labels.tolist() == [0, 1] and found.class_names == ("cats", "dogs")


def test_hidden_files_and_empty_folders_do_not_matter(folder):
    save(folder, "a/a.png")
    (folder / ".DS_Store").write_text("x")
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "x.txt").write_text("x")
    (folder / "empty").mkdir()
    for name in (
        "Thumbs.db",
        "desktop.ini",
        "._a.png",
        "ehthumbs.db",
        "Icon\r",
        "a/Thumbs.db",
        "THUMBS.DB",
        "a/._a.png",
    ):
        (folder / name).write_text("x")
    for name in ("__MACOSX", ".ipynb_checkpoints", "@eaDir", "$RECYCLE.BIN", "System Volume Information", "lost+found"):
        for path in (folder / name, folder / "a" / name):
            path.mkdir()
            (path / "a.png").write_text("x")
    found = load(folder)
    assert len(found.samples) == 1 and found.class_names == ("a",)


def test_links(folder, tmp_path):
    save(tmp_path, "elsewhere/x.png")
    (folder / "linked").symlink_to(tmp_path / "elsewhere")
    (folder / "linked_file.png").symlink_to(tmp_path / "elsewhere" / "x.png")
    (tmp_path / "elsewhere" / "cycle").symlink_to(folder.parent / "elsewhere")
    assert len(load(folder).samples) == 2


def test_relative_and_home_folders(folder, monkeypatch):
    save(folder, "a.png")
    monkeypatch.chdir(folder.parent)
    assert load_images("folder:images").samples.shape == (1, 12, 12, 3)
    monkeypatch.setenv("HOME", str(folder.parent))
    assert load_images("folder:~/images", cache_dir=str(folder.parent / "other")).samples.shape == (1, 12, 12, 3)


def test_folders_that_are_missing_or_empty(folder, tmp_path):
    missing = tmp_path / "missing"
    assert refusal(missing) == (
        f"folder:{missing} cannot be read ({missing}: No such file or directory); name a folder with images"
    )
    assert refusal(save(tmp_path, "file.png")) == (
        f"folder:{tmp_path}/file.png cannot be read ({tmp_path}/file.png: Not a directory); name a folder with images"
    )
    assert refusal(folder) == (
        f"folder:{folder} has no files; name a folder with images, or with sub-folders of images"
    )


@pytest.fixture
def bad_folder(folder):
    for index in range(4):
        save(folder, f"good_{index}.png")
    path = save(folder, "cut.png", random_image(64, 64))
    path.write_bytes(path.read_bytes()[:2000])
    path = save(folder, "cut.jpg", random_image(64, 64))
    path.write_bytes(path.read_bytes()[:1000])
    (folder / "notes.txt").write_text("no image")
    (folder / "empty.png").write_bytes(b"")
    (folder / "link.png").symlink_to(folder / "nowhere")
    os.mkfifo(folder / "pipe.png")
    save(folder, "large.png", Image.new("RGB", (101, 100)))
    save(folder, "real.tiff", Image.new("F", (12, 12)))
    return folder


BAD = {
    "cut.jpg": r"is damaged \(image file is truncated.*\)",
    "cut.png": r"is damaged \(.*\)",
    "empty.png": "is not an image of a format that is read",
    "large.png": "has 100 x 101 pixels, more than max_pixels, 10000",
    "link.png": "is a broken link",
    "notes.txt": "is not an image of a format that is read",
    "pipe.png": "is not a file",
    "real.tiff": "holds floating-point numbers with an unknown range; save it with 8 or 16 bits",
}


@pytest.mark.parametrize("image_size", [None, 8])
def test_bad_files_are_all_listed(bad_folder, image_size):
    for _ in range(2):  # the second time from the cache
        first, *lines, last = refusal(bad_folder, image_size=image_size, max_pixels=10_000).splitlines()
        assert first == f"folder:{bad_folder}: 8 of 12 files cannot be used:"
        assert last == (
            "Repair or remove them, or leave them out by --data.skip_corrupt=true. Formats that are read: "
            "AVIF, BMP, GIF, JPEG, JPEG2000, PNG, PPM, TIFF, WEBP."
        )
        assert len(lines) == len(BAD)
        for line, (name, reason) in zip(lines, BAD.items(), strict=True):
            assert re.fullmatch(f"  {name} {reason}", line)


def test_bad_files_can_be_left_out(bad_folder, capsys):
    for _ in range(2):
        found = load(bad_folder, skip_corrupt=True, max_pixels=10_000)
        good = [np.asarray(Image.open(bad_folder / f"good_{index}.png")) for index in range(4)]
        np.testing.assert_array_equal(found.samples, good)
        assert capsys.readouterr().err == (
            f"folder:{bad_folder}: 8 of 12 files are left out: cut.jpg, cut.png, empty.png, large.png, link.png, ...\n"
        )
    with without_messages():
        load(bad_folder, skip_corrupt=True, max_pixels=10_000)
        refusal(bad_folder)
    assert capsys.readouterr().err == ""


def test_a_mended_folder_is_read_anew(bad_folder):
    refusal(bad_folder)
    for name in BAD:
        (bad_folder / name).unlink()
    assert len(load(bad_folder).samples) == 4


def test_files_that_must_not_be_read(folder, monkeypatch):
    save(folder, "a.png")
    save(folder, "b.png")
    allowed = Image.open

    def denied(path, **options):
        if str(path).endswith("b.png"):
            raise PermissionError(13, "Permission denied")
        return allowed(path, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Image, "open", denied)
        patch.setattr(os, "access", lambda path, mode: not path.endswith("b.png"))
        assert "\n  b.png must not be read\n" in refusal(folder)
    # Allowing it changes neither size nor time, and yet it is read.
    assert len(load(folder).samples) == 2


@pytest.mark.parametrize("error", [OSError(5, "Input/output error"), MemoryError()])
def test_what_no_file_is_to_blame_for_is_not_held_against_it(folder, monkeypatch, cache, error):
    save(folder, "a.png")

    def load_pixels(self):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(PngImageFile, "load", load_pixels)
        with pytest.raises((StorageError, MemoryError)) as raised:
            load(folder, skip_corrupt=True)
    if isinstance(error, OSError):
        assert str(raised.value) == f"{folder}/a.png could not be read: Input/output error; try again"
    assert list(cache.iterdir()) == []
    assert len(load(folder).samples) == 1


def test_no_image_at_all(folder):
    (folder / "a.txt").write_text("x")
    for options in ({}, {"skip_corrupt": True}):
        expected = f"folder:{folder} has no image that can be read:\n  a.txt is not an image of a format that is read"
        assert refusal(folder, **options) == expected


def test_very_many_bad_files_are_counted(folder):
    save(folder, "good.png")
    for index in range(120):
        (folder / f"x{index:03d}").write_text("x")
    lines = refusal(folder).splitlines()
    assert len(lines) == 103 and lines[-3:-1] == ["  x099 is not an image of a format that is read", "  and 20 more"]


def test_decompression_bombs_are_not_decoded(folder):
    save(folder, "good.png")
    # The header of this PNG claims 60,000 x 60,000 pixels.
    path = save(folder, "bomb.png")
    content = bytearray(path.read_bytes())
    content[16:24] = (60_000).to_bytes(4) * 2
    content[29:33] = zlib.crc32(content[12:29]).to_bytes(4)
    path.write_bytes(content)
    assert f"  bomb.png has 60000 x 60000 pixels, more than max_pixels, {2**26}" in refusal(folder)
    content[16:24] = (9_000).to_bytes(4) * 2
    content[29:33] = zlib.crc32(content[12:29]).to_bytes(4)
    path.write_bytes(content)
    assert f"  bomb.png has 9000 x 9000 pixels, more than max_pixels, {2**26}" in refusal(folder)


def test_different_sizes_need_a_size(folder):
    save(folder, "a.png", random_image(12, 10))
    save(folder, "b.png", random_image(12, 10))
    save(folder, "c.png", random_image(12, 11))
    assert refusal(folder) == (
        f"image_size is None; it must be a number of pixels for folder:{folder}, which has images of different sizes. "
        "For example a.png (12 x 10) and c.png (12 x 11)."
    )
    assert load(folder, image_size=8).samples.shape == (3, 8, 8, 3)


def test_boxes_outside_are_bad_files(folder):
    save(folder, "a.png", random_image(12, 12))
    save(folder, "b.png", random_image(10, 12))
    assert "  b.png is 10 x 12 pixels, so crop_box does not lie in it" in refusal(folder, crop_box=(0, 0, 12, 12))
