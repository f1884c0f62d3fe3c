"""Datasets by their names in `--dataset`."""

import difflib
import functools
import os

from tfgan2.data import synthetic
from tfgan2.data.images import load_images
from tfgan2.data.npz import holds_images
from tfgan2.data.own import own_factory
from tfgan2.data.points import load_points
from tfgan2.data.stacked import load_stacked
from tfgan2.data.static_background import load_static_background
from tfgan2.data.tfds import DATASETS
from tfgan2.errors import ArgumentError, InputError
from tfgan2.system.importing import is_import_name, names_of_file

_PREPARING = ("image_size", "crop", "resize", "antialias", "background", "skip_corrupt", "max_pixels", "cache_dir")
_OF_FILES = ("folder", "idx", "npz")  # Names of the form KIND:PATH.

_IMAGES = ("digits", "static_background")

RUNTIME_ARGUMENTS = ("data_dir", "download", "cache_dir")
"""Arguments for the location of data. All other arguments change the numbers of a run."""


@functools.wraps(load_images)
def _load_npz(name, **arguments):
    path = name.removeprefix("npz:")
    if holds_images(name, path):
        return load_images(name, **arguments)
    for argument, value in arguments.items():
        if value != load_images.__kwdefaults__.get(argument, ...):
            raise ArgumentError(argument, value, f"left out for {name}, which holds points, not images")
    return load_points(path)


_FAMILIES = {
    "npz": ("npz:FILE", _load_npz, "Points [n, d] or images [n, height, width(, channels)] of your own."),
    "folder": ("folder:DIR", load_images, "Images of any size; sub-folders are classes."),
    "idx": ("idx:FOLDER", load_images, "IDX files, as of MNIST and Fashion-MNIST."),
    "tfds": ("tfds:NAME", load_images, "Any image dataset of TensorFlow Datasets."),
    "stacked": ("stacked:SOURCE", load_stacked, "Three random digits of another dataset in an image: 1,000 modes."),
}


def factory_of(name, *, flag="dataset"):
    """Returns the function that loads the dataset `name`. It has keyword-only arguments.

    Args:
      name: Name of the dataset.
      flag: The flag with this name, for the message.

    Raises:
      InputError: There is no such dataset. The message suggests a similar name.
    """
    kind, _, place = name.partition(":")
    if place and kind in _FAMILIES:
        return _named(name, *_FAMILIES[kind][1:])
    if name in SOURCES and not place:
        return SOURCES[name]
    if kind.partition("/")[0] in DATASETS:
        return _named(name, load_images, DATASETS[kind.partition("/")[0]])
    if is_import_name(name) and kind not in SOURCES:
        return own_factory(name, flag=flag)
    hint = "" if flag != "auxiliary_dataset" else r"a comma within a name is written \,; "
    names = ", ".join([*SOURCES, "module:function"])
    raise InputError(f"--{flag}={name} is unknown; {names_of_file(flag, name) or _meant(name)}{hint}there are {names}")


def names_images(name):
    """Whether a name of a known dataset is one of images. A file that cannot be read has none."""
    kind, _, place = name.partition(":")
    if kind == "npz":
        try:
            return os.path.isfile(os.path.expanduser(place)) and holds_images(name, place)
        except (InputError, OSError):
            return False
    return kind in (*_IMAGES, *_FAMILIES) or kind.partition("/")[0] in DATASETS


def _meant(name):
    """A suggestion for an unknown name, as text, or an empty text."""
    path = os.path.expanduser(name)
    if os.path.isdir(path):
        kind = "idx" if any("-images-idx3-ubyte" in file for file in os.listdir(path)) else "folder"
        return f"did you mean {kind}:{name}? "
    if name.endswith(".npz"):
        return f"did you mean npz:{name}? "
    if os.path.isfile(path):
        return "a folder of images is folder:DIR, an archive npz:FILE; "
    if os.sep in name:
        return f"there is no folder {name}; "
    nearest = difflib.get_close_matches(name, SOURCES, n=1)
    return f"did you mean {nearest[0]}? " if nearest else ""


def preparation_of(name, arguments):
    """Returns the arguments that prepare other images as those of a dataset.

    Args:
      name: Name of the dataset.
      arguments: Its arguments, by name. The crop box is left out, as it is a place in its own images.
    """
    kind = name.partition(":")[0].partition("/")[0]
    if kind not in {*_FAMILIES, *SOURCES, *DATASETS}:
        return {}  # The arguments of a function of the user have any meaning.
    return {argument: value for argument, value in arguments.items() if argument in _PREPARING}


def absolute(name):
    """Makes paths absolute in a dataset's name or a tuple of names."""
    return _placed(name, _absolute_path)


def without_folder(name):
    """Shortens paths to their last part in a dataset's name or a tuple of names."""
    return _placed(name, lambda path: os.path.basename(_absolute_path(path)))


def without_place(name):
    """Removes paths from a dataset's name or a tuple of names. A path does not change the numbers of a run."""
    return _placed(name, lambda path: "")


def _placed(name, change):
    """Applies a function to the paths in a name, a tuple of names, or None."""
    if not isinstance(name, str):
        return name and tuple(_placed(one, change) for one in name)
    kind, _, place = name.partition(":")
    if kind == "stacked":
        return f"{kind}:{_placed(place, change)}"
    return f"{kind}:{change(place)}" if kind in _OF_FILES else name


def _absolute_path(path):
    return os.path.abspath(os.path.expanduser(path))


def load(name, **arguments):
    """Loads the `DataSet` called `name` with `arguments`.

    Raises:
      InputError: There is no such dataset, or the arguments are not valid for it.
    """
    return factory_of(name)(**arguments)


def _named(name, loader, about):
    """A loader for one name. Its first docstring line is `about`. Its signature and docstring define flags."""

    @functools.wraps(loader)
    def factory(**arguments):
        return loader(name, **arguments)

    factory.__doc__ = f"{about}\n{loader.__doc__.partition(chr(10))[2]}"
    return factory


SOURCES = {
    **synthetic.SOURCES,
    "digits": _named("digits", load_images, "1,797 handwritten digits, 8 x 8, grey; they need no download."),
    "static_background": load_static_background,
    **{name: _named(name, load_images, about) for name, about in DATASETS.items()},
    **{shown: _named(shown, loader, about) for shown, loader, about in _FAMILIES.values()},
}
"""All datasets by name. In a name with a colon the user replaces the word in capitals."""
