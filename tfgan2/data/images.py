"""Sets of images from files, archives and known datasets."""

import itertools
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tfgan2.data.cache import prepared
from tfgan2.data.decoding import formats
from tfgan2.data.digits import read_digits, read_stacked
from tfgan2.data.filling import listed
from tfgan2.data.folder import read_folder
from tfgan2.data.idx import read_idx
from tfgan2.data.kinds import IMAGES, DataSet
from tfgan2.data.npz import read_npz
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
from tfgan2.ranges import Count, Samples, Seed, checked


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


class ImageSet(_Fields, DataSet):
    """Training images, and their random changes in batches.

    Attributes:
      name: Name in `--dataset`.
      samples: uint8 [n, height, width, channels], memory-mapped. Changes are visible in this process only.
      labels: int32 [n], or None if unknown.
      class_names: Class names by label.
      flip: Whether batches mirror each image left to right with probability 1/2.
      dequantize: Whether batches add uniform noise of one grey level.
      digest: SHA-256 of images and labels, hexadecimal. Empty if unknown.
      label_fault: A clause that says why there are no labels although some images have one. Empty otherwise.
      held_out: Rows of the images that training does not see, integers [h] in rising order, or None.
      survey: The `Survey` of the images before and after their preparation, or None if they were not prepared.
    """

    __slots__ = ()

    kind = IMAGES


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
      background: Show this colour behind transparent pixels: white, black or #RRGGBB.
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
    preparation = Preparation(image_size, crop, crop_box, resize, antialias, channels, background)
    check_preparation(preparation)
    try:
        source = source_of(
            name, split=split, attribute=attribute, data_dir=data_dir, download=download, max_pixels=max_pixels
        )
    except AbsentData as absent:
        raise AbsentData(str(absent), prepared_shape(absent.shape, preparation)) from None
    entry = prepared(name, source, preparation, cache_dir=cache_dir)
    _report(name, entry, preparation, skip_corrupt)
    options = {"flip": flip, "dequantize": dequantize, "digest": entry.digest, "label_fault": entry.label_fault}
    options["survey"] = entry.survey
    return ImageSet(name, entry.images, entry.labels, entry.class_names, **options)


@checked
def load_stacked(
    name: str,
    *,
    count: Samples = 100_000,
    seed: Seed = 0,
    image_size: ImageSize | None = None,
    resize: Filter = "bilinear",
    antialias: bool = True,
    dequantize: bool = False,
    split: str | None = None,
    data_dir: Path | None = None,
    download: bool = False,
    cache_dir: Path | None = None,
) -> ImageSet:
    """Three random digits in the three colours of an image, a thousand modes; the label is 100 a + 10 b + c.

    Published: 100,000 images of MNIST digits, 28 resized to 32 pixels (PGMGAN, CVPR 2021).

    Args:
      name: "stacked:SOURCE", with any name of grey images with labels 0 to 9 that `load_images` takes.
      count: Number of images.
      seed: Seed of the draw.
      image_size: Resize images to this height and width, in pixels. None keeps their size.
      resize: Resize with this filter.
      antialias: Widen the filter as an image shrinks, so that all its pixels count. Only bilinear can go without.
      dequantize: Add uniform noise of one grey level to each value. This undoes the rounding.
      split: Take this part of an IDX or TensorFlow dataset, such as test or train[:10%]. None is train.
      data_dir: Read prepared TensorFlow datasets from this folder. None is ~/tensorflow_datasets.
      download: Download a TensorFlow dataset that is not prepared.
      cache_dir: Keep decoded images in this folder. None is $TFGAN2_CACHE or ~/.cache/tfgan2.

    Raises:
      InputError: As for `load_images`, or the images have no labels 0 to 9.
      StorageError: As for `load_images`.
    """
    try:
        digits = load_images(
            name.removeprefix("stacked:"),
            image_size=image_size,
            resize=resize,
            antialias=antialias,
            channels=1,
            split=split,
            data_dir=data_dir,
            download=download,
            cache_dir=cache_dir,
        )
    except AbsentData as absent:
        raise AbsentData(str(absent), (*absent.shape[:2], 3)) from None
    source = read_stacked(name, digits, count=count, seed=seed)
    entry = prepared(name, source, Preparation(), cache_dir=cache_dir)
    options = {"dequantize": dequantize, "digest": entry.digest, "survey": entry.survey}
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


def _report(name, entry, preparation, skip_corrupt):
    """Prints which images are left out or changed."""
    count = len(entry.left_out)
    what = f"{name}: {count} of {count + len(entry.images)} files"
    if count and not skip_corrupt:
        raise InputError(
            f"{what} cannot be used{listed(entry.left_out)}\n"
            f"Repair or remove them, or leave them out by --data.skip_corrupt=true. "
            f"Formats that are read: {', '.join(formats())}."
        )
    if count:
        names = ", ".join(itertools.islice(entry.left_out, 5)) + ", ..." * (count > 5)
        print(f"{what} are left out: {names}", file=sys.stderr)
    if entry.survey.transparent:
        print(
            f"{name}: {entry.survey.transparent} of {len(entry.images)} images have transparent pixels, which show the "
            f"background, --data.background={preparation.background}",
            file=sys.stderr,
        )
    if entry.label_fault:
        print(f"{name} is read without classes: {entry.label_fault}", file=sys.stderr)
