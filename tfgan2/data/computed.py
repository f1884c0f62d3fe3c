"""A cache of arrays that take long to compute."""

import hashlib
import json

import numpy as np

from tfgan2.data.archives import DAMAGE
from tfgan2.data.cache_folders import cache_folder, plain_name, unfinished_folder
from tfgan2.system.file_versions import KEY, VERSIONS, check_version

_KIND = "computed arrays"


def computed(name, recipe, compute, *, cache_dir=None):
    """Returns the arrays of `compute()` from the cache. If they are not there, computes and saves them.

    Args:
      name: Part of the file name.
      recipe: Everything that determines the arrays, as numbers, texts, lists and dicts.
      compute: Function that returns a dict name -> array.
      cache_dir: Folder of the cache. See `cache_folder`.

    Returns:
      The dict.

    Raises:
      InputError: The cache cannot be used, or the file has a newer version.
      StorageError: The file cannot be written, for example on a full disk. No incomplete file stays.
    """
    folder, path = _place(name, recipe, cache_dir)
    arrays = _opened(path)
    if arrays is None:
        arrays = compute()
        with unfinished_folder(folder) as unfinished:
            np.savez(unfinished / path.name, **arrays, **{KEY: VERSIONS[_KIND]})
            # If another process was faster, it has written an equal file.
            (unfinished / path.name).replace(path)
    return arrays


def stored(name, recipe, *, cache_dir=None):
    """Returns the arrays that `computed` has saved, or None. For the arguments see `computed`."""
    return _opened(_place(name, recipe, cache_dir)[1])


def hash_of(*arrays):
    """SHA-256 of arrays, with their types and shapes, as 64 hexadecimal digits."""
    found = hashlib.sha256()
    for array in arrays:
        array = np.ascontiguousarray(array)
        found.update(f"{array.dtype.str}{array.shape}".encode())
        found.update(array.reshape(-1).view(np.uint8))
    return found.hexdigest()


def _place(name, recipe, cache_dir):
    """The folder and the file of some arrays."""
    folder = cache_folder(cache_dir)
    key = hashlib.sha256(json.dumps(recipe, sort_keys=True).encode()).hexdigest()[:20]
    return folder, folder / f"{plain_name(name)}-{key}.npz"


def _opened(path):
    """The arrays of a file, or None if the file is absent or damaged."""
    try:
        with np.lib.npyio.NpzFile(path, allow_pickle=False) as archive:
            arrays = {name: np.asarray(archive[name]) for name in archive.files}
    except (OSError, *DAMAGE):
        return None
    check_version(_KIND, path, {KEY: arrays.pop(KEY, np.array(1)).tolist()})
    return arrays
