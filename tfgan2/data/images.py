"""Sets of images from files, archives and known datasets."""

import contextlib
import contextvars
import itertools
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tfgan2.data.cache import prepared
from tfgan2.data.decoding import formats
from tfgan2.data.digits import read_digits
from tfgan2.data.filling import listed
from tfgan2.data.folder import read_folder
from tfgan2.data.idx import read_idx
from tfgan2.data.kinds import IMAGES, DataSet
from tfgan2.data.npz import read_npz
from tfgan2.data.opacity import colour_of, without_hidden_colours
from tfgan2.data.resizing import (
    Channels,
    Crop,
    Filter,
    ImageSize,
    Preparation,
    check_preparation,
    prepared_shape,
)
from tfgan2.data.survey import Survey
from tfgan2.data.tfds import DATASETS, read_tfds
from tfgan2.errors import AbsentData, ArgumentError, InputError
from tfgan2.ranges import Count, Seed, checked

_SILENT = contextvars.ContextVar("silent", default=False)


class _Fields(NamedTuple):
    name: str
    samples: np.ndarray
    labels: np.ndarray | None
    class_names: tuple[str, ...]
    flip: bool = False
    dequantize: bool = False
    digest: str = ""
    label_fault: str = ""
    held_out: np.ndarray | None = None
    survey: Survey | None = None
    background: str = "white"
    transparency: str = ""


class ImageSet(_Fields, DataSet):
    """Training images, and their random changes in batches.

    Attributes:
      name: Name in `--dataset`.
      samples: uint8 [n, height, width, channels], memory-mapped. Changes are visible in this process only. A fourth
        channel is the opacity.
      labels: int32 [n], or None if unknown.
      class_names: Class names by label.
      flip: Whether batches mirror each image left to right with probability 1/2.
      dequantize: Whether batches add uniform noise of one grey level.
      digest: SHA-256 of images and labels, hexadecimal. Empty if unknown.
      label_fault: A clause that says why there are no labels although some images have one. Empty otherwise.
      held_out: Rows of the images that training does not see, integers [h] in rising order, or None.
      survey: The `Survey` of the images before and after their preparation, or None if they were not prepared.
      background: Colour over which networks and measurements see images with opacity, a name of CSS or #RRGGBB.
      transparency: Sentences about the images with transparent pixels: their number, and what shows there. Empty
        without any.
    """

    __slots__ = ()

    kind = IMAGES

    def as_stored(self, samples):
        stored = super().as_stored(samples)
        return stored if self.shape[-1] < 4 else without_hidden_colours(stored, colour_of(self.background))

    def scaling(self, output_range):
        scaling = super().scaling(output_range)
        if self.shape[-1] < 4:
            return scaling
        return scaling._replace(background=tuple((colour_of(self.background) / 255).tolist()))


@checked
def load_images(
    name: str,
    *,
    image_size: ImageSize | None = None,
    crop: Crop = "center",
    crop_box: tuple[int, ...] | None = None,
    resize: Filter = "bilinear",
    antialias: bool = True,
    channels: Channels | None = None,
    background: str = "white",
    background_seed: Seed = 0,
    alpha: bool = False,
    flip: bool = False,
    dequantize: bool = False,
    split: str | None = None,
    attribute: tuple[str, ...] = (),
    data_dir: Path | None = None,
    download: bool = False,
    skip_corrupt: bool = False,
    max_pixels: Count = 2**26,
    cache_dir: Path | None = None,
) -> ImageSet:
    """Images of a folder, an archive or a known dataset, decoded once into a cache.

    Args:
      name: "folder:DIR", "idx:FOLDER", "npz:FILE", "digits", "tfds:NAME" or a key of `DATASETS`.
      image_size: Resize images to this height and width, in pixels. None keeps their size; all must have the same.
      crop: Cut the centre square out of images that are not square, or squeeze them into a square (none).
      crop_box: Cut top,left,height,width out of every image first, in pixels.
      resize: Resize with this filter.
      antialias: Widen the filter as an image shrinks, so that all its pixels count. Only bilinear can go without.
      channels: Convert images to 1 channel (grey) or 3 (RGB). None is 1 if all images are grey, else 3.
      background: Show this colour behind transparent pixels: a name such as white, #RRGGBB, or random for a colour that
        is drawn for each image.
      background_seed: Seed of background=random.
      alpha: Keep the opacity of images as a fourth channel. Fully transparent pixels then have the colour background.
      flip: Mirror images left to right at random.
      dequantize: Add uniform noise of one grey level to each value. This undoes the rounding.
      split: Take this part of an IDX or TensorFlow dataset or of an archive with parts, such as test. TensorFlow also
        takes train[:10%]. None is train, and unlabelled of stl10.
      attribute: Make classes of these yes-or-no attributes of a TensorFlow dataset. Male of celeb_a gives the classes 0
        and 1. Male,Bald gives four; class 2 is Male and not Bald.
      data_dir: Read prepared TensorFlow datasets from this folder. None is ~/tensorflow_datasets.
      download: Download a TensorFlow dataset that is not prepared.
      skip_corrupt: Leave out files that are damaged or no images. Otherwise such a folder is refused.
      max_pixels: Refuse images with more pixels in a folder.
      cache_dir: Keep decoded images in this folder. None is $TFGAN2_CACHE or ~/.cache/tfgan2.

    Raises:
      AbsentData: The dataset is known, but is not on this machine.
      InputError: The images cannot be found or used.
      StorageError: A download failed, or the cache cannot be written.
    """
    colour = {"background": background, "background_seed": background_seed, "alpha": alpha}
    preparation = Preparation(image_size, crop, crop_box, resize, antialias, channels, **colour)
    check_preparation(preparation)
    try:
        source = source_of(
            name, split=split, attribute=attribute, data_dir=data_dir, download=download, max_pixels=max_pixels
        )
    except AbsentData as absent:
        raise AbsentData(str(absent), prepared_shape(absent.shape, preparation)) from None
    entry = prepared(name, source, preparation, cache_dir=cache_dir)
    transparency = _transparency(entry, preparation)
    _report(name, entry, transparency, skip_corrupt)
    options = {"flip": flip, "dequantize": dequantize, "digest": entry.digest, "label_fault": entry.label_fault}
    options |= {"survey": entry.survey, "background": background, "transparency": transparency}
    return ImageSet(name, entry.images, entry.labels, entry.class_names, **options)


# Kind -> its reader and the options of this reader.
_READERS = {
    "folder": (read_folder, ("max_pixels",)),
    "idx": (read_idx, ("split",)),
    "npz": (read_npz, ("split",)),
    "digits": (read_digits, ()),
    "tfds": (read_tfds, ("split", "attribute", "data_dir", "download")),
}

OPTIONS = tuple(dict.fromkeys(option for _, options in _READERS.values() for option in options))
"""The options of `load_images` that are options of a reader."""


def source_of(name, **options):
    """Returns the `Source` of images by their name.

    Args:
      name: A name that `load_images` takes.
      **options: The options of `OPTIONS`.

    Raises:
      AbsentData: The dataset is known, but is not on this machine.
      InputError: The name is another, the images cannot be found, or an option does not fit the name.
    """
    kind, _, place = name.partition(":")
    if kind.partition("/")[0] in DATASETS:
        kind, place = "tfds", name
    if kind not in _READERS or (not place and kind != "digits"):
        raise InputError(f"{name!r} names no images; give folder:DIR, idx:FOLDER, npz:FILE, digits or tfds:NAME")
    reader, accepted = _READERS[kind]
    for option, value in options.items():
        if option not in accepted and value != load_images.__kwdefaults__[option]:
            raise ArgumentError(option, value, f"left out for {name}, which has no such option")
    return reader(name, place, **{option: options[option] for option in accepted})


def _transparency(entry, preparation):
    """Sentences about the images with transparent pixels. Empty without any."""
    if not entry.survey.transparent:
        return ""
    count = f"{entry.survey.transparent} of {len(entry.images)} images have transparent pixels."
    background = f"--data.background={preparation.background}"
    if preparation.alpha:
        return f"{count} The fourth channel is the opacity. Fully transparent pixels have the colour {background}."
    return f"{count} The background shows there: {background}."


@contextlib.contextmanager
def without_messages():
    """Images that are loaded in this context print no messages, because they are loaded again. Errors are raised."""
    token = _SILENT.set(True)
    try:
        yield
    finally:
        _SILENT.reset(token)


def _report(name, entry, transparency, skip_corrupt):
    """Prints which images are left out or changed.

    Raises:
      InputError: There are files that cannot be used, and `skip_corrupt` is False.
    """
    count = len(entry.left_out)
    what = f"{name}: {count} of {count + len(entry.images)} files"
    if count and not skip_corrupt:
        raise InputError(
            f"{what} cannot be used{listed(entry.left_out)}\n"
            f"Repair or remove them, or leave them out by --data.skip_corrupt=true. "
            f"Formats that are read: {', '.join(formats())}."
        )
    if _SILENT.get():
        return
    if count:
        names = ", ".join(itertools.islice(entry.left_out, 5)) + ", ..." * (count > 5)
        print(f"{what} are left out: {names}", file=sys.stderr)
    if transparency:
        print(f"{name}: {transparency}", file=sys.stderr)
    if entry.label_fault:
        print(f"{name} is read without classes: {entry.label_fault}", file=sys.stderr)
