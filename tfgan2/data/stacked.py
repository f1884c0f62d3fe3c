"""Stacks of three digits: images with a thousand modes."""

from pathlib import Path

from tfgan2.data.cache import prepared
from tfgan2.data.digits import read_stacked
from tfgan2.data.images import ImageSet, load_images
from tfgan2.data.resizing import Filter, ImageSize, Preparation
from tfgan2.errors import AbsentData
from tfgan2.ranges import Samples, Seed, checked


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
