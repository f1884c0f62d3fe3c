"""Arrays that took long to compute, kept in the cache beside the images that they were computed from."""

import hashlib
import json
import zipfile
import zlib

import numpy as np

from tfgan2.data.cache_folders import cache_folder, plain_name, unfinished_folder


def computed(name, recipe, compute, *, cache_dir=None):
    """The arrays of `compute()`, from the cache, or computed now and put there whole.

    Args:
      name: for the name of the file.
      recipe: all that the arrays depend on, in plain numbers, texts, lists and dicts.
      compute: returns a dict name -> array.
      cache_dir: folder of the cache; see `cache_folder`.

    Returns:
      The dict; equal whether the file was there or not.

    Raises:
      InputError: the cache cannot be used.
      StorageError: writing failed, as on a full disk; nothing half written stays.
    """
    folder = cache_folder(cache_dir)
    key = hashlib.sha256(json.dumps(recipe, sort_keys=True).encode()).hexdigest()[:20]
    path = folder / f"{plain_name(name)}-{key}.npz"
    arrays = _opened(path)
    if arrays is None:
        arrays = compute()
        with unfinished_folder(folder) as unfinished:
            np.savez(unfinished / path.name, **arrays)
            # Where another process was faster, its file is equal.
            (unfinished / path.name).replace(path)
    return arrays


def hash_of(*arrays):
    """SHA-256 of arrays, with their types and shapes, as 64 hexadecimal digits."""
    found = hashlib.sha256()
    for array in arrays:
        array = np.ascontiguousarray(array)
        found.update(f"{array.dtype.str}{array.shape}".encode())
        found.update(array.reshape(-1).view(np.uint8))
    return found.hexdigest()


def _opened(path):
    """The arrays of a file, or None if there is none or it was damaged."""
    try:
        with np.lib.npyio.NpzFile(path, allow_pickle=False) as archive:
            return {name: np.asarray(archive[name]) for name in archive.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error):
        return None
