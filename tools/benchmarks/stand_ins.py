"""Stand-ins for the data of the configurations, so that each can be built and trained for a step without them."""

from pathlib import Path

import numpy as np

from tfgan2 import flags
from tfgan2.data.images import ImageSet
from tfgan2.data.synthetic import SOURCES as POINTS

CONFIGS = Path(__file__).resolve().parent.parent.parent / "configs"

IMAGES = {
    "digits": (1797, 8, 8, 1),
    "static_background": (20_000, 32, 32, 3),
    "idx:/usr/share/datasets/fashion-mnist": (60_000, 28, 28, 1),
    "cifar10": (50_000, 32, 32, 3),
    "stl10": (100_000, 96, 96, 3),
    "mnist": (60_000, 28, 28, 1),
    "stacked:digits": (100_000, 8, 8, 3),
    "stacked:mnist": (100_000, 28, 28, 3),
    "tfds:imagenet2012": (1_200, 200, 300, 3),  # of 1,281,167
    "imagenet_resized/32x32": (100_000, 32, 32, 3),  # of 1,281,167
    "folder:runs/data/emoji": (3_800, 64, 64, 3),
    "folder:pictures": (1_000, 60, 70, 3),
    "celeb_a": (2_000, 218, 178, 3),  # of 162,770, which would not fit into the memory
}
"""Dataset -> number and shape of its images."""

_FEWER = {
    "p2gan_celeba_blond": ("--data.minority=1:120,2:230", "--data.auxiliary_count=110"),
    "pictures_rumi": ("--negative_dataset=none", "--data.negative_classes=1"),
    "pictures_p2gan": ("--auxiliary_dataset=", "--data.auxiliary_classes=1"),
}
"""Flags for stand-ins with fewer faces, and with classes in the place of other folders."""


def settings_of(name, *overrides):
    """The settings of a configuration, whose images are a stand-in's.

    Args:
      name: the configuration.
      overrides: flags that come after those of the configuration.
    """
    argv = [f"--flagfile={CONFIGS / name}.cfg", "--workdir=runs/x", *_FEWER.get(name, ()), *overrides]
    settings = flags.parse("train", argv)
    if settings.dataset not in POINTS:
        settings.factories["data"] = lambda **arguments: stand_in(settings.dataset, **arguments)
    return settings


def stand_in(dataset, *, image_size, dequantize, flip=False, attribute=(), **_):
    """Images of the same number and shape. Those that are never written to take no memory."""
    count, height, width, channels = IMAGES[dataset]
    shape = (count, image_size or height, image_size or width, channels)
    images = np.zeros(shape, np.uint8)
    images[:100] = np.random.default_rng(0).integers(0, 256, (100, *shape[1:]))
    class_count = 2 ** len(attribute) if attribute else 10
    labels = np.arange(count, dtype=np.int32) % class_count
    return ImageSet(dataset, images, labels, tuple(map(str, range(class_count))), flip, dequantize)
