"""Images in a folder, of any size and colour mode. Sub-folders are classes."""

import functools
import os
import re

from tfgan2.data.decoding import is_grey, size_of, upright
from tfgan2.data.reading import Contents, Item, Source
from tfgan2.errors import InputError

# Files and folders of operating systems, file servers and notebooks, in lower case.
_LITTER = {
    *("thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "$recycle.bin", "system volume information"),
    *("__macosx", "icon\r", "@eadir", "lost+found", "__pycache__"),
}


def read_folder(name, path, *, max_pixels):
    """Returns a `Source` of the images in a folder and its sub-folders.

    The order is the natural order of the paths, such as 1, 2, 10. If all images are in sub-folders, the sub-folders of
    the first level are the classes, in natural order. Names that begin with a dot are ignored, and so are files of
    operating systems, such as Thumbs.db. Rotated photographs are turned upright. Of several frames, the first is used.

    Args:
      name: Name for messages.
      path: Path of the folder.
      max_pixels: An image with more pixels is rejected before it is decoded.

    Raises:
      InputError: The folder is missing, is not a folder, cannot be read, or has no files.
      StorageError: Reading failed. This can happen only when the images are decoded.
    """
    root = os.path.abspath(os.path.expanduser(path))
    files = sorted(_files(name, root), key=_natural)
    if not files:
        raise InputError(f"{name} has no files; name a folder with images, or with sub-folders of images")
    paths = [os.path.join(root, file) for file in files]
    fingerprint = [root, str(max_pixels)]
    fingerprint += [f"{file} {_version(path)}" for file, path in zip(files, paths, strict=True)]
    return Source(tuple(fingerprint), functools.partial(_contents, files, paths, max_pixels))


def _contents(files, paths, max_pixels):
    class_names = sorted({file.partition(os.sep)[0] for file in files if os.sep in file}, key=_natural)
    labels = {class_name + os.sep: label for label, class_name in enumerate(class_names)}
    class_names = [name.encode(errors="surrogateescape").decode(errors="backslashreplace") for name in class_names]
    items = (
        # A file outside the sub-folders has no label, because its name without a separator is not a key.
        Item(
            file,
            functools.partial(upright, path, max_pixels),
            labels.get("".join(file.partition(os.sep)[:2])),
            functools.partial(size_of, path, max_pixels),
        )
        for file, path in zip(files, paths, strict=True)
    )
    channels = 1 if all(is_grey(path, max_pixels) for path in paths) else 3
    return Contents(len(files), channels, tuple(class_names), items)


def _natural(path):
    """Sort key for the natural order of paths: 2 before 10, folder by folder."""
    parts = (re.split(r"(\d+)", part) for part in path.split(os.sep))
    return [[int(text) if text.isdecimal() else text for text in part] for part in parts], path


def _files(name, root):
    """Paths of all files, relative to the root."""

    def refuse(error):
        raise InputError(f"{name} cannot be read ({error.filename}: {error.strerror}); name a folder with images")

    for folder, subfolders, files in os.walk(root, onerror=refuse, followlinks=True):
        # A linked folder may be a class. A link to a folder above would lead to an endless loop.
        above = os.path.join(os.path.realpath(folder), "")
        subfolders[:] = [
            subfolder
            for subfolder in subfolders
            if not _is_passed_over(subfolder)
            and not above.startswith(os.path.join(os.path.realpath(os.path.join(folder, subfolder)), ""))
        ]
        for file in files:
            if not _is_passed_over(file):
                yield os.path.relpath(os.path.join(folder, file), root)


def _is_passed_over(name):
    return name.startswith(".") or name.lower() in _LITTER


def _version(path):
    try:
        found = os.stat(path)
    except OSError as error:
        return error.strerror
    return f"{found.st_size} {found.st_mtime_ns} {os.access(path, os.R_OK)}"
