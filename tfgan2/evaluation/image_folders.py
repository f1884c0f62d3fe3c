"""Images as a folder of PNG files, each for itself."""

import shutil
from pathlib import Path

from PIL import Image

from tfgan2.errors import InputError
from tfgan2.system.files import storing


def check_folder(path):
    """Raises InputError if a folder is there already and holds anything, or a file is in its place."""
    path = Path(path)
    if path.is_dir() and any(path.iterdir()):
        raise InputError(f"--output={path} holds files; name a new folder, or an empty one.")
    if path.exists() and not path.is_dir():
        raise InputError(f"--output={path} is a file; name a folder, or a file that ends in .png or .npz.")


def write_images(path, images):
    """Writes images as 0.png, 1.png, ... with leading zeros, in their own pixels; all of them or none.

    Args:
      path: of the folder, new or empty.
      images: uint8 [n, height, width, 1, 3 or 4].

    Raises:
      InputError: see `check_folder`.
      StorageError: writing failed; nothing of it is left.
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
            unfinished.replace(path)  # an empty folder is replaced, too
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
