"""Feature extractors by the names that protocols use."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from tfgan2.data.images import ImageSet
from tfgan2.data.opacity import colour_of, laid_over
from tfgan2.evaluation.classifier import classifier_of
from tfgan2.evaluation.contrastive_network import contrastive_network
from tfgan2.evaluation.features import Extractor, Features
from tfgan2.evaluation.inception_2015 import inception_2015
from tfgan2.evaluation.inception_keras import inception_keras
from tfgan2.evaluation.mobilenet_v2 import mobilenet_v2


class Resources(NamedTuple):
    """Files for extractors.

    Attributes:
      cache_dir: Folder of the cache. None takes that of prepared images.
      inception_path: The Inception network of the protocol. See `inception_2015` and `inception_keras`.
      feature_network: The network of the protocol that is not Inception. See `mobilenet_v2`.
    """

    cache_dir: Path | None = None
    inception_path: Path | None = None
    feature_network: Path | None = None


def extractor_named(name, data, resources):
    """Returns the `Extractor` called `name` for a dataset.

    Networks see images with opacity over the background of the dataset. The pixels of such an image are these colours
    and the opacity, so that colours where nothing shows do not count.

    Raises:
      InputError: The data do not fit, or the weights are missing. The message says what to do.
    """
    if not (isinstance(data, ImageSet) and data.shape[-1] == 4):
        return EXTRACTORS[name](data, resources)
    background = colour_of(data.background)
    extractor = EXTRACTORS[name](data._replace(samples=laid_over(data.samples, background)), resources)

    def extract(images):
        shown = laid_over(images, background)
        return extractor.extract(np.concatenate([shown, images[..., 3:]], axis=-1) if name == "pixels" else shown)

    return extractor._replace(record=extractor.record | {"background": data.background}, extract=extract)


def _classifier(data, resources):
    if data.name.startswith("stacked:"):
        return _of_stacks(classifier_of(_digits_in(data), cache_dir=resources.cache_dir))
    return classifier_of(data, cache_dir=resources.cache_dir)


def _digits_in(stacks):
    """The different digits in stacks of three, each once. So a held-out digit is in no stack of the training data."""
    digits = np.moveaxis(stacks.samples, -1, 1).reshape(-1, *stacks.samples.shape[1:3])
    labels = (stacks.labels[:, None] // [100, 10, 1] % 10).reshape(-1).astype(np.int32)
    rows = digits.reshape(len(digits), -1)
    _, first = np.unique(rows.view(f"V{rows.shape[1]}"), return_index=True)
    names = tuple(map(str, range(10)))
    return ImageSet(stacks.name, digits[first][..., None], labels[first], names)


def _of_stacks(classifier):
    """Applies a classifier of digits to each colour channel. The 1,000 classes are 100 a + 10 b + c."""

    def extract(images):
        found = [classifier.extract(images[..., colour : colour + 1]) for colour in range(3)]
        first, second, third = (each.probabilities for each in found)
        joint = first[:, :, None, None] * second[:, None, :, None] * third[:, None, None, :]
        return Features(np.concatenate([each.features for each in found], axis=1), joint.reshape(len(images), -1))

    return classifier._replace(extract=extract)


def _as_they_are(title):
    """An extractor without network. Features are the coordinates of points, or the pixels of images in [0, 1]."""

    def extract(samples):
        rows = samples.reshape(len(samples), -1).astype(np.float32)
        return Features(rows / np.float32(255) if samples.dtype == np.uint8 else rows, None)

    return Extractor(title, {"extractor": title, "weights": "none", "resize": "none"}, extract)


EXTRACTORS = {
    "identity": lambda data, resources: _as_they_are("identity"),
    "pixels": lambda data, resources: _as_they_are("pixels"),
    "classifier": _classifier,
    "contrastive": lambda data, resources: contrastive_network(data, cache_dir=resources.cache_dir),
    "inception_tf2015": lambda data, resources: inception_2015(resources.inception_path),
    "inception_keras_80": lambda data, resources: inception_keras(resources.inception_path),
    "mobilenet_v2": lambda data, resources: mobilenet_v2(resources.feature_network, data),
}
"""Name -> function of a dataset and `Resources` that returns the `Extractor`."""
