"""Image datasets of TensorFlow Datasets, prepared on disk or, with `download`, downloaded."""

import functools
import itertools
import os
import re
import textwrap

import numpy as np
from PIL import Image

from tfgan2.data.reading import Contents, Item, Source
from tfgan2.errors import AbsentData, ArgumentError, InputError, StorageError
from tfgan2.system.paths import pattern_in

DATASETS = {
    "mnist": "60,000 handwritten digits, 28 x 28, grey.",
    "fashion_mnist": "60,000 garments, 28 x 28, grey.",
    "cifar10": "50,000 photographs of 10 classes, 32 x 32.",
    "stl10": "100,000 photographs without labels, 96 x 96.",
    "celeb_a": "162,770 faces, 218 x 178.",
    "imagenet_resized": "1,281,167 photographs of 1,000 classes, 64 x 64; /32x32 and others for other sizes.",
    "imagenet2012": "1,281,167 photographs of 1,000 classes, of all sizes; files of your own account are needed.",
}
"""Datasets with names that need no prefix `tfds:`."""

_CONFIGS = {"imagenet_resized": "imagenet_resized/64x64"}
_SPLITS = {"stl10": "unlabelled"}
_PREFETCH = 64  # Images.
_NAME = re.compile(r"\w+(/[\w.-]+)?(:[\d.*]+)?")


def read_tfds(name, dataset, *, split=None, data_dir=None, download=False, attribute=()):
    """Returns a `Source` of the images of a split. Its function `open` raises InputError if files are damaged.

    Args:
      name: Name for messages.
      dataset: Name in TensorFlow Datasets, such as "cifar10" or "imagenet_resized/32x32".
      split: A split, such as "train", "train+test" or "train[:10%]". None takes "unlabelled" for stl10 and "train" for
        other datasets.
      data_dir: Folder of prepared datasets. None takes $TFDS_DATA_DIR or, without it, ~/tensorflow_datasets.
      download: Whether to download and prepare a dataset that is not there.
      attribute: Yes-or-no attributes that replace the label, such as "Male" of celeb_a. They are the binary digits of
        the class, most significant first.

    Raises:
      AbsentData: The dataset is not prepared. Its `shape` is that of the stored images.
      InputError: There is no such dataset, or it has no such split or no images.
      StorageError: The download or the writing failed.
    """
    os.environ.setdefault("NO_GCE_CHECK", "true")  # Otherwise the library checks for a Google machine by the network.
    import tensorflow_datasets as tfds

    builder = _builder(tfds, name, _CONFIGS.get(dataset, dataset), data_dir)
    letter = pattern_in(builder.data_dir)
    if letter is not None:
        folder = _root_of(builder)
        advice = "TensorFlow reads it as part of a pattern. Rename the folder, or name a link to it."
        raise ArgumentError("data_dir", str(folder), f"a path without {letter}", advice)
    image, label = _features(tfds, name, builder.info.features)
    if attribute:
        _check_attributes(name, builder.info.features, attribute)
    # is_prepared itself would fail for a missing folder.
    if not (builder.data_path.exists() and builder.is_prepared()):
        _prepare(name, builder, download, builder.info.features[image].shape)
    split = split or _SPLITS.get(builder.name, "train")
    try:
        files = builder.info.splits[split].file_instructions
    except (ValueError, KeyError) as error:
        splits = ", ".join(builder.info.splits)
        accepted = f"one of {splits} for {name}, a part of one such as train[:10%], or a sum such as train+test"
        raise ArgumentError("split", split, accepted) from error
    fingerprint = [builder.info.full_name, split, *attribute]
    for file in files:
        try:
            found = os.stat(file.filename)
        except OSError as error:
            raise InputError(_damaged(name, builder, f"{file.filename}: {error.strerror}")) from error
        fingerprint.append(f"{file.filename} {file.skip} {file.take} {found.st_size} {found.st_mtime_ns}")
    return Source(tuple(fingerprint), functools.partial(_contents, name, builder, split, image, label, attribute))


def _builder(tfds, name, dataset, data_dir):
    try:
        if not _NAME.fullmatch(dataset):
            raise tfds.core.DatasetNotFoundError(dataset)
        return tfds.builder(dataset, data_dir=None if data_dir is None else os.path.expanduser(data_dir))
    except tfds.core.DatasetNotFoundError as error:
        raise InputError(
            f"{name}: TensorFlow Datasets has no {dataset!r}; https://www.tensorflow.org/datasets/catalog lists what "
            "it has, and --data.data_dir may hold datasets of yours"
        ) from error
    except (ValueError, AssertionError) as error:  # There is no such configuration or version.
        reason = " ".join(str(error).split()).rpartition('}": ')[2]
        raise InputError(f"{name}: {reason.rstrip(': ')}") from error


def _features(tfds, name, features):
    """The names of the features of image and label. The label is None if there is none."""
    kinds = {key: type(feature) for key, feature in features.items()} if hasattr(features, "items") else {}
    images = [key for key, kind in kinds.items() if issubclass(kind, tfds.features.Image)]
    labels = [key for key, kind in kinds.items() if issubclass(kind, tfds.features.ClassLabel)]
    image = "image" if "image" in images else images[0] if len(images) == 1 else None
    if image is None or features[image].np_dtype != np.uint8:
        found = ", ".join(sorted(kinds)) or "unnamed"
        raise InputError(
            f"{name} has the features {found}; there must be one 8-bit image among them, or one called image"
        )
    return image, "label" if "label" in labels else labels[0] if len(labels) == 1 else None


def _check_attributes(name, features, wanted):
    attributes = dict(features).get("attributes", {})
    for attribute in wanted:
        if attribute not in attributes:
            accepted = f"made of {', '.join(sorted(attributes))}" if attributes else "left out, as there are none"
            raise ArgumentError("attribute", wanted, f"{accepted} for {name}")


def _prepare(name, builder, download, shape):
    root = _root_of(builder)
    if root.startswith("~"):
        raise AbsentData(
            f"{name}: there is no home folder, where {root} would be; name the folder of prepared datasets by "
            "--data.data_dir",
            shape,
        )
    manual = builder.MANUAL_DOWNLOAD_INSTRUCTIONS
    if not download:
        ways = "--data.download=true downloads and prepares it"
        if manual:
            ways += f" from files that you put into {os.path.join(root, 'downloads', 'manual')}"
        raise AbsentData(
            f"{name}: there is no {builder.info.full_name} in {root}; {ways}, or name the folder that holds it by "
            "--data.data_dir" + (f"\n{textwrap.dedent(manual).strip()}" if manual else ""),
            shape,
        )
    try:
        builder.download_and_prepare()
    except OSError as error:
        raise StorageError(f"{name} could not be downloaded and prepared in {root}: {error}") from error
    except Exception as error:  # The code of each dataset can raise any error.
        raise InputError(f"{name} could not be prepared in {root}: {error}") from error


def _root_of(builder):
    return builder.data_dir.removesuffix(builder.info.full_name).rstrip("/")


def _contents(name, builder, split, image, label, attributes):
    features = builder.info.features
    channels = 1 if features[image].shape[-1] == 1 else 3
    if attributes:
        digits = itertools.product((False, True), repeat=len(attributes))
        class_names = tuple(_named(attributes, has) for has in digits)
    else:
        class_names = () if label is None else tuple(features[label].names)
    count = builder.info.splits[split].num_examples
    return Contents(count, channels, class_names, _items(name, builder, split, image, label, attributes))


def _named(attributes, has):
    return ", ".join(name if yes else f"not {name}" for name, yes in zip(attributes, has, strict=True))


def _items(name, builder, split, image, label, attributes):
    import tensorflow as tf
    import tensorflow_datasets as tfds

    options = tf.data.Options()
    options.autotune.enabled = False  # The autotune thread would delay the end of the iteration.
    reading = tfds.ReadConfig(options=options, try_autocache=False, interleave_cycle_length=1, skip_prefetch=True)
    wanted = {image: True}
    if attributes:
        wanted["attributes"] = dict.fromkeys(attributes, True)
    elif label is not None:
        wanted[label] = True
    dataset = builder.as_dataset(
        split=split, read_config=reading, decoders=tfds.decode.PartialDecoding(wanted), shuffle_files=False
    )
    try:
        for row, example in enumerate(dataset.prefetch(_PREFETCH).as_numpy_iterator()):
            if attributes:
                number = int("".join(str(int(example["attributes"][name])) for name in attributes), 2)
            else:
                number = -1 if label is None else int(example[label])
            yield Item(f"image {row}", functools.partial(_image, example[image]), None if number < 0 else number)
    except tf.errors.OpError as error:
        reason = error.message.rpartition("}} ")[2].partition(" [Op:")[0]
        raise InputError(_damaged(name, builder, reason)) from error


def _damaged(name, builder, reason):
    return f"{name}: the prepared dataset is damaged ({reason}); delete {builder.data_dir} and prepare it again"


def _image(pixels):
    return Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels)
