"""Writing of images to a folder with one PNG file per image."""

import shutil
from pathlib import Path

from PIL import Image

from tfgan2.errors import InputError
from tfgan2.system.files import storing


def check_folder(path):
    """Raises InputError if the folder exists and is not empty, or if the path is a file."""
    path = Path(path)
    if path.is_dir() and any(path.iterdir()):
        raise InputError(f"--output={path} holds files; name a new folder, or an empty one.")
    if path.exists() and not path.is_dir():
        raise InputError(f"--output={path} is a file; name a folder, or a file that ends in .png or .npz.")


def write_images(path, images):
    """Writes images as 0.png, 1.png and so on, with leading zeros. All images are written or none.

    Args:
      path: Path of a new or empty folder.
      images: uint8 [n, height, width, 1, 3 or 4].

    Raises:
      InputError: See `check_folder`.
      StorageError: Writing failed. No file stays.
    """
    path = Path(path)
    check_folder(path)
    digits = len(str(len(images) - 1))
    with storing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir()
        try:
            for number, image in enumerate(images):
                pixels = image[..., 0] if image.shape[-1] == 1 else image
                Image.fromarray(pixels).save(unfinished / f"{number:0{digits}d}.png")
            unfinished.replace(path)  # This also replaces an empty folder.
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
